"""Streams that are open and chats that are replayed while the real backend is served and edited."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO

import httpx2
import pytest

from scripts.bench.servers import Asker, started
from scripts.tilt_eval import ROOT
from scripts.tilt_replay import replay_all
from scripts.tilt_sentinel import LIMIT, check
from scripts.tilt_streams import CHAT, MCP
from tests.loop.running_backend import RunningBackend, running_backend
from tests.ports import free_port

# A server that tells its digest, and a handler that ends when its client does, whatever its server wants.
HOLDS_UP = """
import json, pathlib
from app.operations.source import source_digest
META = json.dumps({"source_digest": source_digest(pathlib.Path(__file__).parent)}).encode()

async def app(scope, receive, send):
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    if scope["path"] == "/stream":
        await send({"type": "http.response.body", "body": b"data: open\\n\\n", "more_body": True})
        while (await receive())["type"] != "http.disconnect":
            pass
    await send({"type": "http.response.body", "body": META})
"""


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBackend]:
    with running_backend(tmp_path_factory.mktemp("backend")) as backend:
        yield backend


def test_the_running_application_answers_a_replay_with_the_scripted_model_and_shows_what_a_save_changes(
    backend: RunningBackend, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in backend.environment.items():
        monkeypatch.setenv(name, value)
    usual = httpx2.get(f"{backend.url}/api/meta").json()["engine"]
    assert replay_all(["groceries"], backend.url, scripted=False, live=False, record=False)
    assert capsys.readouterr().out.splitlines() == [
        "groceries: 5 turns, 5 tool calls of the scripted model, as recorded",
        "groceries: 5 turns, 5 tool calls of the rules, as recorded",
    ]
    tool = backend.app / "tools" / "complete_task.py"
    text = tool.read_text()
    tool.write_text(text.replace('"complete" if', "str(1 // 0) if"))
    assert check(backend.url, backend.app, 20)[0]
    assert not replay_all(["groceries"], backend.url, scripted=True, live=False, record=False)
    call = 'complete_task({"tasks": ["buy milk"]})'
    assert f"-    {call}\n+    {call} refused\n" in capsys.readouterr().out
    tool.write_text(text)
    assert check(backend.url, backend.app, 20)[0]
    assert httpx2.get(f"{backend.url}/api/meta").json()["engine"] == usual


def read_until(stream: IO[str], *wanted: str) -> None:
    """Read what is printed until each of the wanted lines has been, in whatever order."""
    seen: list[str] = []
    while not all(any(line.startswith(text) for line in seen) for text in wanted):
        line = stream.readline()
        assert line, seen
        seen.append(line)


def test_a_save_is_served_while_a_chat_and_an_mcp_stream_are_open_and_both_are_opened_again(
    backend: RunningBackend,
) -> None:
    argv = [sys.executable, "-m", "scripts.tilt_streams", "--url", backend.url]
    environment = {**os.environ, **backend.environment}
    with subprocess.Popen(argv, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as streams:
        assert streams.stdout is not None
        opened = [f"{CHAT} is open, its first event has come", f"{MCP} is open, its first event has come"]
        try:
            read_until(streams.stdout, *opened)
            main = backend.app / "main.py"
            main.write_text(f"{main.read_text()}\n# {time.time()}\n")
            well, sentence = check(backend.url, backend.app, 20)
            assert well, sentence
            read_until(streams.stdout, f"{CHAT} ended after", f"{MCP} ended after", *opened)
        finally:
            streams.terminate()


def test_a_handler_that_holds_up_the_reload_turns_the_sentinel_red_until_it_lets_go(tmp_path: Path) -> None:
    assert LIMIT == 3.0
    folder, port = tmp_path / "served", free_port()
    folder.mkdir()
    (folder / "main.py").write_text(HOLDS_UP)
    argv = [sys.executable, "-m", "uvicorn", "served.main:app", f"--port={port}"]
    argv += ["--reload", "--reload-dir=served", "--reload-delay=0"]  # a delay is also one before it begins to look
    with started(argv, tmp_path, {}, tmp_path / "uvicorn.log"):
        asker = Asker(port)
        with closing(asker.connection):
            asker.wait("/api/meta", 30)
        stream = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        stream.request("GET", "/stream")
        response = stream.getresponse()
        assert response.readline() == b"data: open\n"
        (folder / "main.py").write_text(HOLDS_UP + "# saved\n")
        well, sentence = check(f"http://127.0.0.1:{port}", folder, limit=1.0)
        assert (well, "a reload is stuck" in sentence) == (False, True), sentence
        response.close()
        stream.close()
        well, sentence = check(f"http://127.0.0.1:{port}", folder, limit=30)
        assert well, sentence
