"""The status of local mode and of a Tilt that has just begun."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from scripts.status import from_local_mode, from_snapshot
from tests.loop.answering import say, serving


@contextmanager
def local_mode(data: Path, reload: dict[str, str] | None, frontend: int) -> Iterator[None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        say(handler, {"reload": reload}, frontend if handler.path == "/" else 200)

    with serving(answer) as url:
        (data / "local.json").write_text(json.dumps({"pid": os.getpid(), "url": url}))
        yield


def test_the_status_of_local_mode_names_what_is_red_and_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    with local_mode(tmp_path, None, 200):
        report = from_local_mode()
        assert report is not None
        assert (report.mode, report.ready, report.exit_status) == ("local", True, 0)
        assert [each.name for each in report.resources] == ["backend", "frontend", "router"]
    with local_mode(tmp_path, {"state": "failed", "error": "SyntaxError: app/x.py, line 3"}, 502):
        report = from_local_mode()
        assert report is not None
        assert report.red == ["backend", "frontend"]
        assert "app/x.py, line 3" in report.resources[0].why
        assert "make logs PART=frontend" in report.resources[1].why
    (tmp_path / "local.json").write_text('{"pid": 4194304, "url": "http://localhost:1"}')
    assert from_local_mode() is None


EARLY = [
    {"name": "no status yet", "status": {}},
    {"name": "built, its process not looked at", "status": {"updateStatus": "ok", "runtimeStatus": "unknown"}},
    {"name": "applied, its pod not there", "status": {"updateStatus": "ok", "runtimeStatus": "pending"}},
    {"name": "serve command alone", "status": {"updateStatus": "not_applicable", "runtimeStatus": "unknown"}},
]


@pytest.mark.parametrize("early", EARLY, ids=[str(each["name"]) for each in EARLY])
def test_what_tilt_has_not_looked_at_yet_is_not_ready(early: dict[str, Any], tmp_path: Path) -> None:
    well = {"updateStatus": "ok", "runtimeStatus": "not_applicable"}
    snapshot = tmp_path / "snapshot.json"

    def exit_status(**statuses: object) -> int:
        items = [{"metadata": {"name": name}, "status": status} for name, status in statuses.items()]
        snapshot.write_text(json.dumps({"view": {"uiResources": items}}))
        report = from_snapshot(snapshot)
        assert report is not None
        return report.exit_status

    assert exit_status(**{"(Tiltfile)": well}) == 2
    assert exit_status(**{"(Tiltfile)": well, "backend": early["status"]}) == 2
    assert exit_status(**{"(Tiltfile)": well, "backend": well}) == 0
