"""Personal API tokens: made, listed, revoked."""

import secrets
import uuid

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.identity import TOKEN_PREFIX, Identity, Scope, token_digest
from app.identity.model import ApiToken
from app.operations.problems import Conflict, NotFound

MOST_TOKENS = 50


class TokenService:
    """The tokens of one identity."""

    def __init__(self, session: AsyncSession, identity: Identity) -> None:
        self._session = session
        self._owner = identity.owner

    async def create(self, name: str, scope: Scope) -> tuple[ApiToken, str]:
        """The stored token and its text, which cannot be had again. Raises Conflict when there are too many."""
        count = select(func.count()).select_from(ApiToken).where(ApiToken.owner == self._owner)
        if (await self._session.execute(count)).scalar_one() >= MOST_TOKENS:
            raise Conflict(f"There are {MOST_TOKENS} tokens already; revoke one first.")
        text = TOKEN_PREFIX + secrets.token_urlsafe(32)
        token = ApiToken(owner=self._owner, name=name, scope=scope, digest=token_digest(text))
        self._session.add(token)
        await self._session.flush()
        return token, text

    async def list(self) -> list[ApiToken]:
        mine = select(ApiToken).where(ApiToken.owner == self._owner).order_by(ApiToken.created_at, ApiToken.id)
        return [*(await self._session.execute(mine)).scalars()]

    async def revoke(self, token_id: uuid.UUID) -> None:
        """Raises NotFound."""
        mine = delete(ApiToken).where(ApiToken.owner == self._owner, ApiToken.id == token_id)
        if not (await self._session.execute(mine.returning(ApiToken.id))).all():
            raise NotFound("There is no such token.")
