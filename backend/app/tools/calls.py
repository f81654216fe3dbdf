"""The chat's way to the tools: a real MCP client, in memory, that acts for one caller."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from app.engines.protocol import ToolCall, ToolSpec
from app.tools.caller import Caller, calling

SECONDS_PER_CALL = 30.0
SDK_PREFIX = re.compile(r"^Error executing tool \w+(?:: |$)")
UNEXPECTED = "Something went wrong on our side, so this was not done."


@dataclass(frozen=True, slots=True)
class ToolResult:
    """`text` is what a model reads, `data` what a program does."""

    ok: bool
    text: str
    data: dict[str, Any]


class Client(Protocol):
    """As much of `mcp.Client` as is used here."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any] | None = None, read_timeout_seconds: float | None = None
    ) -> Any: ...

    async def list_tools(self) -> Any: ...


class ToolSession:
    """The tools, connected."""

    def __init__(self, client: Client, specs: list[ToolSpec]) -> None:
        self._client = client
        self.specs = specs

    async def call(self, call: ToolCall) -> ToolResult:
        """Runs one call; a wrong argument or a refused act is a result that says so, not an exception."""
        result = await self._client.call_tool(call.name, call.arguments, read_timeout_seconds=SECONDS_PER_CALL)
        text = "\n".join(block.text for block in result.content if getattr(block, "text", None))
        if result.is_error:
            reason = SDK_PREFIX.sub("", text) or UNEXPECTED
            return ToolResult(False, reason, {"error": reason})
        return ToolResult(True, text, dict(result.structured_content or {}))


class ToolBox:
    """The tools for any number of turns, over one connection: connecting costs more than a call.

    A call runs in the task of its turn, so each sees its own caller.
    """

    def __init__(self, connect: Callable[[], AbstractAsyncContextManager[Client]]) -> None:
        self._connect = connect
        self._client: Client | None = None
        self._specs: list[ToolSpec] | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Connected while this block runs."""
        async with self._connect() as self._client:
            yield
        self._client = None

    @asynccontextmanager
    async def session(self, caller: Caller) -> AsyncIterator[ToolSession]:
        """Tools that act for `caller`."""
        if self._client is None:
            raise RuntimeError("the tools are not connected: the application's lifespan does that")
        with calling(caller):
            if self._specs is None:
                listed = await self._client.list_tools()
                self._specs = [ToolSpec(t.name, t.description or "", t.input_schema) for t in listed.tools]
            yield ToolSession(self._client, self._specs)
