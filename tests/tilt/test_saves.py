"""What a save does while `tilt up` runs on a real cluster."""

from __future__ import annotations

import time

import psutil
import pytest
from playwright.sync_api import sync_playwright

from scripts.chromium import chromium
from scripts.tilt_sentinel import meta
from scripts.tilt_streams import CHAT, MCP
from tests.tilt.loop import Loop, edited, wait_for


def test_a_save_in_the_backend_is_served_without_a_new_pod(loop: Loop, record_property: pytest.RecordProperty) -> None:
    file, pod = loop.root / "backend/app/main.py", loop.pod("backend")
    loop.until_served()
    with edited(file, file.read_text() + f"\n# {time.time()}\n"):
        seconds = loop.until_served()
    record_property("save_to_served_seconds", round(seconds, 3))
    assert loop.pod("backend") == pod
    loop.until_served()


def test_a_save_in_the_frontend_is_painted_without_a_new_pod_or_page(loop: Loop) -> None:
    css, pod = loop.root / "frontend/src/app/globals.css", loop.pod("frontend")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page()
        with page.expect_websocket(lambda socket: "hmr" in socket.url, timeout=90_000) as connected:
            page.goto(loop.url, wait_until="load", timeout=90_000)
        connected.value.wait_for_event("framereceived", timeout=60_000)  # an edit before that is not told to the page
        page.wait_for_load_state("networkidle")
        page.evaluate("window.kept = 'same page'")
        with edited(css, css.read_text() + "\nbody { --probe: painted }\n"):
            painted = "getComputedStyle(document.body).getPropertyValue('--probe').trim() == 'painted'"
            page.wait_for_function(painted, timeout=60_000)
        assert page.evaluate("window.kept") == "same page"
        browser.close()
    assert loop.pod("frontend") == pod


def test_a_syntax_error_leaves_the_old_code_serving_and_says_where(loop: Loop) -> None:
    file = loop.root / "backend/app/main.py"
    loop.until_served()
    good = meta(loop.url)["source_digest"]
    with edited(file, file.read_text() + "\ndef broken(:\n"):
        failed = wait_for(lambda: (meta(loop.url).get("reload") or {}).get("state") == "failed", loop.tail)
        assert failed
        found = meta(loop.url)
        assert found["source_digest"] == good
        assert "app/main.py" in found["reload"]["error"]
        wait_for(lambda: "SyntaxError" in loop.tail("backend", 60), lambda: loop.tail("backend", 60))
        assert "SyntaxError" in loop.until("stuck-reload", "error").why + loop.tail("stuck-reload")
        wait_for(lambda: "turned red" in loop.tail("flight-recorder"), lambda: loop.tail("flight-recorder"))
    loop.until_served()
    wait_for(lambda: (meta(loop.url).get("reload") or {}).get("state") == "ok", lambda: loop.tail("backend"))
    loop.until("stuck-reload", "ok")


def test_a_replay_shows_which_calls_a_save_changes(loop: Loop) -> None:
    file = loop.root / "backend/app/engines/rules/engine.py"
    known = "known = {tool.name for tool in tools}"
    assert known in file.read_text()
    with edited(file, file.read_text().replace(known, known + ' - {"add_task"}')):
        loop.until("chat-replay", "error")
        assert "-    add_task(" in loop.tail("chat-replay", 120)
    loop.until("chat-replay", "ok")


def test_a_replay_shows_what_the_tools_of_a_save_do_with_the_calls_of_a_scripted_model(loop: Loop) -> None:
    file, pod, engine = loop.root / "backend/app/tools/complete_task.py", loop.pod("backend"), meta(loop.url)["engine"]
    act = '"complete" if'
    assert act in file.read_text()
    with edited(file, file.read_text().replace(act, "str(1 // 0) if")):
        loop.until("chat-replay", "error")
        assert "5 tool calls of the scripted model, changed:" in loop.tail("chat-replay", 60)
        assert '+    complete_task({"tasks": ["buy milk"]}) refused' in loop.tail("chat-replay", 60)
    loop.until("chat-replay", "ok")
    assert "groceries: 5 turns, 5 tool calls of the scripted model, as recorded" in loop.tail("chat-replay", 8)
    assert (loop.pod("backend"), meta(loop.url)["engine"]) == (pod, engine)


