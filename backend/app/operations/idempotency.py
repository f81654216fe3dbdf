"""Idempotency-Key: who repeats a request gets the first answer again, for 24 hours."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel
from sqlalchemy import String, Text, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, WriteSession
from app.db.types import Instant, PortableJSON
from app.identity.identity import WritingIdentity
from app.operations.problems import Unprocessable

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
    """One request that may be repeated. Its answer is settled first, its work done after, in one unit of work."""

    def __init__(self, session: AsyncSession, owner: str, key: str | None, request_digest: str) -> None:
        self._session = session
        self._owner = owner
        self._key = key
        self._digest = request_digest

    async def settle(self, body: BaseModel, response: Response, status: int = 200) -> Response | None:
        """Keeps the answer; the first one when there was one already, and then there is nothing to do.

        Whoever sends the key meanwhile waits for us, and if the work fails nothing is kept.
        Raises Unprocessable when the key was used for another request.
        """
        if self._key is None or await self._take(_answer(body, response, status)):
            return None
        kept = (await self._session.execute(select(KeptAnswer).where(*self._mine()))).scalar_one()
        if kept.request_digest != self._digest:
            raise Unprocessable("This Idempotency-Key was used for another request; take a new one.")
        headers = {**(kept.headers or {}), "Idempotency-Replayed": "true"}
        return Response(kept.body, kept.status or 200, headers, "application/json")

    async def correct(self, body: BaseModel, response: Response, status: int = 200) -> None:
        """The work came to another answer than the one that was settled."""
        if self._key is not None:
            answer = _answer(body, response, status)
            await self._session.execute(update(KeptAnswer).where(*self._mine()).values(answer))

    def _mine(self) -> tuple[Any, Any]:
        return KeptAnswer.owner == self._owner, KeptAnswer.key == self._key

    async def _take(self, answer: dict[str, Any]) -> bool:
        """Whether the key was free, as it is again after a day."""
        dialect = sqlite if self._session.get_bind().dialect.name == "sqlite" else postgresql
        now = datetime.now(UTC)
        fresh = {**answer, "request_digest": self._digest, "created_at": now}
        take = dialect.insert(KeptAnswer).values(owner=self._owner, key=self._key, **fresh)
        take = take.on_conflict_do_update(
            index_elements=["owner", "key"], set_=fresh, where=KeptAnswer.created_at < now - KEPT
        )
        return bool((await self._session.execute(take.returning(KeptAnswer.key))).all())


def _answer(body: BaseModel, response: Response, status: int) -> dict[str, Any]:
    headers = {name: response.headers[name] for name in REPLAYED if name in response.headers}
    return {"status": status, "headers": headers, "body": body.model_dump_json()}


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
