"""Personal API tokens: made, listed, revoked."""

import base64
import hashlib
import hmac
import uuid
from datetime import UTC, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.identity import TOKEN_PREFIX, Identity, Scope, token_digest
from app.identity.model import ApiToken
from app.operations.problems import Conflict, NotFound

MOST_TOKENS = 50


class TokenService:
    """The tokens of one identity."""

    def __init__(self, session: AsyncSession, identity: Identity, secret: str = "") -> None:
        self._session = session
        self._owner = identity.owner
        self._secret = secret

    def text(self, token_id: uuid.UUID) -> str:
        """What its holder shows: made from the server's secret, so that nobody finds it in the database."""
        made = hmac.digest(self._secret.encode(), b"api-token\0" + token_id.bytes, hashlib.sha256)
        return TOKEN_PREFIX + base64.urlsafe_b64encode(made).rstrip(b"=").decode()

    def draft(self, name: str, scope: Scope) -> ApiToken:
        """A token for `store`; all of it is known before it is stored."""
        token_id = uuid.uuid4()
        digest = token_digest(self.text(token_id))
        return ApiToken(
            id=token_id, owner=self._owner, name=name, scope=scope, digest=digest, created_at=datetime.now(UTC)
        )

    async def store(self, token: ApiToken) -> None:
        """Raises Conflict when there are too many. Those there are stay locked, so that nobody counts beside us."""
        mine = select(ApiToken.id).where(ApiToken.owner == self._owner).order_by(ApiToken.id)
        await self._session.execute(mine.with_for_update())
        count = select(func.count()).select_from(ApiToken).where(ApiToken.owner == self._owner)
        if (await self._session.execute(count)).scalar_one() >= MOST_TOKENS:
            raise Conflict(f"There are {MOST_TOKENS} tokens already; revoke one first.")
        self._session.add(token)
        await self._session.flush()

    async def list(self) -> list[ApiToken]:
        mine = select(ApiToken).where(ApiToken.owner == self._owner).order_by(ApiToken.created_at, ApiToken.id)
        return [*(await self._session.execute(mine)).scalars()]

    async def revoke(self, token_id: uuid.UUID) -> None:
        """Raises NotFound."""
        mine = delete(ApiToken).where(ApiToken.owner == self._owner, ApiToken.id == token_id)
        if not (await self._session.execute(mine.returning(ApiToken.id))).all():
            raise NotFound("There is no such token.")
