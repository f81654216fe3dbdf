"""Bearer tokens of an identity provider: HS256 with a shared secret, or the keys at a JWKS address.

Which kinds of signature count is fixed by the settings and never read from a token, so that a public key can not be
passed off as a secret (RFC 8725).
"""

import asyncio
import hashlib
import json
import time
from typing import Any

import httpx2
import jwt
import structlog

from app.config import Settings
from app.identity.identity import Identity
from app.operations.problems import Unauthorized, Unavailable

ASYMMETRIC = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
LEEWAY_SECONDS = 30
KEEP_SECONDS = 600
PAUSE_SECONDS = 10  # between two looks for a key that is not there
RETRY_SECONDS = 5  # between two looks while there is no key at all
LARGEST_ANSWER = 256 * 1024
PATIENCE_SECONDS = 5
log = structlog.get_logger("todo.identity")


class JwtVerifier:
    """Turns a token into an identity. `sub` and `exp` are required; issuer and audience when they are set."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._keys = KeySet(settings.jwks_url) if settings.jwks_url else None

    async def verify(self, token: str) -> Identity:
        """Raises Unauthorized, and Unavailable when the keys cannot be had."""
        try:
            key, algorithms = await self._key(token)
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=algorithms,
                audience=self._settings.jwt_audience,
                issuer=self._settings.jwt_issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "sub"], "verify_aud": self._settings.jwt_audience is not None},
            )
        except jwt.ExpiredSignatureError:
            raise _refused("The bearer token has expired.") from None
        except (jwt.PyJWTError, ValueError):
            raise _refused("The bearer token is not valid.") from None
        owner = hashlib.sha256(f"{claims.get('iss', '')}\0{claims['sub']}".encode("utf-8", "surrogatepass"))
        return Identity(f"jwt-{owner.hexdigest()[:40]}", "read" if claims.get("scope") == "read" else "write")

    async def _key(self, token: str) -> tuple[Any, list[str]]:
        if self._keys is None:
            secret = self._settings.jwt_secret
            return (secret.get_secret_value() if secret else ""), ["HS256"]
        key = await self._keys.find(jwt.get_unverified_header(token).get("kid"))
        if key is None:
            raise jwt.InvalidKeyError
        return key, [key.algorithm_name] if key.algorithm_name in ASYMMETRIC else []


class KeySet:
    """The provider's public keys, fetched again when they are old or a token names one that is new."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: dict[str | None, jwt.PyJWK] = {}
        self._fetched = -KEEP_SECONDS * 2.0
        self._asking = asyncio.Lock()

    async def find(self, kid: str | None) -> jwt.PyJWK | None:
        """The key of this name; without a name the only key there is. Raises Unavailable while there is none at all."""
        if not self._has(kid) or self._age() > KEEP_SECONDS:
            async with self._asking:
                if self._age() > self._pause(kid):
                    await self._fetch()
        if not self._keys:
            raise Unavailable(
                "The identity provider's keys cannot be had; try again in a moment.",
                headers={"Retry-After": str(RETRY_SECONDS)},
            )
        if kid is None:
            return next(iter(self._keys.values())) if len(self._keys) == 1 else None
        return self._keys.get(kid)

    def _has(self, kid: str | None) -> bool:
        return bool(self._keys) if kid is None else kid in self._keys

    def _pause(self, kid: str | None) -> float:
        if not self._keys:
            return RETRY_SECONDS
        return KEEP_SECONDS if self._has(kid) else PAUSE_SECONDS

    def _age(self) -> float:
        return time.monotonic() - self._fetched

    async def _fetch(self) -> None:
        """Once for all who wait: when it fails, the keys that are known stay, and nobody asks again at once."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                keys = jwt.PyJWKSet.from_dict(json.loads(await self._answer())).keys
        except (httpx2.HTTPError, jwt.PyJWTError, TimeoutError, ValueError, AttributeError, RecursionError):
            log.warning("no_keys_from_identity_provider")
        else:
            self._keys = {key.key_id: key for key in keys}
        self._fetched = time.monotonic()

    async def _answer(self) -> bytes:
        """Raises ValueError for one that is too large, before it is all here."""
        answer = bytearray()
        async with httpx2.AsyncClient() as client, client.stream("GET", self._url) as response:
            response.raise_for_status()
            async for piece in response.aiter_bytes():
                answer += piece
                if len(answer) > LARGEST_ANSWER:
                    raise ValueError("too many keys")
        return bytes(answer)


def _refused(detail: str) -> Unauthorized:
    return Unauthorized(detail, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
