"""Keyset cursors: where a page ended, signed, so that nobody can ask for a place that was never given out."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from app.db.types import EPOCH, micros
from app.operations.problems import Unprocessable

SIGNATURE_BYTES = 12


def encode(query: str, now: datetime, key: Any, number: int, secret: str, *, moment: bool) -> str:
    """A cursor behind the row with this sort key, for the query that `query` names.

    The key of a list by `moment` is a datetime, or microseconds as SQLite keeps it.
    """
    row = [_digest(query), micros(now), moment, micros(key) if isinstance(key, datetime) else key, number]
    payload = json.dumps(row, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_signature(payload, secret) + payload).rstrip(b"=").decode()


def decode(cursor: str, query: str, secret: str) -> tuple[datetime, Any, int]:
    """When the first page was read, the sort key and the number of the last row. Raises Unprocessable."""
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except ValueError:
        raw = b""
    signature, payload = raw[:SIGNATURE_BYTES], raw[SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _signature(payload, secret)):
        raise Unprocessable("The cursor is not one that this API gave out; start again without it.")
    digest, now, moment, key, number = json.loads(payload)
    if digest != _digest(query):
        raise Unprocessable("The cursor belongs to a list with other filters; start again without it.")
    return _moment(now), _moment(key) if moment else key, number


def fingerprint(parts: Sequence[Any]) -> str:
    """Names a query by everything that shapes its list."""
    return json.dumps(parts, default=str)


def _digest(query: str) -> str:
    return hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _signature(payload: bytes, secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"cursor\0" + payload, hashlib.sha256)[:SIGNATURE_BYTES]


def _moment(number: int) -> datetime:
    return EPOCH + timedelta(microseconds=number)
