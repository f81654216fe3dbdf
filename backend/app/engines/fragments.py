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
    """Pieces by index; servers that send no index begin a new call with every new id."""

    def __init__(self, known: set[str]) -> None:
        self._known = known
        self._calls: dict[int, _Call] = {}

    def add(self, piece: dict[str, Any]) -> None:
        call = self._calls.setdefault(self._index(piece), _Call(str(piece.get("id") or "")))
        function = piece.get("function") or {}
        call.id = call.id or str(piece.get("id") or "")
        call.name += str(function.get("name") or "") if not call.name else ""
        arguments = function.get("arguments")
        call.arguments += json.dumps(arguments) if isinstance(arguments, dict) else str(arguments or "")
        if len(call.arguments) > MAX_ARGUMENTS or len(self._calls) > MAX_CALLS:
            raise EngineFailure("malformed", "The model's answer was too long to act on.")

    def calls(self) -> list[ToolCall]:
        """The complete calls in order, each id made unique; raises EngineFailure when one makes no sense."""
        seen: set[str] = set()
        calls = []
        for _, call in sorted(self._calls.items()):
            if call.name not in self._known:
                raise EngineFailure("unknown_tool", "The model asked for something that does not exist.")
            identity = call.id if call.id and call.id not in seen else f"call_{uuid.uuid4().hex[:12]}"
            seen.add(identity)
            calls.append(ToolCall(identity, call.name, read_object(call.arguments or "{}")))
        return calls

    def _index(self, piece: dict[str, Any]) -> int:
        index = piece.get("index")
        if isinstance(index, int):
            return index
        last = max(self._calls, default=-1)
        begins = last < 0 or (piece.get("id") and piece["id"] != self._calls[last].id)
        return last + 1 if begins else last
