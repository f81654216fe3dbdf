"""Turns every error into a problem: ours, FastAPI's, Starlette's, the database's and the unexpected."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from app.operations.problems import (
    MEDIA_TYPE,
    Conflict,
    FieldError,
    Problem,
    Unavailable,
    Unexpected,
    Unprocessable,
)

RETRY_AFTER_SECONDS = 2
log = structlog.get_logger("todo.errors")
Handler = Callable[[Request, Exception], Awaitable[Response]]


def install_error_handlers(app: FastAPI) -> None:
    def handle(kind: type[Exception], translate: Callable[[Any], Problem]) -> None:
        async def handler(request: Request, error: Exception) -> Response:
            problem = translate(error)
            if problem.status >= 500:
                _report(request, problem, error)
            return respond(request, problem)

        app.add_exception_handler(kind, handler)

    handle(Problem, lambda problem: problem)
    handle(RequestValidationError, lambda error: invalid(error.errors()))
    handle(HTTPException, from_http)
    handle(UnicodeEncodeError, lambda _: Unprocessable("The text holds half a character (a lone surrogate)."))
    handle(StaleDataError, lambda _: Conflict("Somebody changed this at the same moment; read it again and retry."))
    handle(PoolTimeout, lambda _: unavailable("All database connections are busy; try again in a moment."))
    handle(DBAPIError, from_database)
    handle(OSError, lambda _: unavailable("A resource of the server cannot be reached; try again in a moment."))
    handle(Exception, lambda _: Unexpected("Something went wrong on our side; the request id finds it in the logs."))


def respond(request: Request, problem: Problem) -> Response:
    body = problem.body(instance=request.url.path, request_id=request.scope.get("request_id", ""))
    return JSONResponse(body, problem.status, problem.headers, MEDIA_TYPE)


def invalid(errors: Sequence[Any]) -> Problem:
    """What is wrong with the request, without repeating it: its values may be secret, or not even text."""
    found = [
        FieldError(
            location=".".join(str(part) for part in error["loc"]).encode("ascii", "backslashreplace").decode()[:200],
            message=error["msg"].removeprefix("Value error, ").encode("utf-8", "backslashreplace").decode(),
            type=error["type"],
        )
        for error in errors[:50]
    ]
    first = f"{found[0].location}: {found[0].message}" if found else "It cannot be read."
    return Unprocessable(first, errors=found)


def from_http(error: HTTPException) -> Problem:
    problem = Problem(str(error.detail), headers=dict(error.headers or {}))
    problem.status, problem.title, problem.slug = error.status_code, str(error.detail), f"http-{error.status_code}"
    return problem


def unavailable(detail: str) -> Problem:
    return Unavailable(detail, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})


def from_database(error: DBAPIError) -> Problem:
    """Tells a database that is away, full, locked or not migrated from a query of ours that is wrong."""
    reason = str(error.orig).lower()
    if "no such table" in reason or "undefinedtable" in type(error.orig).__name__.lower():
        return unavailable("The database has not been migrated yet: run `python -m app.db.migrate`.")
    for sign, detail in _DATABASE_SIGNS.items():
        if sign in reason:
            return unavailable(detail)
    if "unique constraint" in reason or "deadlock detected" in reason:
        return Conflict("Somebody stored the same at this moment; try again.")
    if any(sign in reason for sign in _NUL_SIGNS):
        return Unprocessable("The text holds a NUL character, which cannot be kept.")
    if isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated:
        return unavailable("The database cannot be reached; try again in a moment.")
    return Unexpected("Something went wrong on our side; the request id finds it in the logs.")


_NUL_SIGNS = ("nul (0x00) bytes", "\\u0000 cannot be converted")  # PostgreSQL's, in text and in JSON
_DATABASE_SIGNS = {
    "database is locked": "The database is busy; try again in a moment.",
    "disk is full": "The database's disk is full; nothing was saved.",
    "no space left": "The database's disk is full; nothing was saved.",
    "disk i/o error": "The database's disk cannot be used; nothing was saved.",  # also a quota that is used up
    "readonly database": "The database can be read but not written; nothing was saved.",
    "read-only transaction": "The database can be read but not written; nothing was saved.",
    "too many connections": "The database has no connection left; try again in a moment.",
    "too many clients": "The database has no connection left; try again in a moment.",
    "connection slots are reserved": "The database has no connection left; try again in a moment.",
}


def _report(request: Request, problem: Problem, error: Exception) -> None:
    if isinstance(problem, Unavailable):
        log.warning("unavailable", detail=problem.detail, reason=str(getattr(error, "orig", error))[:500])
        readiness = getattr(request.app.state, "readiness", None)
        if readiness is not None:
            readiness.doubt()
    else:
        log.error("unexpected_error", exc_info=error)
