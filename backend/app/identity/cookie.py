"""The guest cookie: a random owner, the day it was given, and a signature over both."""

import hashlib
import hmac
import secrets
import time

NAME = "todo_guest"
MAX_AGE_SECONDS = 400 * 86400  # the longest that browsers keep a cookie
REFRESH_SECONDS = 30 * 86400


def new_guest() -> str:
    """An owner that nobody else has."""
    return f"guest-{secrets.token_hex(16)}"


def sign(owner: str, secret: str, *, issued: int | None = None) -> str:
    """The cookie's value."""
    payload = f"v1.{owner}.{int(time.time()) if issued is None else issued}"
    return f"{payload}.{_signature(payload, secret)}"


def verify(value: str, secret: str) -> tuple[str, bool] | None:
    """The owner, and whether the cookie should be given anew; None when this is not a cookie of ours."""
    payload, _, signature = value.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(payload, secret).encode()):
        return None
    _, owner, issued = payload.split(".")
    return owner, time.time() - int(issued) > REFRESH_SECONDS


def header(value: str, *, secure: bool) -> str:
    """The Set-Cookie header's value. Lax keeps most other sites from acting in this one's name; see `other_sites`."""
    return f"{NAME}={value}; Max-Age={MAX_AGE_SECONDS}; Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if secure else "")


def _signature(payload: str, secret: str) -> str:
    return hmac.digest(secret.encode(), b"guest\0" + payload.encode("utf-8", "surrogateescape"), hashlib.sha256).hex()


def expired() -> str:
    """The Set-Cookie header's value that makes a browser forget it."""
    return f"{NAME}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"
