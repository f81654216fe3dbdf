"""Replays of recorded chats: which engines answer them, and where the scripted model runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import nullcontext
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import httpx2
import pytest

from scripts import tilt_replay, tilt_scripted_model
from scripts.tilt_scripted_model import ROOT, NoModelError, scripted_model
from scripts.tilt_sentinel import APP, saved_digest
from tests.loop.answering import say, serving


@pytest.mark.parametrize(
    ("kind", "flags", "expected"),
    [
        ("rules", [], ["scripted", "own"]),
        ("rules", ["--scripted"], ["scripted"]),
        ("rules", ["--record"], ["own"]),
        ("openai_compatible", [], ["scripted"]),
        ("openai_compatible", ["--live"], ["scripted", "own"]),
    ],
)
def test_a_save_never_asks_a_model_that_costs(
    kind: str, flags: list[str], expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(tilt_replay, "replay_scripted", lambda *_: [asked.append("scripted")])
    monkeypatch.setattr(tilt_replay, "replay", lambda *_, **__: [asked.append("own")])
    meta = {"engine": {"kind": kind}, "source_digest": saved_digest(APP)}
    with serving(lambda handler: say(handler, meta)) as url:
        monkeypatch.setattr(sys, "argv", ["tilt_replay", "groceries", "--url", url, *flags])
        assert tilt_replay.main() == 0
    assert asked == expected


@pytest.mark.parametrize(("digest", "flags"), [("another tree's", []), (saved_digest(APP), ["--record"])])
def test_what_may_ask_a_model_that_costs_is_refused_before_it_begins(
    digest: str, flags: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    paths: list[str] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        paths.append(handler.path)
        say(handler, {"engine": {"kind": "openai_compatible"}, "source_digest": digest})

    with serving(answer) as url:
        monkeypatch.setattr(sys, "argv", ["tilt_replay", "groceries", "--url", url, *flags])
        assert tilt_replay.main() == 1
    assert paths == ["/api/meta"]
    assert "at its price" in capsys.readouterr().out


def test_an_application_that_takes_no_scripted_model_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tilt_replay, "scripted_model", lambda _: nullcontext("unknown"))

    def answer(handler: BaseHTTPRequestHandler) -> None:
        known = {"engine": {"kind": "rules"}, "source_digest": "any"}
        say(handler, known, 404 if handler.path == "/api/chat" else 200)

    with serving(answer) as url:
        monkeypatch.setattr(sys, "argv", ["tilt_replay", "groceries", "--url", url])
        assert tilt_replay.main() == 1
    assert "takes no scripted model" in capsys.readouterr().out


def test_what_another_engine_answered_is_no_replay() -> None:
    reply = {"engine": "rules", "notices": [{"text": "The model's server could not be reached."}]}
    with (
        serving(lambda handler: say(handler, reply)) as url,
        httpx2.Client(base_url=url) as client,
        pytest.raises(NoModelError, match="not the model but rules answered “add milk”: The model's server could not"),
    ):
        tilt_replay.play(client, [{"say": "add milk", "calls": []}], "openai_compatible")


@pytest.fixture
def kubectl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kubectl that knows one pod that runs and one that goes, and runs what is executed there on this machine."""
    running, going = ({"metadata": {"name": f"backend-{n}"}, "status": {"phase": "Running"}} for n in range(2))
    going["metadata"]["deletionTimestamp"] = "now"
    (tmp_path / "pods.json").write_text(json.dumps({"items": [running, going]}))
    script = f"""#!/bin/sh
case "$*" in *" get pods "*) exec cat {tmp_path}/pods.json;; esac
echo "$*" >> {tmp_path}/asked
if [ -e {tmp_path}/broken ]; then echo no such container >&2; exit 1; fi
while [ "$1" != -- ]; do shift; done
shift 2
cd {tmp_path} && exec {sys.executable} "$@"
"""
    (tmp_path / "kubectl").write_text(script)
    (tmp_path / "kubectl").chmod(0o755)
    environment = {"TODO_MODE": "cluster", "TODO_NAMESPACE": "of-a-test", "TODO_CONTEXT": "a-context"}
    for name, value in {**environment, "PATH": f"{tmp_path}:{os.environ['PATH']}"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(tilt_scripted_model, "IN_POD", tmp_path / "models")
    return tmp_path


def test_every_pod_that_runs_gets_the_model_and_its_sources_and_none_keeps_it(kubectl: Path) -> None:
    with scripted_model({"always": {"text": "Hi."}}) as name:
        transport = httpx2.HTTPTransport(uds=str(kubectl / "models" / f"{name}.socket"))
        with httpx2.Client(transport=transport, base_url="http://model") as client:
            assert "Hi." in client.post("/v1/chat/completions", json={"messages": []}).text
    assert list((kubectl / "models").iterdir()) == []
    [asked, *others] = [line for line in (kubectl / "asked").read_text().splitlines() if "exec" in line]
    assert asked == "--context a-context --namespace of-a-test exec -i backend-0 -c backend -- python -c "
    assert others == []


def test_a_model_that_is_ended_with_all_that_tilt_started_leaves_no_socket(tmp_path: Path) -> None:
    file, pipe = tmp_path / "model.socket", subprocess.PIPE
    argv = [sys.executable, "-m", "tests.fake_provider", "--socket", str(file)]
    with subprocess.Popen(argv, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as model:
        assert model.stdin is not None
        assert model.stdout is not None
        model.stdin.write("{}\n")
        model.stdin.flush()
        assert model.stdout.readline() == "ready\n"
        transport = httpx2.HTTPTransport(uds=str(file))
        with httpx2.Client(transport=transport, base_url="http://model") as client:
            assert client.get("/health").status_code == 200
        model.terminate()
        assert model.wait(20) == 0
    assert not file.exists()


def test_a_model_that_does_not_start_says_why(kubectl: Path) -> None:
    (kubectl / "broken").touch()
    with (
        pytest.raises(NoModelError, match="did not start in backend-0: no such container"),
        scripted_model({"always": {"text": "Hi."}}),
    ):
        pass


def test_a_replay_of_a_save_asks_the_saved_code_and_not_the_one_before(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = ["older", "older", saved_digest(APP)]
    replayed: list[list[str]] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        digest = answers.pop(0) if len(answers) > 1 else answers[0]
        say(handler, {"source_digest": digest, "engine": {"kind": "rules"}})

    monkeypatch.setattr(tilt_replay, "replay_scripted", lambda names, _: [replayed.append(names)])
    with serving(answer) as url:
        monkeypatch.setattr(sys, "argv", ["tilt_replay", "groceries", "--saved", "--scripted", "--url", url])
        assert tilt_replay.main() == 0
        assert (answers, replayed) == ([saved_digest(APP)], [["groceries"]])
        monkeypatch.setattr(tilt_replay, "check", lambda *_: (False, "the save does not load"))
        assert tilt_replay.main() == 1
    assert replayed == [["groceries"]]
    assert capsys.readouterr().out == "the save does not load\n"
