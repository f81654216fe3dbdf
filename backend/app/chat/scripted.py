"""A scripted model for one turn: what replays of recorded chats ask, so that they cost nothing and always say the same.

Only in development, where SCRIPTED_MODELS names a folder. A request chooses one of the Unix sockets in it by name, so
no request can make the server talk to an address, and whoever sends no such header gets the usual engine.
"""

from __future__ import annotations

import re
from pathlib import Path

import httpx2
from starlette.requests import Request

from app.config import Settings
from app.engines.openai_compatible import OpenAICompatible
from app.engines.protocol import ChatEngine
from app.operations.problems import NotFound

HEADER = "Scripted-Model"
NAME = re.compile(r"[a-z0-9]{1,40}")
# A connection ends with its answer, so an engine of one turn leaves nothing open.
LIMITS = httpx2.Limits(max_keepalive_connections=0)


def scripted_engine(request: Request) -> ChatEngine | None:
    """The engine that the request asks for; None without the header. Raises NotFound where there is none."""
    name = request.headers.get(HEADER)
    if name is None:
        return None
    settings: Settings = request.app.state.settings
    if settings.scripted_models is None or not NAME.fullmatch(name):
        raise NotFound("There is no such scripted model.")
    socket = settings.scripted_models / f"{name}.socket"
    if not socket.is_socket():
        raise NotFound("There is no such scripted model.")
    return _engine(socket, settings.llm_timeout)


def _engine(socket: Path, timeout: float) -> ChatEngine:
    return OpenAICompatible(
        api_key=None,
        base_url="http://scripted-model/v1",  # the Host header; the socket is where it goes
        model="scripted",
        timeout=timeout,
        transport=httpx2.AsyncHTTPTransport(uds=str(socket), limits=LIMITS, verify=False),
    )
