"""Tool calls arrive in pieces: a name here, five characters of arguments there. This puts them together."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

from app.engines.protocol import EngineFailure, ToolCall
from app.engines.wire import read_object

MAX_ARGUMENTS = 200_000
MAX_CALLS = 64


@dataclass
class _Call:
    id: str
    name: str = ""
    arguments: str = ""


class Fragments:
    """Pieces by index. Servers that send none, or 0 for every call, begin a new call with every new id."""

    def __init__(self, known: set[str]) -> None:
        self._known = known
        self._calls: list[_Call] = []
        self._open: dict[int | None, _Call] = {}  # by index, the call that its next piece belongs to

    def add(self, piece: dict[str, Any]) -> None:
        function, identity = piece.get("function") or {}, str(piece.get("id") or "")
        index = piece["index"] if isinstance(piece.get("index"), int) else None
        call = self._open.get(index)
        if call is None or (identity and identity != call.id and (function.get("name") or index is None)):
            call = self._open[index] = _Call(identity)
            self._calls.append(call)
        call.id = call.id or identity
        call.name = call.name or str(function.get("name") or "")
        arguments = function.get("arguments")
        call.arguments += json.dumps(arguments) if isinstance(arguments, dict) else str(arguments or "")
        if len(call.arguments) > MAX_ARGUMENTS or len(self._calls) > MAX_CALLS:
            raise EngineFailure("malformed", "The model's answer was too long to act on.")

    def calls(self) -> list[ToolCall]:
        """The complete calls in order, each id made unique; raises EngineFailure when one makes no sense."""
        seen: set[str] = set()
        calls = []
        for call in self._calls:
            if call.name not in self._known:
                raise EngineFailure("unknown_tool", "The model asked for something that does not exist.")
            identity = call.id if call.id and call.id not in seen else f"call_{uuid.uuid4().hex[:12]}"
            seen.add(identity)
            calls.append(ToolCall(identity, call.name, read_object(call.arguments or "{}")))
        return calls
