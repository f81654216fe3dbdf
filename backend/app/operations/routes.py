"""Probes, and what the app says about itself."""

import json
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from app.config import Settings
from app.operations.examples import shows
from app.operations.metrics import metrics

router = APIRouter(tags=["operations"])
HEALTH = {"status": "ok"}
META: dict[str, Any] = {
    "version": "3.0.0",
    "environment": "production",
    "source_digest": "4f9c2b7d1e0a6358",
    "engine": {"kind": "rules", "model": None},
    "database": {"kind": "postgresql"},
    "limits": {
        "rate": "1200/minute",
        "body_bytes": 1048576,
        "import_bytes": 134217728,
        "page": 100,
        "batch": 100,
        "title": 200,
        "notes": 10000,
    },
    "reload": None,
}


class Health(BaseModel):
    status: str = Field(examples=["ok"])


class Engine(BaseModel):
    """What answers in the chat."""

    kind: Literal["rules", "openai_compatible"]
    model: str | None


class DatabaseKind(BaseModel):
    kind: Literal["sqlite", "postgresql"]


class Limits(BaseModel):
    """What a client should keep to."""

    rate: str = Field(description="Requests of one identity", examples=["1200/minute"])
    body_bytes: int
    import_bytes: int
    page: int = 100
    batch: int = 100
    title: int = 200
    notes: int = 10_000


class Meta(BaseModel):
    version: str
    environment: Literal["development", "production"]
    source_digest: str = Field(description="Tells which code answered")
    engine: Engine
    database: DatabaseKind
    limits: Limits
    reload: dict[str, Any] | None = Field(description="How the last reload of a development server went")


@router.get("/health", responses=shows(HEALTH))
@router.get("/api/health", responses=shows(HEALTH))
async def health() -> Health:
    """The process answers. Nothing else is looked at."""
    return Health(status="ok")


@router.get("/ready", responses={**shows({"status": "ready"}), 503: {"model": Health}})
async def ready(request: Request, response: Response) -> Health:
    """Whether requests should come here: false while draining, and while the database is away or not migrated."""
    state = await request.app.state.readiness.state()
    response.status_code = 200 if state == "ready" else 503
    return Health(status=state)


router.add_api_route("/metrics", metrics, methods=["GET"], response_class=Response, include_in_schema=False)


@router.get("/api/meta", responses=shows(META))
async def meta(request: Request) -> Meta:
    """What runs here, and within which limits."""
    settings: Settings = request.app.state.settings
    return Meta(
        version=request.app.version,
        environment=settings.app_env,
        source_digest=request.app.state.source_digest,
        engine=Engine(kind=request.app.state.engine.kind, model=request.app.state.engine.model),
        database=DatabaseKind(kind=settings.database.kind),
        limits=Limits(
            rate=settings.rate_limit, body_bytes=settings.max_body_bytes, import_bytes=settings.max_import_bytes
        ),
        reload=_reload(settings),
    )


def _reload(settings: Settings) -> dict[str, Any] | None:
    """What the development server wrote; it replaces the file at once, so it is never half."""
    if settings.reload_status_file is None:
        return None
    try:
        status = json.loads(settings.reload_status_file.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return status if isinstance(status, dict) else None
