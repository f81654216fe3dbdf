"""What a model's server sends, read without trusting it: lines that end, and objects that can be stored and sent on."""

from __future__ import annotations

import json
import math
import re
from collections.abc import AsyncIterator
from typing import Any

from app.engines.protocol import EngineFailure

LONGEST_LINE = 1 << 20
DEEPEST = 50
_END = re.compile(rb"\r\n|\n|\r")


async def lines(pieces: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """The lines of an event stream; raises EngineFailure for one of more than LONGEST_LINE bytes.

    Only CR and LF end a line there. `str.splitlines` also splits at U+2028 and others, which may stand in JSON.
    """
    rest = bytearray()
    async for piece in pieces:
        rest += piece
        if b"\n" in piece or b"\r" in piece:
            *whole, last = _END.split(rest)
            for line in whole:
                yield line.decode("utf-8", "replace")
            rest = bytearray(last)
        if len(rest) > LONGEST_LINE:
            raise EngineFailure("malformed", "The model's answer could not be read.")
    yield rest.decode("utf-8", "replace")


def read_object(text: str) -> dict[str, Any]:
    """The JSON object of this text; raises EngineFailure when it is none, or too deep, or holds no finite number.

    A NUL and half a character are legal in JSON, but no database takes the one and no stream the other.
    """
    try:
        value = _storable(json.loads(text), DEEPEST)
        if not isinstance(value, dict):
            raise ValueError("not an object")
    except (ValueError, RecursionError) as error:
        raise EngineFailure("malformed", "The model's answer could not be read.") from error
    return value


def _storable(value: Any, depth: int) -> Any:
    if depth == 0:
        raise ValueError("too deep")
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not a finite number")
    if isinstance(value, list):
        return [_storable(item, depth - 1) for item in value]
    if isinstance(value, dict):
        return {_storable(name, depth - 1): _storable(item, depth - 1) for name, item in value.items()}
    return value
