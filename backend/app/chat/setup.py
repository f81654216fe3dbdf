"""Puts the chat and the MCP server into an application: `main` calls these two functions and knows no more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext

from fastapi import FastAPI

from app.chat.cycles import collect_if_due, rare_full_collections
from app.chat.turns import Turns
from app.config import Settings
from app.engines.openai_compatible import OpenAICompatible
from app.engines.protocol import ChatEngine
from app.engines.rules import Rules
from app.tools.calls import ToolBox
from app.tools.endpoint import mcp_lifespan, mount_mcp
from app.tools.server import build_server, in_memory


def install_chat(app: FastAPI, settings: Settings) -> None:
    """What the chat's routes need, the MCP endpoint and, for `/api/meta`, `app.state.engine`."""
    server = build_server()
    app.state.mcp = server
    rules = Rules()
    app.state.engine = build_engine(settings, rules)
    app.state.tools = ToolBox(in_memory(server))
    app.state.turns = Turns(
        app.state.database,
        app.state.tools,
        app.state.engine,
        rules,
        secret=settings.secret_key.get_secret_value(),
        draining=lambda: app.state.readiness.draining,
        when_quiet=collect_if_due if settings.app_env == "production" else lambda: None,
    )
    mount_mcp(app, settings, server)


def build_engine(settings: Settings, rules: Rules) -> ChatEngine:
    """The model when there is a key or an address for one, else the rules."""
    if not (settings.llm_api_key or settings.llm_base_url):
        return rules
    return OpenAICompatible(
        api_key=settings.llm_api_key.get_secret_value() if settings.llm_api_key else None,
        base_url=settings.llm_base_url,
        model=settings.llm_model,
        timeout=settings.llm_timeout,
    )


@asynccontextmanager
async def chat_lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Runs the MCP sessions; at the end every running turn gets its last event."""
    in_production = app.state.settings.app_env == "production"
    if in_production:
        app.state.mcp.later.prepare()  # no user waits for it; in development no save does
    with rare_full_collections() if in_production else nullcontext():
        async with mcp_lifespan(app.state.mcp), app.state.tools.open():
            try:
                yield
            finally:
                await app.state.turns.close()
