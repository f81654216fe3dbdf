"""Tokens that try to choose how they are checked, against the real RSA key of an identity provider (RFC 8725)."""

import base64
import hmac
import json
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import FastAPI

from app.config import Settings
from app.main import create_app
from tests.backend.conftest import running
from tests.backend.identity.test_jwt import claims, status
from tests.backend.operations.test_operations import client_of
from tests.fake_provider.server import serving

PUBLIC = (PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1)


def by_hand(header: dict[str, Any], secret: bytes) -> str:
    """An HS256 token that no careful library would sign."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims())]
    signature = base64.urlsafe_b64encode(hmac.digest(secret, b".".join(parts), "sha256")).rstrip(b"=")
    return b".".join([*parts, signature]).decode()


async def test_no_token_chooses_its_own_key_or_algorithm(settings: Settings) -> None:
    theirs, forged = generate_private_key(65537, 2048), generate_private_key(65537, 2048)
    public = theirs.public_key()
    known = {**jwt.get_algorithm_by_name("RS256").to_jwk(public, as_dict=True), "kid": "one", "alg": "RS256"}
    own = {**jwt.get_algorithm_by_name("RS256").to_jwk(forged.public_key(), as_dict=True), "kid": "two", "alg": "RS256"}
    asked: list[str] = []
    provider = FastAPI()

    @provider.get("/{name}")
    def keys(name: str) -> dict[str, list[dict[str, Any]]]:
        asked.append(name)
        return {"keys": [known if name == "jwks.json" else own]}

    def rs256(**header: Any) -> str:
        return jwt.encode(claims(), forged, "RS256", headers=header)

    with serving(provider) as url:
        update = {"auth_mode": "jwt", "jwks_url": f"{url}/jwks.json", "jwt_audience": "todo"}
        secrets = [public.public_bytes(form, kind) for form in (Encoding.PEM, Encoding.DER) for kind in PUBLIC]
        wrong = [
            *(by_hand({"alg": "HS256", "typ": "JWT", "kid": "one"}, secret) for secret in secrets),
            by_hand({"alg": "HS256", "kid": "one"}, known["n"].encode()),
            by_hand({"alg": "HS256", "kid": "../../../../dev/null"}, b""),
            by_hand({"alg": "none", "kid": "one"}, b""),
            *(rs256(kid=kid) for kid in ("one", "' OR 1=1 --", "/dev/null", f"{url}/evil.json", "\0", "o" * 10_000)),
            rs256(kid="two", jku=f"{url}/evil.json", x5u=f"{url}/evil.pem"),
            rs256(kid="two", jwk=own),
            rs256(),
        ]
        async with running(create_app(settings.model_copy(update=update))) as app, client_of(app) as client:
            assert [await status(client, token) for token in wrong] == [401] * len(wrong)
            assert await status(client, jwt.encode(claims(), theirs, "RS256", headers={"kid": "one"})) == 200
    assert set(asked) == {"jwks.json"}
