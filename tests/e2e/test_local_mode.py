"""`make up` in local mode: the README's first command, from nothing to a task in a browser."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator

import httpx2
import psutil
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.e2e.conftest import CHROMIUM, NewPage, launched
from tests.e2e.people import add, say, task
from tests.local_mode import ROOT, LocalMode, running

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalMode]:
    with running(tmp_path_factory.mktemp("local")) as mode:
        yield mode


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The one that people have, windows and all."""
    async with launched(CHROMIUM) as browser:
        yield browser


@pytest.fixture(scope="session")
def url() -> str:
    """Pages are opened by whole addresses here."""
    return ""


@pytest.mark.asyncio(loop_scope="session")
async def test_a_task_is_typed_and_another_is_told_in_a_browser(new_page: NewPage, local: LocalMode) -> None:
    page = await new_page(f"{local.url}/")
    await add(page, "Call Ammi")
    await say(page, "add bread")
    await expect(task(page, "Bread")).to_be_visible()


def test_every_question_of_the_smoke_test_is_answered(local: LocalMode) -> None:
    argv = [sys.executable, "-m", "scripts.smoke", "--url", local.url]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_seed_fills_a_space_of_its_own(local: LocalMode) -> None:
    argv = [sys.executable, "-m", "scripts.seed", "--url", local.url]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    cookie = done.stdout.split("todo_guest=")[1].split(";")[0]
    answer = httpx2.get(f"{local.url}/api/tasks", cookies={"todo_guest": cookie})
    titles = [task["title"] for task in answer.json()["items"]]
    assert "Buy milk and bread" in titles
    assert len(titles) >= 12
    assert httpx2.get(f"{local.url}/api/tasks").json()["items"] == []


def verb(local: LocalMode, module: str, *words: str) -> subprocess.CompletedProcess[str]:
    """A verb of the Makefile as its module, asked about this local mode; Tilt, if one runs here, is left alone."""
    env = {**os.environ, "DATA_DIR": str(local.data), "TILT_PORT": "1"}
    return subprocess.run([sys.executable, "-m", module, *words], cwd=ROOT, env=env, capture_output=True, text=True)


def test_the_doctor_the_status_and_the_replay_find_the_running_local_mode(local: LocalMode) -> None:
    examined = json.loads(verb(local, "scripts.doctor", "--json", "--mode=local").stdout)
    found = {check["name"]: check for check in examined["checks"]}
    for name in ("application", "clock", "allowed hosts", "streaming", "hot reload"):
        assert found[name]["status"] == "ok", found[name]
    assert "pieces" in found["streaming"]["text"]
    status = json.loads(verb(local, "scripts.status", "--json").stdout)
    assert (status["mode"], status["url"], status["ready"]) == ("local", local.url, True)
    replayed = verb(local, "scripts.tilt_replay", "--url", local.url)
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
    assert "groceries: 5 turns, 5 tool calls of the scripted model, as recorded" in replayed.stdout


def test_a_second_make_up_points_to_the_first(local: LocalMode) -> None:
    argv = [sys.executable, "-m", "scripts.up", "--mode=local"]
    env = {**os.environ, "DATA_DIR": str(local.data)}
    done = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 1
    assert f"runs already at {local.url}" in done.stderr


def test_a_killed_part_comes_back_and_ctrl_c_leaves_nothing_behind(local: LocalMode) -> None:
    """Comes last: it ends what the others asked."""
    router = next(process for process in local.tree() if process.name() == "traefik")
    router.send_signal(signal.SIGKILL)
    local.wait_for("ended with signal SIGKILL; starting it again", 10)
    again = [p for p in local.tree() if p.name() == "traefik" and p.pid != router.pid]
    assert again or local.wait_for("router", 5)
    everything = local.tree()
    assert local.interrupt() == 0
    gone, alive = psutil.wait_procs(everything, timeout=5)
    assert alive == []
    assert len(gone) >= 4
    assert not (local.data / "local.json").exists()
