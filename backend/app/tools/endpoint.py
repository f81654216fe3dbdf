"""The MCP server over HTTP: stateless, so that any replica answers, and only with a personal API token."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app.config import Settings
from app.identity import Identity, verify_token
from app.operations.problems import MEDIA_TYPE, Unauthorized
from app.tasks.due import zone
from app.tools.caller import Caller, calling
from app.tools.server import TodoServer

PATH = "/api/mcp"


class McpEndpoint:
    """ASGI: who calls is found out here, before any MCP message is read."""

    def __init__(self, server: TodoServer) -> None:
        self._server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        identity = await _identity(request)
        if identity is None:
            problem = Unauthorized("Send a personal API token: Authorization: Bearer todo_…")
            body = problem.body(instance=PATH, request_id=str(scope.get("request_id", "")))
            response = JSONResponse(body, 401, {"WWW-Authenticate": "Bearer"}, media_type=MEDIA_TYPE)
            return await response(scope, receive, send)
        secret = request.app.state.settings.secret_key.get_secret_value()
        caller = Caller(identity, request.app.state.database, _zone(request), secret)
        with calling(caller):
            await self._server.session_manager.handle_request(scope, receive, send)


async def _identity(request: Request) -> Identity | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    async with request.app.state.database.read() as session:
        return await verify_token(session, token.strip())


def _zone(request: Request) -> ZoneInfo:
    try:
        return zone(request.headers.get("time-zone") or "UTC")
    except ValueError:
        return ZoneInfo("UTC")


def mount_mcp(app: FastAPI, settings: Settings, server: TodoServer) -> None:
    """Serves `/api/mcp`, with and without a slash at the end, to the hosts of ALLOWED_HOSTS."""
    hosts = [form for host in settings.allowed_hosts for form in (host, f"{host}:*")]
    origins = [f"{scheme}://{form}" for scheme in ("http", "https") for form in hosts]
    security = TransportSecuritySettings(
        enable_dns_rebinding_protection="*" not in settings.allowed_hosts, allowed_hosts=hosts, allowed_origins=origins
    )
    # This makes the session manager; its Starlette application is not used, since a mounted one redirects.
    server.streamable_http_app(stateless_http=True, transport_security=security)
    endpoint = McpEndpoint(server)
    for path in (PATH, f"{PATH}/"):
        app.router.routes.append(Route(path, endpoint=endpoint, methods=["GET", "POST", "DELETE"]))


@asynccontextmanager
async def mcp_lifespan(server: TodoServer) -> AsyncIterator[None]:
    async with server.session_manager.run():
        yield
