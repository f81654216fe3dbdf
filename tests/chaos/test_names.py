"""Names that do not resolve, and names that stop to while the server runs."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import pytest

from app.config import Settings
from app.db.migrate import upgrade
from app.db.url import DatabaseUrl
from scripts.bench.servers import answered, started
from tests.backend.postgres_server import postgres_server
from tests.chaos.browser import Browser
from tests.chaos.checker import checking
from tests.chaos.proxy import before
from tests.chaos.server import ROOT, Nursery, running
from tests.fake_provider.server import running_provider
from tests.figures import Figure
from tests.ports import free_port

AWAY = "The database cannot be reached; try again in a moment."
PASSWORD = "database-hush"
POOL = Settings.model_fields["database_pool_size"].default
MOUNT = 'mount --bind "$0" /etc/hosts && exec "$@"'


def test_names_that_do_not_resolve_are_said_or_worked_around(nursery: Nursery, database: Path, tmp_path: Path) -> None:
    """`.invalid` never resolves (RFC 6761)."""
    settings = {"llm_api_key": "k", "llm_base_url": "http://model.invalid/v1", "llm_timeout": 2}
    with running(nursery, database, tmp_path, **settings) as server, Browser(server.port) as talker:
        answer = talker.call("POST", "/api/chat", {"message": "add milk"}, accept="application/json")
        assert [notice["code"] for notice in answer.body["notices"]] == ["unavailable"]
        assert [task["title"] for task in talker.tasks().values()] == ["Milk"]
    url = "postgresql://todo@database.invalid/todo"
    with running(nursery, url, tmp_path, database_timeout=2) as server, Browser(server.port) as visitor:
        refused = visitor.call("GET", "/api/tasks")
        assert (refused.status, refused.body["detail"]) == (
            503,
            "The database cannot be reached; try again in a moment.",
        )
        assert visitor.call("GET", "/health").status == 200


def own_names(hosts: Path) -> list[str]:
    """What goes before a command that shall find this file at /etc/hosts, as the kernel and nobody else shows it."""
    root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    command = ["unshare", *root, "--mount", "sh", "-c", MOUNT, str(hosts)]
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let a process have names of its own")
    return command


@contextmanager
def served(names: list[str], folder: Path, **settings: str) -> Iterator[int]:
    """The port of an application that knows these names."""
    port = free_port()
    argv = [*names, sys.executable, "-m", "uvicorn", "app.main:app", f"--port={port}"]
    with started(argv, ROOT / "backend", settings, folder / "server.log"):
        answered(port, "/health")
        yield port


def open_all_connections(port: int) -> None:
    """As many to the database as the application keeps open, by more requests at once than that."""

    def read(_: int) -> None:
        with Browser(port) as reader:
            assert reader.call("GET", "/api/tasks").status == 200

    with ThreadPoolExecutor(2 * POOL) as pool:
        list(pool.map(read, range(10 * POOL)))


@pytest.mark.postgres
def test_names_that_stop_to_resolve_are_said_and_used_again_when_they_are_back(
    tmp_path: Path, random: Random, figure: Figure
) -> None:
    hosts, known = tmp_path / "hosts", "127.0.0.1 localhost database.invalid model.invalid\n"
    hosts.write_text(known)
    names = own_names(hosts)
    with (
        postgres_server() as postgres,
        before(f"{postgres.folder}/.s.PGSQL.5432") as database,
        running_provider() as model,
        before("127.0.0.1", urlsplit(model.url).port) as voice,
    ):
        upgrade(DatabaseUrl.parse(postgres.url("postgres")))
        settings = {
            "DATABASE_URL": f"postgresql://postgres:{PASSWORD}@database.invalid:{database.port}/postgres",
            "DATABASE_TIMEOUT": "2",
            "LOG_LEVEL": "debug",
            "LLM_BASE_URL": f"http://model.invalid:{voice.port}/v1",
            "LLM_API_KEY": "k",
        }
        with served(names, tmp_path, **settings) as port, Browser(port) as talker:

            def engine() -> str:
                answer = talker.call("POST", "/api/chat", {"message": "what is left?"}, accept="application/json")
                assert answer.status == 200, answer
                return str(answer.body["engine"])

            assert engine() == "openai_compatible"
            open_all_connections(port)
            with checking(port, random) as checker:
                checker.wait_for(10)
                hosts.write_text("127.0.0.1 localhost\n")
                voice.cut()
                assert engine() == "rules"
                assert not checker.said, "connections that are open need no name"
                database.cut()
                checker.wait_for_refusals(4)
                hosts.write_text(known)
                back = checker.wait_for(10)
            assert engine() == "openai_compatible"
    assert checker.said.keys() == {AWAY}
    assert PASSWORD not in (tmp_path / "server.log").read_text()
    figure(f"names that stop to resolve: {checker.figures}; ten writes {back:.1f} s after they were back")
