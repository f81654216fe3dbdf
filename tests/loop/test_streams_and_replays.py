"""Chats that are replayed while the real backend is served and edited."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from scripts.tilt_replay import replay_all
from scripts.tilt_sentinel import check
from tests.loop.running_backend import RunningBackend, running_backend


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
