"""The processes: who starts, replaces and ends whom."""

import contextlib
import http.client
import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.loop.warm_server import WarmServer, steady, wait_for


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_everything_is_gone_within_the_grace_after_a_signal(server: WarmServer, number: signal.Signals) -> None:
    server.start("--grace", "0.5")
    server.ready()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    with contextlib.closing(connection):
        connection.request("GET", "/stream")
        stream = connection.getresponse()
        assert server.stop(number, seconds=3) == 0
        stream.read()  # raises IncompleteRead when the end is not clean


def test_a_signal_to_the_whole_process_group_ends_everything_without_a_traceback(server: WarmServer) -> None:
    server.start()
    server.ready()
    assert server.process is not None
    family = server.family()
    os.killpg(server.process.pid, signal.SIGTERM)
    assert server.process.wait(8) == 0
    _, alive = psutil.wait_procs(family, timeout=8)
    assert not alive
    assert "Traceback" not in server.output()


def test_a_supervisor_that_is_killed_takes_everything_with_it(server: WarmServer) -> None:
    server.start()
    server.ready()
    server.stop(signal.SIGKILL)


def test_a_killed_server_is_replaced(server: WarmServer) -> None:
    server.start()
    pid = server.ready()["pid"]
    os.kill(pid, signal.SIGKILL)
    server.says("the server was killed by SIGKILL")
    assert server.serves(1000)["pid"] != pid


def test_a_killed_zygote_is_replaced_while_its_server_serves_on(server: WarmServer) -> None:
    server.start("--burst", "0")
    pid = server.ready()["pid"]
    server.preloaded()
    zygote = server.zygote()
    with steady(server.get) as wrong:
        zygote.kill()
        server.says("the zygote was killed by SIGKILL")
        assert server.get()["pid"] == pid
        server.write("first.py", "VALUE = 1001\n")
        server.serves(1001)
        wait_for(lambda: not psutil.pid_exists(pid), "the orphaned server's end")
    assert not wrong
    assert server.stop() == 0


def test_a_server_whose_zygote_died_is_restarted_when_it_crashes(server: WarmServer) -> None:
    server.start()
    pid = server.ready()["pid"]
    server.zygote().kill()
    server.says("the zygote was killed")
    os.kill(pid, signal.SIGKILL)
    server.says("the server was killed by SIGKILL")
    assert server.serves(1000)["pid"] != pid


def test_the_zygote_has_one_thread(server: WarmServer) -> None:
    server.start()
    server.ready()
    server.preloaded()
    assert server.zygote().num_threads() == 1


def test_as_process_1_it_serves_reaps_orphans_and_ends(server: WarmServer) -> None:
    unshare = shutil.which("unshare")
    before = (unshare or "unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc", "--kill-child")
    if unshare is None or subprocess.run([*before, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let a process have its own process ids")
    server.write("first.py", "import os\nVALUE = os.getppid()\nif os.fork() == 0:\n    os._exit(os.fork() and 0)\n")
    server.start("--burst", "0", before=before)
    server.ready()
    server.write("second.py", "VALUE = 2\n")
    wait_for(lambda: server.get()["second"] == 2, "an answer", output=server.output)
    assert server.process is not None
    [first] = psutil.Process(server.process.pid).children()
    wait_for(lambda: not zombies(first), "the orphans' end")
    first.terminate()
    assert server.process.wait(8) == 0


def zombies(first: psutil.Process) -> list[psutil.Process]:
    return [child for child in first.children() if child.status() == psutil.STATUS_ZOMBIE]


def test_a_taken_port_is_one_sentence(server: WarmServer) -> None:
    server.start()
    server.ready()
    command = [sys.executable, "-m", "warm", "app.main:app", "--port", str(server.port), "--watch", "app"]
    other = subprocess.run(command, cwd=server.folder, capture_output=True, text=True, check=False)
    assert other.returncode == 1
    assert re.fullmatch(
        r"warm: cannot listen on 127.0.0.1:\d+: Address already in use. Choose another --port.\n", other.stderr
    )


def test_wrong_arguments_are_one_sentence(tmp_path: Path) -> None:
    for words, sentence in (
        (["app.main"], "is not of the form module:attribute"),
        (["app.main:app", "--watch", "nowhere"], "nowhere does not exist here"),
    ):
        run = subprocess.run(
            [sys.executable, "-m", "warm", *words], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert run.returncode == 2
        assert sentence in run.stderr


def test_where_processes_cannot_fork_uvicorns_reloader_takes_over_and_says_so(server: WarmServer) -> None:
    server.start("--no-fork")
    server.ready()
    server.says("using uvicorn's own reloader")
    values = itertools.count(20000)

    def saved_and_served() -> bool:  # uvicorn misses a save in its first quarter of a second
        server.write("first.py", f"VALUE = {next(values)}\n")
        return (server.try_get() or {}).get("first", 0) >= 20000

    wait_for(saved_and_served, "a reload")
