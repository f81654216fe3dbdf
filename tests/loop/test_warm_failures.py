"""Code that does not start leaves the last good code serving, and says why."""

import threading
import time
from typing import Any

import pytest

from tests.loop.warm_server import WarmServer, wait_for


def failed(server: WarmServer) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        status = server.status()
        return status if status.get("state") == "failed" else None

    return wait_for(look, "a failure in the status", output=server.output)


BROKEN = {
    "syntax": ("first.py", "VALUE = = 1\n", "import", "SyntaxError: invalid syntax (app/first.py, line 1)"),
    "import": ("first.py", "import nothing_of_that_name\n", "import", "ModuleNotFoundError: No module named"),
    "name": (
        "first.py",
        "VALUE = missing\n",
        "import",
        "NameError: name 'missing' is not defined (app/first.py, line 1)",
    ),
    "exit": ("first.py", "raise SystemExit(4)\n", "import", "SystemExit: 4 (app/first.py, line 1)"),
    "hard exit": ("first.py", "import os\nos._exit(5)\n", "exit", "the new code exited with status 5 while it started"),
    "start-up": (
        "startup.py",
        "async def run():\n    raise ValueError('no database')\n",
        "startup",
        "ValueError: no database (app/startup.py, line 2)",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_code_that_does_not_start_leaves_the_old_code_serving_and_the_next_save_recovers(
    server: WarmServer, case: str
) -> None:
    name, text, kind, error = BROKEN[case]
    server.start("--burst", "0")
    pid = server.ready()["pid"]
    good = (server.folder / "app" / name).read_text()
    server.write(name, text)
    status = failed(server)
    assert status["kind"] == kind
    assert status["error"].startswith(error)
    assert error in server.output()
    if kind != "exit":
        assert f'app/{name}", line ' in status["traceback"]
        assert "warm/" not in status["traceback"]
        assert status["traceback"] in server.output()
    assert server.get()["pid"] == pid
    server.write(name, good)
    server.write("second.py", "VALUE = 5\n")
    wait_for(lambda: server.get()["second"] == 5, "an answer", output=server.output)
    assert server.status()["state"] == "ok"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("import asyncio\n\n\nasync def run():\n    await asyncio.sleep(60)\n", 5),
        ("import time\n\n\nasync def run():\n    time.sleep(60)\n", 5),
        ("import time\ntime.sleep(60)\n", 2),
    ],
    ids=["waiting", "blocking", "importing"],
)
def test_a_start_that_hangs_is_stopped_and_the_line_is_named(server: WarmServer, text: str, line: int) -> None:
    server.start("--burst", "0", "--start-limit", "1")
    pid = server.ready()["pid"]
    server.write("startup.py", text)
    server.write("first.py", "from app import startup\nVALUE = 1\n")
    status = failed(server)
    assert status["kind"] == "timeout"
    assert status["error"] == "the new code did not start within 1 s and was stopped"
    assert f'app/startup.py", line {line}' in status["traceback"]
    assert server.get()["pid"] == pid
    server.write("startup.py", "async def run():\n    pass\n")
    server.serves(1)


def test_without_any_good_code_requests_are_answered_with_the_error_and_probes_stay_alive(server: WarmServer) -> None:
    server.write("first.py", "VALUE = (\n")
    server.start("--burst", "0")
    server.says("SyntaxError")
    answer = server.get("/")
    assert answer["status"] == 503
    assert answer["detail"] == "SyntaxError: '(' was never closed (app/first.py, line 1)"
    assert server.get("/health") == {"status": "ok"}
    server.write("first.py", "VALUE = 2\n")
    server.serves(2)


def test_a_start_up_that_failed_first_is_tried_again_without_a_save(server: WarmServer) -> None:
    flag = server.folder / "database"
    server.write(
        "startup.py", f"import os\nasync def run():\n    assert os.path.exists({str(flag)!r}), 'no database'\n"
    )
    server.start()
    server.says("no database")
    flag.touch()
    assert server.serves(1000)


def test_a_crashed_server_is_started_again_with_a_growing_delay(server: WarmServer) -> None:
    server.start()
    pids = {server.ready()["pid"]}
    for message in ("starting again\n", "starting again in 0.5 s\n", "starting again in 1 s\n"):
        assert server.try_get("/exit") is None
        server.says(message)
        pids.add(server.serves(1000)["pid"])
    assert "the server exited with status 7" in server.output()
    assert len(pids) == 4


def test_a_change_command_runs_before_the_reload_and_its_failure_is_shown(server: WarmServer) -> None:
    migrations = server.folder / "migrations"
    migrations.mkdir()
    (migrations / "one.py").write_text("")
    script = server.folder / "migrate.py"
    script.write_text("import pathlib\nprint('migrating', len(list(pathlib.Path('migrations').glob('*.py'))))\n")
    server.start("--burst", "0", "--on-change", "migrations", "python migrate.py")
    pid = server.ready()["pid"]
    (migrations / "two.py").write_text("")
    server.says("migrating 2")
    wait_for(lambda: server.get()["pid"] != pid, "a reload")
    script.write_text("raise SystemExit('column is in use')\n")
    (migrations / "two.py").unlink()
    status = failed(server)
    assert status["kind"] == "command"
    assert status["error"] == "`python migrate.py` exited with status 1"
    assert "column is in use" in status["traceback"]


def test_a_save_during_a_slow_import_abandons_it_at_once(server: WarmServer) -> None:
    server.start("--burst", "0")
    server.ready()
    server.write("first.py", "import time\ntime.sleep(10)\nVALUE = 1\n")
    threading.Event().wait(0.3)
    saved = time.monotonic()
    server.write("first.py", "VALUE = 2\n")
    server.serves(2)
    assert time.monotonic() - saved < 5
