"""The application: this page wires the rest. `app.main:app` is what uvicorn runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI

from app.chat import conversation_routes, plan_routes
from app.chat import routes as chat
from app.chat.setup import chat_lifespan, install_chat
from app.config import BadSettings, Settings, load_settings
from app.db import Database
from app.identity import routes as identity
from app.operations import metrics
from app.operations import routes as operations
from app.operations.draining import draining_on_sigterm
from app.operations.errors import install_error_handlers
from app.operations.examples import DescribedApi
from app.operations.housekeeping import Housekeeping
from app.operations.limits import RateLimit
from app.operations.logs import configure_logging
from app.operations.middleware import RequestContext, is_probe
from app.operations.readiness import Readiness
from app.operations.source import source_digest
from app.tasks import routes as tasks
from app.tasks.transfer import routes as transfer

if TYPE_CHECKING:
    from app.identity.jwt import JwtVerifier

VERSION = "3.0.0"  # as in pyproject.toml, which the images do not have
SOURCE_DIGEST = source_digest(Path(__file__).parent)
# Routes are tried in this order: the busiest first.
ROUTERS = (
    tasks.router,
    tasks.undo_router,
    operations.router,
    identity.router,
    transfer.router,
    chat.router,
    conversation_routes.router,
    plan_routes.router,
)


def create_app(settings: Settings) -> FastAPI:
    """An application of its own: nothing is shared with another one in the same process."""
    configure_logging(settings)
    app = DescribedApi(
        title="Todo chatbot",
        version=VERSION,
        lifespan=_lifespan,
        docs_url="/api/docs",
        redoc_url=None,
        openapi_url="/api/openapi.json",
        redirect_slashes=False,  # the address of such a redirect is made of whatever Host was sent
        # Begins when OTEL_EXPORTER_OTLP_ENDPOINT is set. Errors are in our log, which repeats nothing of a request.
        telemetry={"auto_configure": True, "logs": False, "exclude": is_probe},
    )
    app.state.settings = settings
    app.state.source_digest = SOURCE_DIGEST
    app.state.database = Database(
        settings.database, pool_size=settings.database_pool_size, timeout=settings.database_timeout
    )
    app.state.readiness = Readiness(app.state.database)
    app.state.housekeeping = Housekeeping(app.state.database)
    app.state.database.after_write = app.state.housekeeping.nudge
    app.state.jwt = _jwt_verifier(settings) if settings.auth_mode == "jwt" else None
    app.state.rate_limit = RateLimit(settings.rate_limit)
    metrics.build.labels(VERSION, SOURCE_DIGEST, settings.database.kind).set(1)
    install_error_handlers(app)
    app.add_middleware(
        RequestContext, max_body_bytes=settings.max_body_bytes, max_import_bytes=settings.max_import_bytes
    )
    for router in ROUTERS:
        # As they were declared. include_router would make each route a second time, within somebody's first request.
        app.router.routes.extend(router.routes)
    install_chat(app, settings)
    return app


def _jwt_verifier(settings: Settings) -> "JwtVerifier":
    from app.identity.jwt import JwtVerifier  # what guests need not pay for in memory

    return JwtVerifier(settings)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with chat_lifespan(app):
        with draining_on_sigterm(app.state.readiness, app.state.settings.drain_seconds):
            yield
        app.state.readiness.draining = True
    await app.state.housekeeping.stop()
    await app.state.database.close()


def _from_environment() -> FastAPI:
    try:
        return create_app(load_settings())
    except BadSettings as error:
        raise SystemExit(f"todo: {error}") from None


app = _from_environment()
