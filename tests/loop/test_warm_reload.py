"""A save is served by a fork, and no client notices more than the new answer."""

import contextlib
import http.client
import itertools
import json
import os
import socket
import threading
import time
from pathlib import Path

import psutil
import pytest

from tests.loop.warm_server import WarmServer, digest_of, steady, wait_for

RELOADS = int(os.environ.get("CHAOS_RELOADS", "150"))
"""500 in `make chaos`; what leaks shows in fewer."""


class KeptAlive:
    """A client that sends every request on one connection, as a proxy does."""

    def __init__(self, server: WarmServer, method: str) -> None:
        self.server, self.method = server, method
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        self.answers: list[dict[str, object]] = []

    def __call__(self) -> None:
        self.connection.request(self.method, "/", body=b"x" if self.method == "POST" else None)
        self.answers.append(json.loads(self.connection.getresponse().read()))
        time.sleep(0.001)

    def __enter__(self) -> "KeptAlive":
        self.connection.connect()
        self.connection.auto_open = 0  # a connection that the server closes is a failure, not a reason for another
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()


def test_a_steady_client_sees_no_failure_and_no_mixed_source_through_a_hundred_reloads(server: WarmServer) -> None:
    server.start("--burst", "0")
    server.ready()
    server.preloaded()
    fresh: list[dict[str, object]] = []
    with (
        KeptAlive(server, "GET") as getting,
        KeptAlive(server, "POST") as posting,
        steady(getting, posting, lambda: fresh.append(server.get())) as wrong,
    ):
        for value in range(1001, 1101):
            server.write("first.py", f"VALUE = {value}\n")
            server.serves(value)
            assert not wrong, (wrong[:3], server.output())
    digests = {value: digest_of(value, 1000, server.folder) for value in range(1000, 1101)}
    for answers in (fresh, getting.answers, posting.answers):
        assert len(answers) > 100
        assert all(answer["digest"] == digests[answer["first"]] for answer in answers)
        values = [answer["first"] for answer in answers]
        assert values == sorted(values), "an answer of older code came after one of newer code"
    assert server.stop() == 0


def anonymous_memory(pid: int) -> int:
    """Resident bytes that no file backs, shared with forked servers or not.

    The unique set size would grow with every page that a server writes to and so stops to share.
    """
    fields = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in fields if line.startswith("Anonymous:"))


@pytest.mark.slow
def test_reloads_leave_memory_and_descriptors_as_they_were(server: WarmServer) -> None:
    server.start("--burst", "0")
    server.ready()
    server.preloaded()

    def save(values: range) -> None:
        for value in values:
            server.write("first.py", f"VALUE = {value}\n")
            server.serves(value)

    def seen() -> list[tuple[int, int]]:
        assert server.process is not None
        keepers = [psutil.Process(server.process.pid), server.zygote()]
        return [(anonymous_memory(keeper.pid), keeper.num_fds()) for keeper in keepers]

    with steady(server.get) as wrong:
        save(range(1001, 1051))
        wait_for(lambda: len(server.family()) <= 3, "one server")
        before = seen()
        save(range(1051, 1051 + RELOADS))
        wait_for(lambda: len(server.family()) <= 3, "one server")
        after = seen()
    assert not wrong
    for (memory, descriptors), (memory_after, descriptors_after) in zip(before, after, strict=True):
        assert memory_after < memory * 1.1
        assert descriptors_after <= descriptors * 1.1


def test_twenty_saves_within_a_second_are_one_or_two_reloads_and_the_last_wins(server: WarmServer) -> None:
    server.start()
    server.ready()
    server.preloaded()
    ticks = itertools.count(time.monotonic(), 0.045)
    for value in range(2001, 2021):
        threading.Event().wait(max(0.0, next(ticks) - time.monotonic()))
        server.write("first.py", f"VALUE = {value}\n")
    server.serves(2020)
    assert 1 <= server.reloads() <= 2, server.output()


