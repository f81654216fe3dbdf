"""SQLite on a disk that is full or may not be written: a 503 with a sentence, and life goes on when it is over."""

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from tests.chaos.browser import Answer, Browser
from tests.chaos.server import ApiServer, Nursery, running
from tests.figures import Figure

NOTES = "x" * 5000  # a few of these and the log of SQLite must grow
ENOUGH = 400
READERS = 4
LEFT = 300_000  # bytes
QUOTA = 400_000
FULL = "The database's disk is full; nothing was saved."
BROKEN = "The database's disk cannot be used; nothing was saved."
READ_ONLY = "The database can be read but not written; nothing was saved."


def add(browser: Browser, title: str) -> Answer:
    return browser.call("POST", "/api/tasks", {"title": title, "notes": NOTES}, idempotency_key=title)


def refused(answer: Answer, detail: str) -> None:
    assert answer.status == 503, answer
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"]
    assert answer.body["detail"] == detail


def titles(browser: Browser) -> list[str]:
    return sorted(task["title"] for task in browser.tasks().values())


def write_until_refused(browser: Browser) -> tuple[list[str], Answer]:
    """The titles that were acknowledged, and the first answer that was none."""
    told: list[str] = []
    for number in range(ENOUGH):
        answer = add(browser, f"{number:04}")
        if answer.status != 201:
            return told, answer
        told.append(f"{number:04}")
    raise AssertionError("the disk never became full")


@contextmanager
def no_space(disk: Path) -> Iterator[None]:
    """A file takes what is left of the disk, except for a few writes."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"\0" * 4096) == 4096:
            pass
    os.truncate(filler, filler.stat().st_size - LEFT)
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def no_larger_files(server: ApiServer, size: int) -> Iterator[None]:
    """As a quota does: no file of the server may grow past this many bytes."""
    assert server.process is not None
    process = psutil.Process(server.process.pid)
    before = process.rlimit(psutil.RLIMIT_FSIZE)
    assert isinstance(before, tuple)
    process.rlimit(psutil.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        process.rlimit(psutil.RLIMIT_FSIZE, before)


def check(server: ApiServer, fault: AbstractContextManager[None], detail: str) -> int:
    """Writing goes on until nothing more fits, is refused with this sentence, and goes on when the fault is over.

    Returns how many writes were acknowledged during the fault.
    """
    with Browser(server.port) as browser:
        assert add(browser, "Before").status == 201
        with fault:
            told, answer = write_until_refused(browser)
            refused(answer, detail)
            refused(add(browser, "Again"), detail)
            assert titles(browser) == [*told, "Before"]
            assert browser.call("GET", "/ready").status == 200
        next_title = f"{len(told):04}"
        assert add(browser, next_title).status == 201
        assert titles(browser) == [*told, next_title, "Before"]
        return len(told)


def test_a_full_disk_is_said_and_loses_nothing_and_writing_goes_on_when_there_is_space(
    nursery: Nursery, migrated: Path, tmp_path: Path, figure: Figure
) -> None:
    if nursery.small_disk is None:
        pytest.skip("this machine does not let a process mount a small disk of its own")
    shutil.copy(migrated, nursery.small_disk / "todo.db")
    with running(nursery, nursery.mount / "todo.db", tmp_path) as server:
        told = check(server, no_space(nursery.small_disk), FULL)
    figure(f"full disk: {told} acknowledged writes kept, then 503; the first write after it was done")


def test_a_quota_is_said_and_loses_nothing_and_writing_goes_on_when_it_is_lifted(
    nursery: Nursery, database: Path, tmp_path: Path, figure: Figure
) -> None:
    with running(nursery, database, tmp_path) as server:
        told = check(server, no_larger_files(server, QUOTA), BROKEN)
    figure(f"quota: {told} acknowledged writes kept, then 503; the first write after it was done")


def test_a_file_that_may_only_be_read_is_said_and_is_written_again_without_a_restart_when_it_may_be(
    nursery: Nursery, database: Path, tmp_path: Path, figure: Figure
) -> None:
    with running(nursery, database, tmp_path) as server:
        with Browser(server.port) as browser:
            assert add(browser, "Before").status == 201
        server.kill()
        database.chmod(0o444)
        server.start()
        with browser:
            refused(add(browser, "0"), READ_ONLY)
            with ThreadPoolExecutor(READERS) as pool:  # so that several connections to the file are open
                seen = pool.map(lambda _: read(server.port, browser.cookie), range(3 * READERS))
                assert all(titles == ["Before"] for titles in seen)
            database.chmod(0o644)
            # One write finds out: SQLite's connections know nothing of a file's mode once they are open.
            statuses = [add(browser, f"{number}").status for number in range(2 * READERS)]
            assert statuses[1:] == [201] * (2 * READERS - 1)
            assert "Before" in titles(browser)
    figure(f"read-only file: 503 while it lasts, {statuses.count(503)} more write refused after it")


def read(port: int, cookie: str) -> list[str]:
    """What the same user sees on a connection of its own."""
    with Browser(port, cookie) as browser:
        return titles(browser)