def test_a_chat_and_an_mcp_stream_are_open_through_the_ingress_and_hold_up_no_reload(loop: Loop) -> None:
    def times(what: str) -> list[int]:
        lines = loop.tail("open-streams", 10_000)
        return [lines.count(f"{stream} {what}") for stream in (CHAT, MCP)]

    def more(after: list[int], before: list[int]) -> bool:
        return all(now > then for now, then in zip(after, before, strict=True))

    loop.until_served()
    file = loop.root / "backend/app/main.py"
    wait_for(lambda: more(times("is open"), times("ended")), lambda: loop.tail("open-streams"))
    ended = times("ended")
    with edited(file, file.read_text() + f"\n# {time.time()}\n"):
        loop.until_served()
        wait_for(lambda: more(times("ended"), ended), lambda: loop.tail("open-streams"))
        loop.until("stuck-reload", "ok")
        assert "is served" in loop.tail("stuck-reload", 4)
    loop.until_served()


def test_a_new_file_arrives_and_a_deleted_one_is_gone(loop: Loop) -> None:
    added = loop.root / "backend/app/added_by_a_test.py"
    listing = ("exec", "deployment/todo-todo-app-backend", "-c", "backend", "--", "ls", "app")
    with edited(added, "HERE = True\n"):
        wait_for(lambda: added.name in loop.kubectl(*listing), loop.tail)
    wait_for(lambda: added.name not in loop.kubectl(*listing), loop.tail)
    loop.until_served()


def test_a_changed_requirements_file_installs_in_the_running_pod(loop: Loop) -> None:
    file, pod = loop.root / "backend/requirements.txt", loop.pod("backend")
    with edited(file, f"# {time.time()}\n{file.read_text()}"):
        wait_for(lambda: "pip install" in loop.tail("backend", 200), lambda: loop.tail("backend", 60))
        loop.until("backend", "ok")
    assert loop.pod("backend") == pod
    loop.until("backend", "ok")


def test_what_an_editor_writes_aside_costs_nothing(loop: Loop) -> None:
    pod = loop.pod("backend")
    for name in ("4913", "main.py~", ".main.py.swp"):
        with edited(loop.root / "backend/app" / name, "x"):
            pass
    loop.until_served()
    assert loop.pod("backend") == pod


def test_a_killed_pod_comes_back_with_every_save(loop: Loop) -> None:
    file, pod = loop.root / "backend/app/main.py", loop.pod("backend")
    with edited(file, file.read_text() + f"\n# before the kill {time.time()}\n"):
        loop.until_served()
        loop.kubectl("delete", "pod", pod, "--grace-period=0", "--force", "--wait=false")
        wait_for(lambda: loop.pod("backend") != pod, loop.tail)
        loop.until_served()
    loop.until_served()


def test_a_failing_test_is_red_until_it_passes(alone: Loop) -> None:
    file = alone.root / "tests/backend/test_alone.py"
    with edited(file, "def test_alone() -> None:\n    assert False\n"):
        alone.until("backend-tests", "error")
        assert "test_alone" in alone.tail("backend-tests", 60)
        file.write_text("def test_alone() -> None:\n    assert True\n")
        alone.until("backend-tests", "ok")


def test_a_port_forward_that_dies_is_started_again(loop: Loop) -> None:
    loop.until("ingress", "ok")
    for process in psutil.process_iter(["cmdline"]):
        if {"port-forward", f"{loop.port}:80"} <= set(process.info["cmdline"] or []):
            process.kill()
    wait_for(lambda: bool(meta(loop.url)), lambda: loop.tail("ingress"), patience=30)
