"""A node's clock that jumps forward and back, by a second and by weeks, while users write and a model speaks."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import pytest

from app.db.migrate import upgrade
from app.db.url import DatabaseUrl
from scripts.bench.api import uvicorn
from tests.backend.postgres_server import postgres_server
from tests.chaos.bounds import SLOW
from tests.chaos.browser import Answer, Browser
from tests.chaos.checker import checking
from tests.chaos.node_clock import NodeClock, sweep
from tests.chaos.server import ROOT
from tests.fake_provider.script import Call, Reply
from tests.fake_provider.server import running_provider
from tests.figures import Figure
from tests.loop.warm_server import wait_for

HOUR, DAY = 3600, 86400
JUMPS = (1, -2 * HOUR, DAY, -80 * DAY, 160 * DAY)
LONG = [pytest.mark.postgres, pytest.mark.skipif(SLOW < 2, reason="takes five seconds: `make chaos`")]


@contextmanager
def node(database: str, folder: Path) -> Iterator[tuple[NodeClock, str]]:
    """A clock, and the database's URL: of a server that has this clock, or "" for a file."""
    try:
        if database == "sqlite":
            yield NodeClock(folder), ""
            return
        with postgres_server() as postgres:
            clock = NodeClock(postgres.folder)
            postgres.stop("fast")
            postgres.start(inside=["env", *(f"{name}={value}" for name, value in clock.settings.items())])
            upgrade(DatabaseUrl.parse(postgres.url("postgres")))
            yield clock, postgres.url("postgres")
    finally:
        sweep()


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=LONG)])
def test_no_jump_of_the_nodes_clock_loses_doubles_or_refuses_a_write_or_breaks_a_turn(
    database: str, tmp_path: Path, random: Random, figure: Figure
) -> None:
    with running_provider() as model, node(database, tmp_path) as (clock, database_url):
        act = Call(name="add_task", arguments={"tasks": [{"title": "Said"}]})
        words = Reply(text="It is on your list.", piece=1, token_delay=0.05)
        model.provider.script.extend([Reply(calls=[act]), words])
        settings = {"LLM_API_KEY": "k", "LLM_BASE_URL": model.base_url, "DATABASE_URL": database_url, **clock.settings}
        with uvicorn("app.main:app", ROOT / "backend", tmp_path, tmp_path / "backend.log", **settings) as url:
            port = urlsplit(url).port
            assert port is not None
            with checking(port, random) as checker, Browser(port) as talker:
                talker.call("POST", "/api/tasks", {"title": "Written"})
                heard: list[str] = []
                turn = threading.Thread(
                    target=lambda: heard.append(talker.events("/api/chat", {"message": "add Said"}))
                )
                turn.start()
                for seconds in JUMPS:
                    clock.jump(seconds)
                    lives_by(clock, port)
                    checker.wait_for(2)
                turn.join()
                assert heard[0].rpartition("event: ")[2].startswith("done")
                assert "event: error" not in heard[0]
                with Browser(port, talker.cookie) as later:
                    assert sorted(task["title"] for task in later.tasks().values()) == ["Said", "Written"]
    assert not checker.said
    figure(f"a node's clock that jumps {len(JUMPS)} times, by up to 160 days, {database}: {checker.figures}")


def lives_by(clock: NodeClock, port: int) -> None:
    """The application comes to have this time of day, and what is done in it can be undone."""
    with Browser(port) as hand:
        made = wait_for(lambda: made_now(clock, hand), "the other time of day")
        assert hand.call("POST", f"/api/undo/{made.headers['undo-token']}").status == 200
        assert hand.call("GET", f"/api/tasks/{made.body['id']}").body["deleted_at"]


def made_now(clock: NodeClock, hand: Browser) -> Answer | None:
    """A new task, if it says that it was made while it was, by this clock."""
    before = datetime.now(UTC)
    made = hand.call("POST", "/api/tasks", {"title": "Now"})
    said = datetime.fromisoformat(made.body["created_at"]) - timedelta(seconds=clock.offset)
    return made if before <= said <= datetime.now(UTC) else None
