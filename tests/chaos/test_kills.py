"""SQLite under kill -9: nothing acknowledged is lost, nothing is there twice, nothing is half done."""

import itertools
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from random import Random

import pytest

from tests.chaos.bounds import KILLS, WRITES
from tests.chaos.browser import GONE
from tests.chaos.server import ApiServer, Nursery, running
from tests.chaos.writer import Writer
from tests.figures import Figure

WRITERS = 3


def write_until_killed(server: ApiServer, writers: list[Writer], kill_after: int, pause: float) -> int:
    """All write at once; so many acknowledged writes later, and `pause` seconds, the server is killed."""
    counted = itertools.count(1)
    enough, killed = threading.Event(), threading.Event()
    acknowledged: list[int] = []

    def write(writer: Writer) -> None:
        try:
            with suppress(*GONE):
                while True:
                    writer.write()
                    acknowledged.append(next(counted))
                    if len(acknowledged) >= kill_after:
                        enough.set()
        finally:
            enough.set()
        assert killed.wait(10), "the server was gone before it was killed"

    with ThreadPoolExecutor(len(writers)) as pool:
        working = [pool.submit(write, writer) for writer in writers]
        enough.wait()
        threading.Event().wait(pause)  # so that the kill meets every moment of a write
        killed.set()
        server.kill()
        for work in working:
            work.result()
    return len(acknowledged)


@pytest.mark.timeout(7200)
def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice_when_the_server_is_killed_while_it_writes(
    nursery: Nursery, database: Path, tmp_path: Path, random: Random, figure: Figure
) -> None:
    everybody: list[Writer] = []
    acknowledged = doubtful = done = 0
    away: list[float] = []
    with running(nursery, database, tmp_path) as server:
        for round_ in range(KILLS):
            names = [f"{round_}-{number}" for number in range(WRITERS)]
            writers = [Writer(server.port, name, Random(f"{random.random()}")) for name in names]
            acknowledged += write_until_killed(server, writers, random.randint(1, WRITES), random.uniform(0, 0.004))
            died = time.monotonic()
            server.start()
            away.append(time.monotonic() - died)
            doubtful += sum(writer.doubt is not None for writer in writers)
            done += sum(writer.verify() for writer in writers)
            everybody += writers
        for writer in everybody:
            writer.verify()
        server.kill()
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    figure(
        f"{KILLS} kills of a server on SQLite: {acknowledged} acknowledged writes, none lost, none twice; "
        f"{doubtful} writes got no answer, {done} of them were done, each wholly; "
        f"it answered again {max(away):.2f} s after it was started at the latest"
    )


TAMPERING = {
    "lost": "DELETE FROM tasks WHERE number = (SELECT min(number) FROM tasks)",
    "rolled back": "UPDATE tasks SET title = 'older' WHERE number = (SELECT min(number) FROM tasks)",
    "doubled": """
        INSERT INTO tasks (id, owner, title, notes, priority, tags, due_sort, done, version, created_at, updated_at,
                           search_text)
        SELECT 'ffffffffffffffffffffffffffffffff', owner, title, notes, priority, tags, due_sort, done, version,
               created_at, updated_at, search_text FROM tasks LIMIT 1
    """,
}


def test_the_checker_sees_a_lost_an_older_and_a_doubled_task(
    nursery: Nursery, database: Path, tmp_path: Path, random: Random
) -> None:
    with running(nursery, database, tmp_path) as server:
        for what, statement in TAMPERING.items():
            with closing(sqlite3.connect(database)) as connection, connection:
                connection.execute("DELETE FROM tasks")
            writer = Writer(server.port, "task", random)
            writer.verify()
            writer.look()
            with closing(sqlite3.connect(database)) as connection, connection:
                assert connection.execute(statement).rowcount == 1
            for check in (writer.verify, *([] if what == "doubled" else [writer.look])):
                with pytest.raises(AssertionError, match="told"):
                    check()
            writer.browser.close()
