"""What a client may write on the wire: no request reaches the backend that the router did not see as one."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import suppress

import httpx2
import pytest

from tests.hostile.served import Served, served

HOST = b"Host: localhost\r\n"
TASK = b'{"title":"x"}'
HIDDEN = (
    b"GET /hidden HTTP/1.1\r\n" + HOST + b"\r\n"
)  # which the router gives to the page, and the backend does not know
LAST = b"GET /api/health HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(TASK)


def post(headers: bytes, body: bytes) -> bytes:
    return b"POST /api/tasks HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n" + headers + b"\r\n" + body


def chunk(body: bytes, size: bytes = b"", end: bytes = b"\r\n") -> bytes:
    return (size or b"%x" % len(body)) + end + body + end + b"0" + end + end


# https://portswigger.net/web-security/request-smuggling and RFC 9112, sections 2.2, 5.2, 6.3 and 7.1.
AMBIGUOUS = {
    "CL.TE": post(b"Content-Length: %d\r\n" % (len(HIDDEN) + 5) + CHUNKED, b"0\r\n\r\n" + HIDDEN),
    "TE.CL": post(CHUNKED + b"Content-Length: 4\r\n", chunk(HIDDEN)),
    "TE.TE": post(CHUNKED + b"Transfer-Encoding: x\r\n", chunk(TASK) + HIDDEN),
    "an encoding that is none": post(b"Transfer-Encoding: xchunked\r\n" + LENGTH, TASK + HIDDEN),
    "a blank before the colon": post(b"Transfer-Encoding : chunked\r\n" + LENGTH, TASK + HIDDEN),
    "a control character in the encoding": post(b"Transfer-Encoding: \x0bchunked\r\n" + LENGTH, TASK + HIDDEN),
    "two lengths": post(LENGTH + b"Content-Length: 0\r\n", TASK + HIDDEN),
    "the same length twice": post(LENGTH * 2, TASK + HIDDEN),
    "a length with a sign": post(b"Content-Length: +13\r\n", TASK + HIDDEN),
    "a list of lengths": post(b"Content-Length: 13, 13\r\n", TASK + HIDDEN),
    "a negative length": post(b"Content-Length: -1\r\n", TASK + HIDDEN),
    "a folded header": post(b"X: y\r\n Transfer-Encoding: chunked\r\n" + LENGTH, TASK + HIDDEN),
    "a folded encoding": post(b"Transfer-Encoding:\r\n chunked\r\n", chunk(TASK) + HIDDEN),
    "bare LF everywhere": post(LENGTH, b"").replace(b"\r\n", b"\n") + TASK + HIDDEN,
    "bare LF in a header": post(b"X: y\n" + CHUNKED + LENGTH, TASK + HIDDEN),
    "bare CR in a header": post(b"X: y\r" + CHUNKED + LENGTH, TASK + HIDDEN),
    "NUL in a header": post(b"X: y\0\r\n" + LENGTH, TASK + HIDDEN),
    "LF in a chunk's extension": post(CHUNKED, chunk(TASK, b"d;a\nb") + HIDDEN),
    "a chunk that is too long to count": post(CHUNKED, chunk(TASK, b"f" * 17) + HIDDEN),
    "a negative chunk": post(CHUNKED, chunk(TASK, b"-d") + HIDDEN),
    "a chunk shorter than it says": post(CHUNKED, chunk(TASK, b"3") + HIDDEN),
    "chunks that end in LF": post(CHUNKED, chunk(TASK, end=b"\n") + HIDDEN),
}
PATHS = (
    "/metrics", "/ready", "/api/../metrics", "/api/%2e%2e/metrics", "/api/..%2fmetrics", "/api/..;/metrics",
    "/api/%252e%252e/metrics", "//metrics", "/api/x/../../metrics", "/API/tasks", "/api%2ftasks", "/api\\..\\metrics",
    "/api/tasks/..%00", "/api/tasks/../../../etc/passwd", "/apix",
)  # fmt: skip


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("served"), RATE_LIMIT="100/minute") as running:
        yield running


def answers(port: int, sent: bytes) -> tuple[list[int], bytes]:
    """The statuses that come back until the server closes, and all of it. Fails when it is silent for five seconds."""
    got = b""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(sent)
        with suppress(ConnectionResetError):
            while piece := line.recv(65536):
                got += piece
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", got)], got


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_a_request_that_can_be_read_in_two_ways_is_refused_or_read_as_the_router_does(name: str, at: Served) -> None:
    before = at.strays()
    through, _ = answers(at.port, AMBIGUOUS[name] + LAST)
    assert through
    straight, _ = answers(at.backend, AMBIGUOUS[name] + LAST)
    assert straight == [400], "the backend itself reads it in no way"
    assert at.strays() == before, "the backend was sent a request that the router took for a body"
    status, body = answers(at.port, LAST)
    assert (status, body[-15:]) == ([200], b'{"status":"ok"}'), "the next one was given somebody else's answer"


def test_a_hidden_request_would_be_noticed(at: Served) -> None:
    before = at.strays()
    assert answers(at.backend, HIDDEN + LAST)[0] == [404, 200]
    assert at.strays() == before + 1


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_out_of_api(path: str, at: Served) -> None:
    before = len(at.pages)
    [status], body = answers(at.port, f"GET {path} HTTP/1.1\r\n".encode() + HOST + b"Connection: close\r\n\r\n")
    assert len(at.pages) == before + 1 or status in (404, 422)
    for secret in (b"todo_http_requests", b'"ready"', b"root:"):
        assert secret not in body


def test_forwarded_headers_of_a_client_change_neither_its_address_nor_the_cookie(at: Served) -> None:
    """A newcomer is counted by address: whoever could say another one each time would never be stopped."""
    with httpx2.Client(base_url=at.url) as client:
        for number in range(120):
            told = f"10.0.{number}.1"
            forged = {
                "X-Forwarded-For": told,
                "X-Real-IP": told,
                "Forwarded": f"for={told}",
                "X-Forwarded-Proto": "https",
            }
            answer = client.post("/api/tasks", json={"title": "x"}, headers=forged)
            client.cookies.clear()
            if answer.status_code == 429:
                break
            assert "Secure" not in answer.headers["set-cookie"]
    assert answer.status_code == 429


def test_a_host_that_is_made_up_stands_in_no_answer(at: Served) -> None:
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil"}
    with httpx2.Client(base_url=at.url) as client:
        for path in ("/api/meta", "/api/tasks/", "/api/docs", "/api/openapi.json", "/api/nowhere", "/api/mcp"):
            answer = client.get(path, headers=forged)
            assert "evil" not in answer.text + str(answer.headers), path
