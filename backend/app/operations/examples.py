"""Examples in the API's description: a test checks each against the schema that it stands beside."""

import json
from typing import Any

from fastapi import FastAPI

PACKED = "x-packed"


def shows(example: Any, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """What a route answers when all is well, for its `responses`."""
    return {status: {"content": {"application/json": packed(example)}}}


def packed(example: Any) -> dict[str, Any]:
    """As text, since FastAPI leaves each null out of its schema, also where a body has to have one."""
    return {"example": {PACKED: json.dumps(example)}}


class DescribedApi(FastAPI):
    """An application whose schema shows its examples whole."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            for operations in super().openapi()["paths"].values():
                for operation in operations.values():
                    for answer in operation["responses"].values():
                        _unpack(answer.get("content", {}))
        return super().openapi()


def _unpack(content: dict[str, Any]) -> None:
    for body in content.values():
        example = body.get("example")
        if isinstance(example, dict) and PACKED in example:
            body["example"] = json.loads(example[PACKED])
