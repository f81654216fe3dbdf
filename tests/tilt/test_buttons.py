"""Every button of the dashboard is pressed, and does what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from scripts.tilt_eval import evaluate
from scripts.tilt_sentinel import meta
from tests.tilt.loop import Loop, edited, wait_for


def tasks(loop: Loop) -> int:
    return int(loop.kubectl(*PSQL, "select count(*) from tasks").strip())


PSQL = (
    *("exec", "deployment/todo-todo-app-postgresql", "-c", "postgresql", "--"),
    *("psql", "-U", "todo", "-d", "todo", "-tAc"),
)


def test_seed_fills_and_reset_empties_the_database(loop: Loop) -> None:
    assert loop.press("seed") == "exit 0"
    assert tasks(loop) > 0
    assert loop.press("reset-database") == "exit 0"
    assert tasks(loop) == 0


def test_the_database_can_be_asked(loop: Loop) -> None:
    assert loop.press("database-shell", SQL="select 40 + 2 as answer") == "exit 0"
    assert "42" in loop.tail(lines=40)


def test_scaling_gives_as_many_pods(loop: Loop) -> None:
    assert loop.press("scale", PART="backend", REPLICAS="2") == "exit 0"
    query = ("get", "deployment/todo-todo-app-backend", "-o", "jsonpath={.status.readyReplicas}")
    assert loop.kubectl(*query) == "2"
    assert loop.press("scale", PART="backend", REPLICAS="1") == "exit 0"


def test_a_pod_killed_by_the_button_comes_back(loop: Loop) -> None:
    before = loop.pod("backend")
    assert loop.press("kill-pod", PART="backend") == "exit 0"
    wait_for(lambda: loop.pod("backend") != before, loop.tail)
    wait_for(lambda: bool(meta(loop.url)), loop.tail)


def test_a_chat_can_be_replayed(loop: Loop) -> None:
    wait_for(lambda: bool(meta(loop.url)), loop.tail)
    assert loop.press("replay", SCENARIO="groceries") == "exit 0", loop.tail(lines=60)
    assert "groceries: 5 turns" in loop.tail(lines=200)


def test_a_flight_record_holds_the_run_and_no_secret(loop: Loop) -> None:
    assert loop.press("flight-record") == "exit 0"
    archives = list((loop.root / "flight-records").glob("*.tar.gz"))
    assert archives
    assert archives[0].stat().st_mode & 0o077 == 0


def test_disk_can_be_freed(loop: Loop) -> None:
    assert loop.press("free-disk") in ("exit 0", "exit 1")
    assert "Images" in loop.tail(lines=80)


def test_a_new_signing_key_replaces_the_backend(loop: Loop) -> None:
    before = loop.pod("backend")
    assert loop.press("rotate-secret") == "exit 0"
    wait_for(lambda: loop.pod("backend") != before, loop.tail)
    secret = json.loads(loop.kubectl("get", "secret", "todo-env", "-o", "json"))
    assert set(secret["data"]) == {"SECRET_KEY"}
    assert (loop.root / ".env").stat().st_mode & 0o077 == 0
    wait_for(lambda: bool(meta(loop.url)), loop.tail)


def test_the_doctor_can_be_asked(loop: Loop) -> None:
    assert loop.press("doctor-now") in ("exit 0", "exit 1")  # one of this machine's own troubles may be red
    assert " to look at, " in loop.tail(lines=60)


def test_a_promise_can_be_measured(loop: Loop) -> None:
    assert loop.press("benchmark", MEASURE="rule-turn") in (
        "exit 0",
        "exit 1",
    )  # other tests may push it past its budget
    assert "measuring rule-turn" in loop.tail(lines=80)


@pytest.mark.parametrize(("button", "folder"), [("all-tests", "tests/backend"), ("end-to-end", "tests/e2e")])
def test_all_tests_of_a_kind_can_be_run(button: str, folder: str, alone: Loop) -> None:
    with edited(alone.root / folder / "test_pressed.py", "def test_pressed() -> None:\n    pass\n"):
        assert alone.press(button) == "exit 0", alone.tail(lines=60)
        assert "1 passed" in alone.tail(lines=60)


def test_every_button_is_pressed_by_some_test() -> None:
    declared = {button["name"] for flags in ((), ("--debug",)) for button in evaluate(*flags).of("v1alpha1.ui_button")}
    text = "".join(file.read_text() for file in Path(__file__).parent.glob("test_*.py"))
    literal = set(re.findall(r'\.press\("([\w-]+)"', text))
    assert declared - literal == {"all-tests", "end-to-end"}  # these two by their parameter