def test_new_renamed_and_deleted_files_count(server: WarmServer) -> None:
    server.write("first.py", "import importlib.util as u\nVALUE = [n for n in 'abc' if u.find_spec(f'app.{n}')]\n")
    server.start("--burst", "0")
    assert server.ready()["first"] == []
    server.write("a.py", "")
    server.serves(["a"])
    (server.folder / "app" / "a.py").rename(server.folder / "app" / "b.py")
    server.serves(["b"])
    (server.folder / "app" / "c").mkdir()
    server.write("c/__init__.py", "")
    server.serves(["b", "c"])
    (server.folder / "app" / "b.py").unlink()
    server.serves(["c"])


def test_temporary_files_caches_and_files_outside_the_watch_do_not_reload(server: WarmServer) -> None:
    server.start("--burst", "0")
    pid = server.ready()["pid"]
    (server.folder / "app" / "__pycache__").mkdir(exist_ok=True)
    for name in ("4913", "first.py~", ".first.py.swp", ".#first.py", "sedAb12Cd", "__pycache__/first.py", "x.db"):
        server.write(name, "x")
    (server.folder / "outside.py").write_text("x")
    server.write("first.py", "VALUE = 1001\n")
    server.serves(1001)
    assert server.reloads() == 1
    assert server.get()["pid"] != pid


def test_saves_of_equal_size_within_one_second_are_not_served_from_stale_bytecode(server: WarmServer) -> None:
    server.start("--burst", "0")
    server.ready()
    for value in (1001, 1002, 1003, 1001, 1000):
        server.write("first.py", f"VALUE = {value}\n")
        server.serves(value)


def test_source_that_changes_during_the_import_is_forked_again_and_never_served_mixed(server: WarmServer) -> None:
    server.start("--burst", "0", SLOW_IMPORT="0.15")
    server.ready()
    seen: list[dict[str, object]] = []
    with steady(lambda: seen.append(server.get())) as wrong:
        for value in range(1001, 1006):
            server.write("first.py", f"VALUE = {value}\n")
            threading.Event().wait(0.07)  # the fork has imported the first module and not the second
            server.write("second.py", f"VALUE = {value}\n")
            server.serves(value)
    assert not wrong
    assert all(answer["first"] == answer["second"] for answer in seen)


def test_an_idle_connection_is_handed_to_the_new_server_and_answers_new_code(server: WarmServer) -> None:
    server.start("--burst", "0")
    server.ready()
    with KeptAlive(server, "GET") as client:
        client()
        for value in (1001, 1002, 1003):
            server.write("first.py", f"VALUE = {value}\n")
            server.serves(value)
            wait_for(lambda: len(server.family()) == 2, "the old server's end")
            client()
            assert client.answers[-1]["first"] == value


def test_a_request_in_progress_is_finished_by_the_code_that_began_it(server: WarmServer) -> None:
    server.start("--burst", "0")
    server.ready()
    answers: list[dict[str, object]] = []
    slow = threading.Thread(target=lambda: answers.append(server.get("/slow")))
    slow.start()
    threading.Event().wait(0.1)
    server.write("first.py", "VALUE = 1001\n")
    server.serves(1001)
    assert not answers, "the new code serves before the old request ends"
    slow.join()
    assert answers[0]["first"] == 1000


def test_an_open_stream_does_not_hold_up_a_reload_and_ends_cleanly(server: WarmServer) -> None:
    server.start("--burst", "0", "--grace", "0.3")
    server.ready()
    server.preloaded()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/stream")
    stream = connection.getresponse()
    stream.readline()
    saved = time.monotonic()
    server.write("first.py", "VALUE = 1001\n")
    server.serves(1001)
    assert time.monotonic() - saved < 1.0
    with contextlib.closing(connection):
        stream.read()  # raises IncompleteRead when the end is not clean
        assert 0.2 < time.monotonic() - saved < 2.0
        connection.request("GET", "/")  # and the connection lives on, with the new server
        assert json.loads(connection.getresponse().read())["first"] == 1001


def test_a_request_that_arrives_in_pieces_over_a_reload_is_answered(server: WarmServer) -> None:
    server.start("--burst", "0")
    server.ready()
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        threading.Event().wait(0.05)
        server.write("first.py", "VALUE = 1001\n")
        server.serves(1001)
        client.sendall(b"\r\n")
        assert client.recv(4096).startswith(b"HTTP/1.1 200")
