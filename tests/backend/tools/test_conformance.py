"""The official MCP conformance suite against the real server; the first run installs it, locked, into `conformance/`.

The suite's other scenarios call tools of a server that is made for it (`test_simple_text` and the like).
"""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from app.config import Settings
from app.main import create_app
from tests.fake_provider.server import serving

FOLDER = Path(__file__).with_name("conformance")
SUITE = FOLDER / "node_modules" / "@modelcontextprotocol" / "conformance"
SCENARIOS = ("server-initialize", "ping", "tools-list", "resources-list", "prompts-list", "dns-rebinding-protection")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("npm") is None, reason="Node.js is not installed"),
]


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


def with_token(url: str, token: str) -> FastAPI:
    """A router that adds the token, which the suite cannot send."""

    async def forward(request: Request) -> Response:
        headers = [(name, value) for name, value in request.headers.items() if name != "content-length"]
        headers.append(("authorization", f"Bearer {token}"))
        async with httpx2.AsyncClient(timeout=20) as http:
            body = await request.body()
            answer = await http.request(request.method, url + request.url.path, headers=headers, content=body)
        kept = {name: value for name, value in answer.headers.items() if name in ("content-type", "mcp-session-id")}
        return Response(answer.content, answer.status_code, kept)

    app = FastAPI()
    app.add_route("/{path:path}", forward, methods=["GET", "POST", "DELETE"])
    return app


@pytest.fixture(scope="module")
def suite() -> Path:
    if not SUITE.is_dir():
        argv = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]
        done = subprocess.run(argv, cwd=FOLDER, capture_output=True, text=True)
        assert done.returncode == 0, f"npm ci in {FOLDER}: {done.stderr}"
    return SUITE / "dist" / "index.js"


@pytest.fixture
def url(settings: Settings) -> Iterator[str]:
    with serving(create_app(settings)) as server:
        token = httpx2.post(f"{server}/api/tokens", json={"name": "suite", "scope": "write"}).json()["token"]
        with serving(with_token(server, token)) as url:
            yield url


def test_the_official_suite_finds_nothing(url: str, suite: Path, tmp_path: Path) -> None:
    argv = ["node", str(suite), "server", "--url", f"{url}/api/mcp", "--scenario"]
    for scenario in SCENARIOS:
        done = subprocess.run([*argv, scenario], cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "0 failed, 0 warnings" in done.stdout
