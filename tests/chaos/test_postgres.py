"""PostgreSQL that is slow, silent, cut, refusing, crowded, read-only, full or killed, while users write.

Nothing acknowledged is lost, nothing is done twice, every refusal has its sentence, and it goes on by itself.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

import psycopg
import pytest

from app.db.migrate import upgrade
from app.db.url import DatabaseUrl
from tests.backend.postgres_server import PostgresServer, postgres_server
from tests.chaos.bounds import SLOW
from tests.chaos.browser import Browser
from tests.chaos.checker import Checker, checking
from tests.chaos.proxy import Proxy, before
from tests.chaos.server import ApiServer, Nursery, running
from tests.figures import Figure

pytestmark = pytest.mark.postgres
AWAY = "The database cannot be reached; try again in a moment."
BUSY = "All database connections are busy; try again in a moment."
NO_CONNECTION = "The database has no connection left; try again in a moment."
READ_ONLY = "The database can be read but not written; nothing was saved."
FULL = "The database's disk is full; nothing was saved."


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture
def proxy(postgres: PostgresServer) -> Iterator[Proxy]:
    with before(f"{postgres.folder}/.s.PGSQL.5432") as proxy:
        yield proxy


def migrated(postgres: PostgresServer, name: str, *options: str) -> str:
    """A database of a user without privileges, which keeps what it acknowledges; its URL."""
    postgres.execute(
        "DO $$ BEGIN CREATE ROLE todo LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        f'CREATE DATABASE "{name}" OWNER todo {" ".join(options)}',
        f'ALTER DATABASE "{name}" SET synchronous_commit = on',
    )
    url = postgres.url(name).replace("//postgres@", "//todo@")
    upgrade(DatabaseUrl.parse(url))
    return url


@pytest.fixture
def server(nursery: Nursery, postgres: PostgresServer, proxy: Proxy, tmp_path: Path) -> Iterator[ApiServer]:
    """The application, which reaches its database through the proxy."""
    name = tmp_path.name
    migrated(postgres, name)
    url = f"postgresql://todo@127.0.0.1:{proxy.port}/{name}"
    with running(nursery, url, tmp_path, database_timeout=SLOW + 1) as server:
        yield server


def only(checker: Checker, *sentences: str) -> None:
    """Nothing else was said."""
    assert checker.said.keys() <= set(sentences), checker.said


def test_a_slow_database_makes_slow_answers_and_no_wrong_ones(
    server: ApiServer, proxy: Proxy, random: Random, figure: Figure
) -> None:
    with checking(server.port, random) as checker:
        checker.wait_for(10)
        proxy.delay = SLOW / 10  # a write is about ten trips
        checker.wait_for(4)
        with Browser(server.port, timeout=1) as browser:
            assert browser.call("GET", "/health").status == 200
        proxy.heal()
        back = checker.wait_for(10)
    only(checker)
    figure(f"PostgreSQL slow, so that a write takes {SLOW:.0f} s: {checker.figures}; as before after {back:.1f} s")


@pytest.mark.parametrize("fault", ["refuse", "hang", "cut"])
def test_a_database_that_goes_away_is_said_and_used_again_when_it_is_back(
    fault: str, server: ApiServer, proxy: Proxy, random: Random, figure: Figure
) -> None:
    with checking(server.port, random) as checker:
        checker.wait_for(10)
        getattr(proxy, fault)()
        if fault != "cut":  # a connection that nobody used just then is noticed and replaced without a word
            checker.wait_for_refusals(4)
        with Browser(server.port, timeout=2) as browser:
            assert browser.call("GET", "/health").status == 200
            if fault != "cut":
                assert browser.call("GET", "/ready").body["status"] == "database_unreachable"
        proxy.heal()
        back = checker.wait_for(10)
    only(checker, AWAY, BUSY)
    figure(f"PostgreSQL, {fault}: {checker.figures}; ten writes {back:.1f} s after it was back")


def test_connections_that_break_all_the_time_lose_nothing(
    server: ApiServer, proxy: Proxy, random: Random, figure: Figure
) -> None:
    with checking(server.port, random) as checker:
        for _ in range(int(10 * SLOW)):
            checker.wait_for(random.randint(1, 5))
            proxy.cut()
    only(checker, AWAY)
    figure(f"PostgreSQL cut {int(10 * SLOW)} times in the middle of writes: {checker.figures}")


def test_what_was_done_without_a_word_of_it_is_not_done_again(
    server: ApiServer, proxy: Proxy, random: Random, figure: Figure
) -> None:
    """The database commits, and the connection breaks before it can say so."""
    lost = 0
    with checking(server.port, random) as checker:
        while checker.replayed < int(3 * SLOW):
            lost += 1
            assert lost < 100, "hardly any of them had been done"
            proxy.lost_commits = 1
            checker.wait_for_refusals(1)
            checker.wait_for(2)
    only(checker, AWAY)
    figure(
        f"PostgreSQL commits and does not say so, {lost} times: {checker.figures}; {checker.replayed} answered again"
    )


def test_a_database_without_a_connection_left_is_said(
    server: ApiServer, proxy: Proxy, postgres: PostgresServer, random: Random, figure: Figure
) -> None:
    others: list[psycopg.Connection] = []
    with checking(server.port, random) as checker:
        checker.wait_for(10)
        proxy.refuse()  # what the application had goes to somebody else
        with suppress(psycopg.OperationalError):
            while True:
                others.append(psycopg.connect(postgres.url("postgres").replace("//postgres@", "//todo@")))
        proxy.heal()
        checker.wait_for_refusals(8)
        for other in others:
            other.close()
        back = checker.wait_for(10)
    only(checker, AWAY, NO_CONNECTION)
    assert checker.said[NO_CONNECTION]
    figure(f"PostgreSQL with {len(others)} connections of others: {checker.figures}; back after {back:.1f} s")


def test_a_database_that_may_only_be_read_is_read(
    server: ApiServer, proxy: Proxy, postgres: PostgresServer, tmp_path: Path, random: Random, figure: Figure
) -> None:
    with checking(server.port, random) as checker:
        checker.wait_for(10)
        postgres.execute(f'ALTER DATABASE "{tmp_path.name}" SET default_transaction_read_only = on')
        proxy.cut()
        checker.wait_for_refusals(4)
        with Browser(server.port, checker.writers[0].browser.cookie) as browser:
            assert len(browser.tasks()) >= len(checker.writers[0].told)
        postgres.execute(f'ALTER DATABASE "{tmp_path.name}" RESET default_transaction_read_only')
        back = checker.wait_for(10)
    only(checker, AWAY, READ_ONLY)
    assert checker.said[READ_ONLY]
    figure(f"PostgreSQL read-only: {checker.figures}; ten writes after {back:.1f} s")


def test_what_was_acknowledged_is_there_after_postgres_was_killed(
    server: ApiServer, postgres: PostgresServer, random: Random, figure: Figure
) -> None:
    with checking(server.port, random) as checker:
        for _ in range(max(1, int(SLOW))):
            checker.wait_for(15)
            postgres.stop("immediate")
            checker.wait_for_refusals(2)
            postgres.start()
            back = checker.wait_for(10)
    only(checker, AWAY)
    figure(f"PostgreSQL stopped without warning {max(1, int(SLOW))} times: {checker.figures}; back after {back:.1f} s")


@contextmanager
def small_disk(postgres: PostgresServer, size: str = "16m") -> Iterator[Path]:
    """PostgreSQL restarted where a folder of its own is a small disk; that folder as we see it."""
    place = Path(tempfile.mkdtemp(prefix="todo-small-", dir="/tmp"))
    keep = subprocess.Popen(
        ["unshare", "--mount", "sh", "-c", f'mount -t tmpfs -o size={size},mode=777 t "$0" && echo && cat', str(place)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert keep.stdout is not None
    if not keep.stdout.readline():
        keep.communicate()
        place.rmdir()
        pytest.skip("this machine does not let a process mount a small disk of its own")
    try:
        postgres.stop("fast")
        postgres.start(inside=["nsenter", f"--mount=/proc/{keep.pid}/ns/mnt"])
        inside = Path(f"/proc/{keep.pid}/root{place}")
        (inside / "data").mkdir(mode=0o777)
        shutil.chown(inside / "data", "nobody")
        postgres.execute(f"CREATE TABLESPACE small LOCATION '{place}/data'")
        yield inside
    finally:
        postgres.stop("fast")
        keep.communicate()
        place.rmdir()
        postgres.start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may start a server of another user in a namespace")
def test_a_full_disk_is_said_and_writing_goes_on_when_there_is_space(
    nursery: Nursery, tmp_path: Path, random: Random, figure: Figure
) -> None:
    with (
        postgres_server() as postgres,
        small_disk(postgres) as disk,
        before(f"{postgres.folder}/.s.PGSQL.5432") as proxy,
    ):
        migrated(postgres, "todo", "TABLESPACE small")
        url = f"postgresql://todo@127.0.0.1:{proxy.port}/todo"
        with running(nursery, url, tmp_path) as server, checking(server.port, random) as checker:
            checker.wait_for(10)
            filler = disk / "filler"
            subprocess.run(["dd", "if=/dev/zero", f"of={filler}", "bs=4k"], capture_output=True, check=False)
            checker.wait_for_refusals(4)
            filler.unlink()
            back = checker.wait_for(10)
        only(checker, FULL)
        assert checker.said[FULL]
    figure(f"PostgreSQL's disk full: {checker.figures}; back after {back:.1f} s")
