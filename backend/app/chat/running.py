"""One turn from its message to its last event."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import structlog

from app.chat.events import Live
from app.chat.focus import after_tool
from app.chat.history import answered, dump
from app.chat.links import LinkGuard
from app.chat.prompt import system_prompt
from app.chat.scope import Scope
from app.engines.protocol import (
    Briefing,
    ChatEngine,
    EngineFailure,
    Focus,
    Message,
    TextDelta,
    ToolCall,
    ToolSpec,
    Usage,
)
from app.operations.problems import Unexpected
from app.tools.caller import Caller
from app.tools.calls import ToolBox, ToolResult, ToolSession

log = structlog.get_logger()

MOST_STEPS = 6
MOST_CHARACTERS = 100_000
APOLOGY = "Something went wrong on our side. What was done so far is kept."


class TurnRunner:
    """Streams the engine, runs its tool calls, and hands the turn to the rule engine when the engine fails."""

    def __init__(
        self,
        live: Live,
        *,
        caller: Caller,
        tools: ToolBox,
        engine: ChatEngine,
        fallback: ChatEngine,
        message: str,
        history: Sequence[Message],
        tainted: bool,
        briefing: Briefing,
        deadline: float,
    ) -> None:
        self.live, self.caller, self.tools = live, caller, tools
        self.engine, self.fallback = engine, fallback
        self.focus: Focus = replace(briefing.focus, plans=())
        self.produced: list[Message] = []
        self.answer = ""
        self.notices: list[dict[str, Any]] = []
        self.usage: dict[str, int] = {}
        self.latencies: dict[str, float] = {}
        self.message, self._history, self.briefing = message, history, briefing
        self._deadline = deadline
        self._begun = time.monotonic()
        self._guard = LinkGuard()
        self._call_ids: set[str] = set()
        self.scope = Scope(message, briefing.now, briefing.focus)
        self.scope.tainted = tainted
        caller.gate = self.scope

    async def run(self, shortcut: Callable[[Self], Awaitable[bool]]) -> str:
        """The turn's final state: done, stopped or failed. Every event but the last has been emitted by then.

        No engine is asked when `shortcut` has dealt with the message.
        """
        for text in (self.message, *(entry.text for entry in self._history)):
            self._guard.trust(text)
        try:
            async with asyncio.timeout(self._deadline):
                if not await shortcut(self):
                    await self._steps()
            return "done"
        except TimeoutError:
            self.notice("deadline", "This took too long, so it was stopped. What was done so far is kept.")
            return "done"
        except asyncio.CancelledError:
            self.notice("stopped", "Stopped. What was done so far is kept.")
            return "stopped"
        except EngineFailure as failure:
            self._error(failure.text)
            return "failed"
        except Exception:
            log.exception("turn_failed", turn=str(self.live.turn_id))
            self._error(APOLOGY)
            return "failed"

    async def _steps(self) -> None:
        async with AsyncExitStack() as stack:
            session = await stack.enter_async_context(self.tools.session(self.caller))
            for _ in range(MOST_STEPS):
                calls = await self._step(session.specs)
                if not calls:
                    return
                for call in calls:
                    await self._call(session, call)
        self.notice("step_limit", f"This needed more than {MOST_STEPS} steps, so it was stopped here.")

    async def _step(self, specs: Sequence[ToolSpec]) -> list[ToolCall]:
        """One answer of the engine; of the rule engine when the engine fails, once."""
        self.scope.trusted_engine = self.engine is self.fallback
        text: list[str] = []
        calls: list[ToolCall] = []
        try:
            await self._listen(specs, text, calls)
            if not (calls or self.answer.strip() or self.scope.trusted_engine):
                raise EngineFailure("malformed", "The model's answer was empty.")
        except EngineFailure as failure:
            if self.engine is self.fallback:
                raise
            self._keep(text, [])
            if text:
                self.say("\n\n")
            self._hand_over(failure)
            return await self._step(specs)
        calls = [self._named_once(call) for call in calls]
        self._keep(text, calls)
        return calls

    def _hand_over(self, failure: EngineFailure) -> None:
        """To the rule engine, for the rest of the turn; said with the time at which the model may be asked again."""
        self.engine = self.fallback
        if failure.retry_after is None:
            self.notice(failure.code, f"{failure.text} The built-in assistant answers instead.")
            return
        seconds = time.monotonic() - self._begun + failure.retry_after
        at = (self.briefing.now + timedelta(seconds=seconds, minutes=1)).replace(second=0, microsecond=0)
        text = f"{failure.text} The built-in assistant answers instead, until {at:%H:%M}."
        self.notice(failure.code, text, retry_at=at.isoformat())

    def _named_once(self, call: ToolCall) -> ToolCall:
        """Some servers count their calls anew in every answer; here an id means one call of the turn."""
        if call.id in self._call_ids:
            call = replace(call, id=f"{call.id}_{len(self._call_ids)}")
        self._call_ids.add(call.id)
        return call

    async def _listen(self, specs: Sequence[ToolSpec], text: list[str], calls: list[ToolCall]) -> None:
        messages = [*self._system(), *self._history, Message("user", self.message), *self.produced]
        begun = time.monotonic()
        stream = self.engine.stream(messages, specs, self.briefing)
        try:
            async for delta in stream:
                self.latencies.setdefault("first_delta", round(time.monotonic() - self._begun, 4))
                match delta:
                    case TextDelta(piece):
                        self._say(self._guard.feed(piece) if not self.scope.trusted_engine else piece, text)
                        if len(self.answer) > MOST_CHARACTERS:
                            self.notice("too_long", "The answer was longer than can be shown, so it was cut.")
                            calls.clear()
                            return
                    case ToolCall():
                        calls.append(delta)
                    case Usage(read, written):
                        self.usage["input_tokens"] = self.usage.get("input_tokens", 0) + read
                        self.usage["output_tokens"] = self.usage.get("output_tokens", 0) + written
        finally:
            self._say(self._guard.close(), text)
            close = getattr(stream, "aclose", None)
            if close is not None:
                await close()
            self.latencies["engine"] = round(self.latencies.get("engine", 0) + time.monotonic() - begun, 4)

    def _say(self, piece: str, text: list[str]) -> None:
        if piece:
            text.append(piece)
            self.answer += piece
            self.live.emit("text", delta=piece)

    def say(self, text: str) -> None:
        """An answer that no engine wrote."""
        self._say(text, [])

    def _keep(self, text: list[str], calls: list[ToolCall]) -> None:
        if text or calls:
            self.produced.append(Message("assistant", "".join(text), tuple(calls)))

    async def _call(self, session: ToolSession, call: ToolCall) -> None:
        self.live.emit("tool_call", id=call.id, name=call.name, arguments=call.arguments)
        begun = time.monotonic()
        running = asyncio.ensure_future(session.call(call))
        try:
            self._heard(call, await asyncio.shield(running), begun)
        except asyncio.CancelledError:
            # What has begun is finished: of half an act nobody could say what it did, or take it back.
            self._heard(call, await running, begun)
            raise

    def _heard(self, call: ToolCall, result: ToolResult, begun: float) -> None:
        self.latencies["tools"] = round(self.latencies.get("tools", 0) + time.monotonic() - begun, 4)
        self.produced.append(Message("tool", result.text, tool_call_id=call.id, name=call.name, data=result.data))
        self.live.emit("tool_result", id=call.id, name=call.name, ok=result.ok, text=result.text, data=result.data)
        if (plan := result.data.get("plan")) and plan["plan_id"] not in self.focus.plans:
            self.live.emit("plan", **plan)
        self._guard.trust(result.text)
        self.scope.tainted = True
        self.scope.saw([str(task["id"]) for task in result.data.get("tasks", ()) if task.get("id")])
        self.focus = after_tool(self.focus, call, result.data)

    def _system(self) -> list[Message]:
        return [Message("system", system_prompt(self.briefing.now, self.briefing.time_zone, self.briefing.focus))]

    def notice(self, code: str, text: str, **more: str) -> None:
        self.notices.append({"code": code, "text": text, **more})
        self.live.emit("notice", code=code, text=text, **more)

    def _error(self, text: str) -> None:
        self.live.emit("error", problem=Unexpected(text).body(instance="/api/chat"))

    def stored(self) -> dict[str, Any]:
        """The columns of the turn that are known at its end."""
        return {
            "answer": self.answer,
            "engine": self.engine.kind,
            "model": self.engine.model,
            "messages": [dump(message) for message in answered(self.produced)],
            "notices": self.notices,
            "latencies": {**self.latencies, "total": round(time.monotonic() - self._begun, 4)},
            "usage": self.usage or None,
            "undo_token": self.caller.undo_token if self.caller.changed else None,
            "finished_at": datetime.now(UTC),
            "heartbeat_at": datetime.now(UTC),
        }
