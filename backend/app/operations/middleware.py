"""Around every request: its id, its log line, its metrics, its limits, and the last catch for errors."""

import re
import secrets
import time

import structlog
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.operations import metrics
from app.operations.errors import from_http, respond
from app.operations.problems import Unexpected

QUIET = frozenset({"/health", "/ready", "/metrics", "/api/health"})  # asked all day by machines
BIG_BODIES = frozenset({"/api/import"})
_GIVEN_ID = re.compile(r"[\w-]{8,64}", re.ASCII)
log = structlog.get_logger("todo.requests")


def is_probe(scope: Scope) -> bool:
    """Whether nobody wants to read of it: neither in the log nor in a trace."""
    return scope["path"] in QUIET


class RequestContext:
    """Pure ASGI, so that streams pass unbuffered."""

    def __init__(self, app: ASGIApp, *, max_body_bytes: int, max_import_bytes: int) -> None:
        self.app = app
        self.max_body_bytes = max_body_bytes
        self.max_import_bytes = max_import_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        given = request.headers.get("x-request-id", "")
        scope["request_id"] = given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
        structlog.contextvars.bind_contextvars(request_id=scope["request_id"])
        answer = _Answer(scope, send)
        started = time.perf_counter()
        with metrics.in_progress.track_inprogress():
            try:
                await self._run(request, receive, answer)
            finally:
                _record(scope, answer.status, time.perf_counter() - started)
                structlog.contextvars.clear_contextvars()

    async def _run(self, request: Request, receive: Receive, answer: "_Answer") -> None:
        scope = request.scope
        limit = self.max_import_bytes if scope["path"] in BIG_BODIES else self.max_body_bytes
        try:
            if request.headers.get("content-length", "0").isdecimal() and (
                int(request.headers.get("content-length", "0")) > limit
            ):
                raise _too_large(limit)
            await self.app(scope, _counted(receive, limit), answer)
        except Exception as error:
            if answer.status:
                raise  # the answer has begun: the connection must break, or half would pass for the whole
            await self._last_catch(request, error, receive, answer)

    async def _last_catch(self, request: Request, error: Exception, receive: Receive, answer: "_Answer") -> None:
        if isinstance(error, HTTPException):
            problem = from_http(error)
        else:
            log.error("unexpected_error", exc_info=error)
            problem = Unexpected("Something went wrong on our side; the request id finds it in the logs.")
        await respond(request, problem)(request.scope, receive, answer)


class _Answer:
    """Sends, and adds the headers that every answer has."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.scope = scope
        self.send = send
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = self.scope["request_id"]
            headers["X-Content-Type-Options"] = "nosniff"
            if self.scope["path"].startswith("/api/"):
                headers.setdefault("Cache-Control", "no-store")
            if cookie := self.scope.get("set_cookie"):
                headers.append("Set-Cookie", cookie)
        await self.send(message)


def _counted(receive: Receive, limit: int) -> Receive:
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise _too_large(limit)
        return message

    return counted


def _too_large(limit: int) -> HTTPException:
    return HTTPException(413, f"The body may have at most {limit} bytes.")


def _record(scope: Scope, status: int, duration: float) -> None:
    metrics.observe(scope, status or 499, duration)
    identity = scope.get("identity")
    level = "debug" if is_probe(scope) else "info"
    getattr(log, level)(
        "request",
        method=scope["method"],
        route=metrics.route_template(scope),
        status=status or 499,
        milliseconds=round(duration * 1000, 2),
        identity=identity.digest if identity else None,
    )
