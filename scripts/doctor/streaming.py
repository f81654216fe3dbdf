"""Whether a chat's events pass the router one by one, measured on a chat."""

from __future__ import annotations

import http.client
import json
import time
from dataclasses import dataclass

from .application import NOT_RUNNING
from .check import Finding, Machine, check, fail, ok, skip

TRIES = 20  # a busy machine often delivers all events at once; a router that collects them always does
LONGEST = 2.0
"""Seconds for all tries; there are three at least."""
LEAVE_IT = "exclude text/event-stream from compression and buffering in the router"


@dataclass(frozen=True)
class Stream:
    """One answered chat: its head, its body in the pieces in which it came, seconds until the first of them."""

    status: int
    headers: http.client.HTTPMessage
    pieces: list[bytes]
    first: float

    @property
    def events(self) -> int:
        return b"".join(self.pieces).count(b"event: ")


@check("streaming")
def streaming(machine: Machine) -> Finding:
    """A chat's events must pass the router one by one; gzip or buffering holds them until the end."""
    if not machine.app_answers:
        return skip(NOT_RUNNING)
    begun, tries = time.monotonic(), 0
    broke: Exception | None = None
    while tries < 3 or (tries < TRIES and time.monotonic() - begun < LONGEST):
        tries += 1
        try:
            stream = _chat(machine)
        except (ConnectionError, http.client.HTTPException) as error:
            broke = error  # as one does whose pod is just replaced; the next one tells
            continue
        except OSError as error:
            return fail(f"a chat's stream broke: {error!r}", "look at the router's log")
        broke = None
        kind, encoding = stream.headers.get("Content-Type", ""), stream.headers.get("Content-Encoding")
        if not kind.startswith("text/event-stream"):
            return fail(f"the chat answers {stream.status} {kind} instead of a stream", "make logs PART=backend")
        if encoding:
            return fail(f"the router compresses it ({encoding})", LEAVE_IT)
        if stream.headers.get("Content-Length"):
            return fail("the router collects it (Content-Length is known)", LEAVE_IT)
        if len(stream.pieces) > 1:
            came = f"{stream.events} events in {len(stream.pieces)} pieces"
            return ok(f"{came}, the first after {stream.first * 1000:.0f} ms")
    if broke:
        return fail(f"a chat's stream broke, {tries} times: {broke!r}", "look at the router's log")
    return fail(f"the router collects it: {stream.events} events came in one piece, {tries} times", LEAVE_IT)


def _chat(machine: Machine) -> Stream:
    """Ask as a guest who is gone again afterwards. Raises OSError or HTTPException when the stream breaks."""
    connection = http.client.HTTPConnection("127.0.0.1", machine.port, timeout=3)
    headers = {"Content-Type": "application/json", "Accept": "text/event-stream", "Accept-Encoding": "gzip"}
    started = time.monotonic()
    try:
        connection.request("POST", "/api/chat", json.dumps({"message": "list my tasks"}), headers)
        answer = connection.getresponse()
        pieces = [answer.read1()]
        first = time.monotonic() - started
        while piece := answer.read1():
            pieces.append(piece)
        if cookie := (answer.getheader("Set-Cookie") or "").partition(";")[0]:
            connection.request("DELETE", "/api/me", headers={"Cookie": cookie})
            connection.getresponse().read()
        return Stream(answer.status, answer.headers, pieces, first)
    finally:
        connection.close()
