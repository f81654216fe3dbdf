"""What the dashboard's resources and buttons run: status, sentinel, flight recorder, replay, forward."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from app.operations.source import source_digest
from scripts.status import Report, Resource, from_snapshot, from_tilt
from scripts.tilt_eval import ROOT, evaluate
from scripts.tilt_flight import summary, write
from scripts.tilt_forward import LONGEST_PAUSE, next_pause
from scripts.tilt_redact import REMOVED, secret_values, without_secrets
from scripts.tilt_replay import changes, load, scenarios
from scripts.tilt_sentinel import check, saved_digest
from tests.loop.answering import say, serving

Meta = Callable[[], dict[str, Any]]


@pytest.fixture
def serve_meta() -> Iterator[Callable[[Meta], str]]:
    with ExitStack() as servers:
        yield lambda meta: servers.enter_context(serving(lambda handler: say(handler, meta())))


# --- sentinel ---------------------------------------------------------------------------------------------------------


def tree(folder: Path) -> Path:
    (folder / "app" / "sub").mkdir(parents=True)
    (folder / "app" / "main.py").write_text("x = 1\n")
    (folder / "app" / "sub" / "y.py").write_text("y = 1\n")
    return folder / "app"


def test_the_sentinel_and_the_application_agree_on_the_digest(tmp_path: Path) -> None:
    app = tree(tmp_path)
    assert saved_digest(app) == source_digest(app)


def test_a_served_save_is_well(tmp_path: Path, serve_meta: Callable[[Meta], str]) -> None:
    app = tree(tmp_path)
    well, sentence = check(serve_meta(lambda: {"source_digest": saved_digest(app)}), app)
    assert well
    assert "is served" in sentence


def test_a_reload_that_is_stuck_turns_red(tmp_path: Path, serve_meta: Callable[[Meta], str]) -> None:
    started = time.monotonic()
    well, sentence = check(serve_meta(lambda: {"source_digest": "older"}), tree(tmp_path), limit=0.3)
    assert not well
    assert "a reload is stuck" in sentence
    assert time.monotonic() - started < 3


def test_a_save_that_does_not_load_turns_red_with_its_line(tmp_path: Path, serve_meta: Callable[[Meta], str]) -> None:
    failed = {"state": "failed", "error": "SyntaxError: invalid syntax (app/x.py, line 3)"}
    well, sentence = check(serve_meta(lambda: {"source_digest": "old", "reload": failed}), tree(tmp_path), limit=0.3)
    assert not well
    assert "app/x.py, line 3" in sentence


# --- status -----------------------------------------------------------------------------------------------------------


def item(name: str, update: str, runtime: str, **status: Any) -> dict[str, Any]:
    return {"metadata": {"name": name}, "status": {"updateStatus": update, "runtimeStatus": runtime, **status}}


def test_the_status_of_a_running_tilt_names_what_is_red_and_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [
        item("backend", "ok", "ok"),
        item("ingress", "not_applicable", "pending"),
        item("backend-tests", "error", "not_applicable", buildHistory=[{"error": "exit status 1"}]),
        item("lint", "none", "not_applicable"),
        item("postgres", "none", "none", disableStatus={"state": "Disabled"}),
        item("frontend", "ok", "ok", endpointLinks=[{"name": "Todo", "url": "https://x-8080.app.github.dev"}]),
    ]
    (tmp_path / "answer.json").write_text(json.dumps({"items": items}))
    (tmp_path / "tilt").write_text(f"#!/bin/sh\ncat {tmp_path}/answer.json\n")
    (tmp_path / "tilt").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    report = from_tilt(1)
    assert report is not None
    assert report.mode == "cluster"
    assert report.url == "https://x-8080.app.github.dev"
    assert report.red == ["backend-tests"]
    assert {each.name: each.state for each in report.resources} == {
        "backend": "ok",
        "ingress": "pending",
        "backend-tests": "error",
        "lint": "off",
        "postgres": "off",
        "frontend": "ok",
    }
    assert report.exit_status == 1


def test_the_record_of_a_failed_run_names_what_was_red_when_it_ended(tmp_path: Path) -> None:
    items = [item("ingress", "ok", "ok"), item("lint", "error", "not_applicable", buildHistory=[{"error": "status 1"}])]
    (tmp_path / "snapshot.json").write_text(json.dumps({"view": {"uiResources": items}}))
    report = from_snapshot(tmp_path / "snapshot.json")
    assert report is not None
    assert report.red == ["lint"]
    (tmp_path / "cut.json").write_text('{"view": {"uiRes')
    assert from_snapshot(tmp_path / "cut.json") is None
    assert from_snapshot(tmp_path / "none.json") is None


@pytest.mark.parametrize(("states", "status"), [(["ok", "off"], 0), (["ok", "error"], 1), (["ok", "pending"], 2)])
def test_the_exit_status_is_for_scripts(states: list[str], status: int) -> None:
    assert Report("local", "", [Resource(str(n), state) for n, state in enumerate(states)]).exit_status == status


def test_the_status_is_json_when_nothing_runs(tmp_path: Path) -> None:
    env = os.environ | {"DATA_DIR": str(tmp_path), "TILT_PORT": "1"}
    argv = [sys.executable, "-m", "scripts.status", "--json"]
    run = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 3
    assert json.loads(run.stdout)["mode"] == "none"


# --- flight recorder --------------------------------------------------------------------------------------------------

LEAKS = [
    "postgresql://todo:hunter2@db/todo",
    "Authorization: Bearer abcdefgh12345678",
    "LLM key sk-proj-abcdefghijkl",
    "cookie todo_guest=eyJvd25lciI6.abc.def; Path=/",
    "token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
]


@pytest.mark.parametrize("text", LEAKS)
def test_what_looks_like_a_secret_is_removed_though_nobody_named_it(text: str) -> None:
    cleaned = without_secrets(text, [])
    assert REMOVED in cleaned
    for leak in ("hunter2", "abcdefgh", "eyJ"):
        assert leak not in cleaned


def test_named_secrets_are_removed_wherever_they_stand(tmp_path: Path) -> None:
    values = secret_values([{"SECRET_KEY": 'quote"d-secret', "LLM_MODEL": "small-model", "JWT_SECRET": None}])
    parts = {"a.txt": 'it is quote"d-secret', "b.json": json.dumps({"env": 'quote"d-secret', "model": "small-model"})}
    archive = write(parts, values, tmp_path / "record.tar.gz")
    assert archive.stat().st_mode & 0o077 == 0
    with tarfile.open(archive) as packed:
        text = "".join(packed.extractfile(name).read().decode() for name in packed.getnames())  # type: ignore[union-attr]
    assert "secret" not in text.replace(REMOVED, "")
    assert "small-model" in text


def test_the_summary_begins_with_what_is_red() -> None:
    report = Report("cluster", "", [Resource("a", "ok"), Resource("z", "error", "boom <b>")])
    page = summary(report, ["tilt/log.jsonl"], "now")
    assert page.index("<td>z") < page.index("<td>a")
    assert "boom &lt;b&gt;" in page


# --- replay and forward -----------------------------------------------------------------------------------------------


def test_every_scenario_is_a_choice_of_the_button_and_was_recorded() -> None:
    choices = evaluate().of("v1alpha1.ui_choice_input_spec")
    assert {"choices": scenarios()} in choices
    for name in scenarios():
        assert any(turn["calls"] for turn in load(name))


def test_a_changed_tool_call_is_shown_as_a_difference() -> None:
    call = {"name": "add_task", "arguments": {"title": "Milk"}, "ok": True}
    before = [{"say": "add milk", "calls": [call]}]
    after = [{"say": "add milk", "calls": [call | {"arguments": {"title": "milk"}}]}]
    assert changes(before, before) == []
    assert changes(before, after) == [
        " “add milk”",
        '-    add_task({"title": "Milk"})',
        '+    add_task({"title": "milk"})',
    ]


def test_a_forward_that_worked_comes_back_at_once_and_a_hopeless_one_ever_later() -> None:
    assert next_pause(lived=60, pause=LONGEST_PAUSE) == 0.2
    assert next_pause(lived=0, pause=0.2) == 0.4
    assert next_pause(lived=0, pause=LONGEST_PAUSE) == LONGEST_PAUSE


def test_what_a_forward_prints_per_request_does_not_bury_the_log(tmp_path: Path) -> None:
    script = '#!/bin/sh\ncase "$*" in *"get service"*) exit 0;; esac\n'
    script += 'echo "Forwarding from 127.0.0.1"; echo "Handling connection for 1"; sleep 60\n'
    (tmp_path / "kubectl").write_text(script)
    (tmp_path / "kubectl").chmod(0o755)
    argv = [sys.executable, "-m", "scripts.tilt_forward", "--port", "1", "--kubectl", str(tmp_path / "kubectl")]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True) as forward:
        assert forward.stdout is not None
        assert forward.stdout.readline() == "Forwarding from 127.0.0.1\n"
        os.killpg(forward.pid, 15)
        assert "Handling" not in forward.stdout.read()


GUIDE = (ROOT / "docs/INNER_LOOP.md").read_text()


def test_every_test_and_file_that_the_guide_names_exists() -> None:
    code: dict[str, str] = {}
    for file in (ROOT / "tests").rglob("test_*.py"):
        code[file.name] = code.get(file.name, "") + file.read_text()
    named = set(re.findall(r"\btest_\w+\b(?!\.py)", GUIDE))
    assert {name for name in named if f"def {name}(" not in "".join(code.values())} == set()
    pairs = re.findall(r"\b(test_\w+\.py)::(test_\w+)", GUIDE)
    assert {pair for pair in pairs if f"def {pair[1]}(" not in code.get(pair[0], "")} == set()
    files = set(
        re.findall(r"`((?:tests|scripts|tilt|helm|backend|frontend|\.devcontainer|\.github|docs)/[\w./-]+)`", GUIDE)
    )
    assert {file for file in files if not (ROOT / file).exists()} == set()
    assert {file for file in re.findall(r"\btest_\w+\.py", GUIDE) if file not in code} == set()


def test_every_button_and_resource_that_the_guide_names_exists() -> None:
    recording = evaluate("--mode=hybrid")
    buttons = {button["name"] for button in recording.of("v1alpha1.ui_button")}
    assert set(re.findall(r"\bbutton `([\w-]+)`", GUIDE)) <= buttons
    assert set(re.findall(r"\bresource `([\w-]+)`", GUIDE)) <= set(recording.resources())


@pytest.mark.parametrize(("heading", "rows"), [("## What a best environment has", 52), ("## Pitfalls that do not", 37)])
def test_every_feature_and_pitfall_has_its_row_and_each_row_shows_something(heading: str, rows: int) -> None:
    section = GUIDE.partition(heading)[2].partition("\n## ")[0]
    cells = [line.strip("|").split(" | ") for line in section.splitlines() if re.match(r"\| \d", line)]
    assert [int(row[0]) for row in cells] == list(range(1, rows + 1))
    assert all(len(row[2].strip()) > 3 for row in cells)
