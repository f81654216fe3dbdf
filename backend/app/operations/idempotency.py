"""Idempotency-Key: who repeats a request gets the first answer again, for 24 hours."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel
from sqlalchemy import String, Text, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, WriteSession
from app.db.types import Instant, PortableJSON
from app.identity.identity import WritingIdentity
from app.operations.problems import Conflict, Unprocessable

Body = TypeVar("Body", bound=BaseModel)
KEPT = timedelta(hours=24)
REPLAYED = ("undo-token", "etag", "location")


class KeptAnswer(Base):
    """The answer to a request that named a key."""

    __tablename__ = "kept_answers"

    owner: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    request_digest: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any] | None] = mapped_column(PortableJSON)
    body: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant, index=True)


class Once:
    """One request that may be repeated. `replay` before the work, `keep` after it, in the same unit of work."""

    def __init__(self, session: AsyncSession, owner: str, key: str | None, request_digest: str) -> None:
        self._session = session
        self._owner = owner
        self._key = key
        self._digest = request_digest

    async def replay(self) -> Response | None:
        """The first answer, if there was one. Claims the key otherwise; whoever claims it meanwhile waits for us.

        Raises Unprocessable when the key was used for another request.
        """
        if self._key is None or await self._claim():
            return None
        kept = (await self._session.execute(select(KeptAnswer).where(*self._mine()))).scalar_one()
        if kept.request_digest != self._digest:
            raise Unprocessable("This Idempotency-Key was used for another request; take a new one.")
        if kept.status is None or kept.body is None:
            raise Conflict("A request with this Idempotency-Key is still being answered.")
        headers = {**(kept.headers or {}), "Idempotency-Replayed": "true"}
        return Response(kept.body, kept.status, headers, "application/json")

    async def keep(self, body: Body, response: Response, status: int = 200) -> Body:
        """Remembers the answer. Returns it."""
        if self._key is not None:
            headers = {name: response.headers[name] for name in REPLAYED if name in response.headers}
            values = {"status": status, "headers": headers, "body": body.model_dump_json()}
            await self._session.execute(update(KeptAnswer).where(*self._mine()).values(values))
        return body

    def _mine(self) -> tuple[Any, Any]:
        return KeptAnswer.owner == self._owner, KeptAnswer.key == self._key

    async def _claim(self) -> bool:
        dialect = sqlite if self._session.get_bind().dialect.name == "sqlite" else postgresql
        now = datetime.now(UTC)
        fresh = {"request_digest": self._digest, "status": None, "headers": None, "body": None, "created_at": now}
        claim = dialect.insert(KeptAnswer).values(owner=self._owner, key=self._key, **fresh)
        claim = claim.on_conflict_do_update(
            index_elements=["owner", "key"], set_=fresh, where=KeptAnswer.created_at < now - KEPT
        )
        return bool((await self._session.execute(claim.returning(KeptAnswer.key))).all())


IdempotencyKey = Annotated[
    str | None,
    Header(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$", description="Makes a repetition harmless"),
]


async def _once(
    request: Request, session: WriteSession, identity: WritingIdentity, idempotency_key: IdempotencyKey = None
) -> Once:
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\0".encode())
    digest.update(await request.body() if idempotency_key else b"")
    return Once(session, identity.owner, idempotency_key, digest.hexdigest())


OnceDep = Annotated[Once, Depends(_once, scope="function")]
