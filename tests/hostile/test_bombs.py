"""Small requests and answers that would grow: refused with a sentence, and a pod of 512 MiB does not notice."""

import asyncio
import gzip
import time
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from itertools import repeat
from tempfile import TemporaryFile
from zoneinfo import ZoneInfo

import jwt
import pytest
from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from app.config import Settings
from app.identity.jwt import JwtVerifier
from app.operations.problems import Unavailable, Unprocessable
from app.tasks.transfer.formats import FORMATS, FormatName
from app.tasks.transfer.importing import check
from tests.fake_provider.server import serving

MANY = 8  # MiB
MOST = 32 << 20  # bytes of memory; a list of eight million cells takes twice that
CALENDAR = b"BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:"
BOMBS: list[tuple[str, FormatName, bytes, bytes]] = [
    ("a row of millions of cells", "csv", b"title\nx", b","),
    ("a row of many lines", "csv", b"title\nx", b',"\n"'),
    ("millions of columns", "csv", b"title", b","),
    ("a cell without an end", "csv", b'title\n"', b"x"),
    ("blank lines", "csv", b"title\n", b"\n"),
    ("a line without an end", "ics", CALENDAR, b"x"),
    ("a folded line without an end", "ics", CALENDAR, b"\n " + b"x" * 70),
    ("a text without an end", "json", b'[{"title": "', b"x"),
    ("a list in a list in a list", "json", b"[", b"["),
    ("blanks", "json", b"[", b" "),
]
PACKED = gzip.compress(gzip.compress(b" " * (4 * MOST), 1))  # 1 KiB of it


@contextmanager
def little_memory() -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < MOST
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("format", "head", "unit"), [bomb[1:] for bomb in BOMBS], ids=[bomb[0] for bomb in BOMBS])
def test_a_file_made_to_grow_is_refused_in_little_memory(format: FormatName, head: bytes, unit: bytes) -> None:
    with TemporaryFile() as file:
        file.write(head)
        for piece in repeat(unit * ((1 << 20) // len(unit)), MANY):
            file.write(piece)
        with little_memory(), pytest.raises(Unprocessable, match=r"Nothing was imported; .* line \d+: "):
            check(file, FORMATS[format], ZoneInfo("UTC"))


async def endless() -> AsyncIterator[bytes]:
    for piece in repeat(b" " * 65536, 16 * MANY):
        yield piece


async def dripping() -> AsyncIterator[bytes]:
    """A byte now and then, so that no single one is late."""
    while True:
        yield b" "
        await asyncio.sleep(0.05)


PROVIDERS = {
    "endless": lambda: StreamingResponse(endless()),
    "dripping": lambda: StreamingResponse(dripping()),
    "moved to where only this machine can go": lambda: RedirectResponse("http://169.254.169.254/latest"),
    "deep": lambda: Response(b"[" * 100_000),
    "packed": lambda: Response(PACKED, headers={"Content-Encoding": "gzip, gzip"}),
}


@pytest.mark.parametrize("name", PROVIDERS)
async def test_an_identity_provider_that_misbehaves_is_given_up(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.identity.jwt.PATIENCE_SECONDS", 0.5)
    app = FastAPI()
    app.add_api_route("/jwks.json", PROVIDERS[name], response_model=None)
    token = jwt.encode({"sub": "x", "exp": int(time.time()) + 60}, "s" * 40, "HS256", headers={"kid": "k"})
    with serving(app) as url, little_memory(), pytest.raises(Unavailable, match="keys cannot be had"):
        await JwtVerifier(Settings(auth_mode="jwt", jwks_url=f"{url}/jwks.json")).verify(token)
