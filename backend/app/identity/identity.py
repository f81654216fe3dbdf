"""The identity of a request. It comes from the cookie or the bearer token, never from a body or a model."""

import hashlib
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Depends, Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.config import Settings
from app.identity import cookie
from app.identity.model import ApiToken
from app.identity.other_sites import refuse_writes_of_other_sites
from app.operations.problems import Forbidden, Unauthorized

Scope = Literal["read", "write"]
TOKEN_PREFIX = "todo_"


@dataclass(frozen=True)
class Identity:
    """Whose tasks, and what may be done to them."""

    owner: str
    scope: Scope = "write"

    @property
    def digest(self) -> str:
        """Names the owner in logs without naming the owner."""
        return hashlib.sha256(self.owner.encode()).hexdigest()[:12]


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


async def verify_token(session: AsyncSession, token: str) -> Identity | None:
    """Whose personal API token this is; None when it is nobody's or was revoked."""
    if not token.startswith(TOKEN_PREFIX):
        return None
    query = select(ApiToken.owner, ApiToken.scope).where(ApiToken.digest == token_digest(token))
    found = (await session.execute(query)).one_or_none()
    return Identity(found.owner, found.scope) if found else None


async def identify(request: Request) -> Identity:
    settings: Settings = request.app.state.settings
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        identity = await _bearer(request, token.strip())
    elif settings.auth_mode == "jwt":
        raise Unauthorized("Sign in: this needs a bearer token.", headers={"WWW-Authenticate": "Bearer"})
    else:
        refuse_writes_of_other_sites(request, settings.public_url)  # a bearer token no browser adds by itself
        identity = _guest(request, settings)
    request.scope["identity"] = identity
    address = request.client.host if request.client else "somewhere"
    # Whoever sends no cookie is somebody else each time, so there the address counts.
    await request.app.state.rate_limit.check(address if "new_guest" in request.scope else identity.owner)
    return identity


async def _bearer(request: Request, token: str) -> Identity:
    verifier = request.app.state.jwt
    if verifier is not None and not token.startswith(TOKEN_PREFIX):
        signed: Identity = await verifier.verify(token)
        return signed
    async with request.app.state.database.read() as session:
        identity = await verify_token(session, token)
    if identity is None:
        raise Unauthorized("The bearer token is not valid.", headers={"WWW-Authenticate": "Bearer"})
    return identity


def _guest(request: Request, settings: Settings) -> Identity:
    """The guest of the cookie, or a new one.

    A page begins with several reads at once. If each gave its own cookie, a slow one could overwrite the space that the
    first write went to; so only a write gives a newcomer a cookie (`_may_write`), and a read finds nothing anyway.
    """
    secret = settings.secret_key.get_secret_value()
    found = cookie.verify(request.cookies.get(cookie.NAME, ""), secret)
    owner, stale = found or (cookie.new_guest(), True)
    if stale:  # the middleware sends it, so that streams and errors carry it too
        secure = request.url.scheme == "https"  # on plain http a secure cookie would never come back
        given = cookie.header(cookie.sign(owner, secret), secure=secure)
        request.scope["set_cookie" if found else "new_guest"] = given
    return Identity(owner)


CurrentIdentity = Annotated[Identity, Depends(identify)]


async def _may_write(request: Request, identity: CurrentIdentity) -> Identity:
    if "new_guest" in request.scope:
        request.scope["set_cookie"] = request.scope["new_guest"]
    if identity.scope != "write":
        raise Forbidden("This token may only read.")
    return identity


WritingIdentity = Annotated[Identity, Depends(_may_write)]
