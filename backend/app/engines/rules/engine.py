"""The engine that needs no model: verbs, references and the quick-add grammar."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from app.engines.protocol import Briefing, Delta, Focus, Message, TextDelta, ToolCall, ToolSpec
from app.engines.rules.answers import answer
from app.engines.rules.interpretation import OWN, Say, interpret, tool_call
from app.engines.rules.phrases import say
from app.engines.rules.reading import UNKNOWN, Command, read
from app.engines.rules.references import read_choice

READING = "list_tasks"


class Rules:
    """Understands a fixed set of sentences and emits the same tool calls as a model."""

    kind = "rules"
    model: str | None = None

    async def close(self) -> None: ...

    async def stream(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec], briefing: Briefing
    ) -> AsyncIterator[Delta]:
        """Calls first, then, when their results are in the messages, the answer.

        What another engine already did in this turn is told, not done again.
        """
        sentence, since = _last_turn(messages)
        command = read(sentence, briefing.now)
        ran = [(call, result) for call, result in _results(since) if _counts(call, result.data or {})]
        wanted = _answered_question(sentence, command, briefing.focus) or interpret(command, sentence, briefing)
        if isinstance(wanted, Say):
            text = "" if ran else say(wanted.phrase, command.language)
            yield TextDelta(text or _answers(ran, command))
            return
        known = {tool.name for tool in tools}
        if not _is_answered(ran, wanted):
            for call in wanted:
                if call.name in known:
                    yield call
            if any(call.name in known for call in wanted):
                return
            yield TextDelta(say("unknown", command.language))
            return
        yield TextDelta(_answers(ran, command))


def _last_turn(messages: Sequence[Message]) -> tuple[str, Sequence[Message]]:
    """The sentence that is being answered and everything after it."""
    for index in range(len(messages) - 1, -1, -1):
        if messages[index].role == "user":
            return messages[index].text, messages[index + 1 :]
    return "", ()


def _results(messages: Sequence[Message]) -> list[tuple[ToolCall, Message]]:
    calls = {call.id: call for message in messages for call in message.tool_calls}
    return [
        (calls[message.tool_call_id], message)
        for message in messages
        if message.role == "tool" and message.tool_call_id in calls
    ]


def _counts(call: ToolCall, data: dict[str, Any]) -> bool:
    """Another engine's call that failed did nothing, so the wish is still open; one of ours is told as it went."""
    if call.id.startswith(OWN):
        return True
    return "error" not in data and (call.name == READING or bool(data.get("tasks") or data.get("plan")))


def _is_answered(ran: list[tuple[ToolCall, Message]], wanted: list[ToolCall]) -> bool:
    """A listing answers a wish for a listing; any act that ran answers a wish for acts."""
    if not ran:
        return False
    return all(call.name == READING for call in wanted) or any(call.name != READING for call, _ in ran)


def _answers(ran: list[tuple[ToolCall, Message]], command: Command) -> str:
    summary = command.act == "summarise"
    shown = [pair for pair in ran if pair[0].name != READING] or ran[-1:]
    texts = [
        answer(call.name, call.arguments, result.data or {}, command.language, summary=summary)
        for call, result in shown
    ]
    return "\n".join(dict.fromkeys(text for text in texts if text))


def _answered_question(sentence: str, command: Command, focus: Focus) -> list[ToolCall] | None:
    """ "The second one", or its name, after "Which one?"; what makes sense by itself is no answer."""
    question = focus.question
    if not question:
        return None
    chosen = read_choice(sentence, question["choices"], question.get("titles", ()) if command.act == UNKNOWN else ())
    if chosen is None:
        return None
    arguments = {**question["arguments"], "tasks": [chosen]}
    return [tool_call(question["name"], **arguments)]
