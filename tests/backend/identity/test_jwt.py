"""Tokens of an identity provider: accepted when they are right, refused however they are wrong."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from httpx2 import AsyncClient
from pydantic import SecretStr

from app.config import Settings
from app.identity import jwt as verifier
from app.main import create_app
from tests.backend.conftest import running
from tests.backend.operations.test_operations import client_of

SECRET = "s" * 40
CLAIMS = {"sub": "person-1", "iss": "https://id.example", "aud": "todo"}


def claims(**changes: Any) -> dict[str, Any]:
    return {**CLAIMS, "exp": int(time.time()) + 600, **changes}


def hs256(secret: str = SECRET, **changes: Any) -> str:
    return jwt.encode(claims(**changes), secret, "HS256")


async def status(client: AsyncClient, token: str) -> int:
    return (await client.get("/api/tasks", headers={"Authorization": f"Bearer {token}"})).status_code


@pytest.fixture
async def by_secret(settings: Settings) -> AsyncIterator[AsyncClient]:
    update = {"auth_mode": "jwt", "jwt_secret": SecretStr(SECRET), "jwt_issuer": CLAIMS["iss"], "jwt_audience": "todo"}
    async with running(create_app(settings.model_copy(update=update))) as app, client_of(app) as client:
        yield client


async def test_a_signed_token_opens_its_persons_space_and_no_cookie_does(by_secret: AsyncClient) -> None:
    for person in ("person-1", "person-2"):
        headers = {"Authorization": f"Bearer {hs256(sub=person)}"}
        assert (await by_secret.post("/api/tasks", json={"title": person}, headers=headers)).status_code == 201
        assert [t["title"] for t in (await by_secret.get("/api/tasks", headers=headers)).json()["items"]] == [person]
    refused = await by_secret.get("/api/tasks")
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert "set-cookie" not in refused.headers


async def test_a_personal_token_made_by_a_signed_in_person_works(by_secret: AsyncClient) -> None:
    headers = {"Authorization": f"Bearer {hs256()}"}
    token = (await by_secret.post("/api/tokens", json={"name": "x"}, headers=headers)).json()["token"]
    assert await status(by_secret, token) == 200


async def test_every_wrong_token_is_refused(by_secret: AsyncClient) -> None:
    rsa = generate_private_key(65537, 2048)
    good = hs256()
    head, body, signature = good.split(".")
    wrong = [
        jwt.encode(claims(), None, "none"),
        hs256("x" * 40),
        hs256(exp=int(time.time()) - 3600),
        hs256(nbf=int(time.time()) + 3600),
        hs256(iss="https://evil.example"),
        hs256(aud="other"),
        jwt.encode(CLAIMS, SECRET, "HS256"),
        jwt.encode({k: v for k, v in claims().items() if k != "sub"}, SECRET, "HS256"),
        jwt.encode(claims(), rsa, "RS256"),
        jwt.encode(claims(), SECRET, "HS256", headers={"kid": "../../etc/passwd"})[:-2] + "xx",
        f"{head}.{body}.",
        f"{head}.{body}.{signature[::-1]}",
        "a.b.c",
        ".",
        "",
    ]
    assert {await status(by_secret, token) for token in wrong} == {401}
    assert await status(by_secret, good) == 200


class Provider:
    """A JWKS endpoint on a port of its own."""

    def __init__(self) -> None:
        self.keys: dict[str, Ed25519PrivateKey] = {}
        self.asked = 0
        self.broken = False

    def sign(self, kid: str) -> str:
        return jwt.encode(claims(), self.keys[kid], "EdDSA", headers={"kid": kid})

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        algorithm = jwt.get_algorithm_by_name("EdDSA")
        keys = [
            {**json.loads(algorithm.to_jwk(key.public_key())), "kid": kid, "alg": "EdDSA"}
            for kid, key in self.keys.items()
        ]
        body = b"no keys today" if self.broken else json.dumps({"keys": keys}).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        writer.close()


@pytest.fixture
async def provider() -> AsyncIterator[tuple[Provider, str]]:
    provider = Provider()
    server = await asyncio.start_server(provider.answer, "127.0.0.1", 0)
    yield provider, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/jwks.json"
    server.close()
    await server.wait_closed()


async def test_keys_are_fetched_once_and_again_when_they_rotate(
    settings: Settings, provider: tuple[Provider, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, url = provider
    keys.keys["one"] = Ed25519PrivateKey.generate()
    update = {"auth_mode": "jwt", "jwks_url": url, "jwt_audience": "todo"}
    async with running(create_app(settings.model_copy(update=update))) as app, client_of(app) as client:
        assert [await status(client, keys.sign("one")) for _ in range(3)] == [200] * 3
        assert keys.asked == 1
        keys.keys["two"] = Ed25519PrivateKey.generate()
        assert await status(client, keys.sign("two")) == 401  # it asked a moment ago
        assert keys.asked == 1
        monkeypatch.setattr(verifier, "PAUSE_SECONDS", 0)
        assert await status(client, keys.sign("two")) == 200
        del keys.keys["one"]
        monkeypatch.setattr(verifier, "KEEP_SECONDS", 0)
        assert await status(client, keys.sign("two")) == 200
        keys.broken = True
        assert await status(client, keys.sign("two")) == 200  # the keys that are known go on working
        assert await status(client, hs256()) == 401
        public = keys.keys["two"].public_key().public_bytes_raw().hex()
        assert await status(client, hs256(public)) == 401


async def test_many_who_come_while_there_is_no_key_wait_for_one_question(
    settings: Settings, provider: tuple[Provider, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, url = provider
    keys.broken, keys.keys["one"] = True, Ed25519PrivateKey.generate()
    update = {"auth_mode": "jwt", "jwks_url": url, "jwt_audience": "todo"}
    async with running(create_app(settings.model_copy(update=update))) as app, client_of(app) as client:
        asked = await asyncio.gather(*(status(client, keys.sign("one")) for _ in range(10)))
        assert (set(asked), keys.asked) == ({503}, 1)
        monkeypatch.setattr(verifier, "RETRY_SECONDS", 0)
        keys.broken = False
        assert await status(client, keys.sign("one")) == 200


async def test_without_any_key_it_is_503_and_not_a_refusal(settings: Settings) -> None:
    update = {"auth_mode": "jwt", "jwks_url": "http://127.0.0.1:1/jwks.json"}
    async with running(create_app(settings.model_copy(update=update))) as app, client_of(app) as client:
        answer = await client.get("/api/tasks", headers={"Authorization": f"Bearer {hs256()}"})
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
