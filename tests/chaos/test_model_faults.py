"""A model's server that fails in every way, and a server told to stop in the middle of a turn, while users write.

What was said is done once, whoever does it in the end; what users write meanwhile is not touched.
"""

import json
import signal
import threading
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.chaos.bounds import SLOW
from tests.chaos.browser import Browser
from tests.chaos.checker import checking
from tests.chaos.proxy import Proxy, before
from tests.chaos.server import Nursery, running
from tests.fake_provider.script import Call, Reply
from tests.fake_provider.server import RunningProvider, running_provider
from tests.figures import Figure

# What is odd about the answer with the act, about the one after it, and what the way there does.
FAULTS: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({}, {}, ""),
    ({}, {"delay": 0.3, "token_delay": 0.05}, ""),
    ({"delay": 0.7}, {}, ""),
    ({"status": 500}, {}, ""),
    ({"status": 429, "retry_after": "0"}, {}, ""),
    ({"cut_after": 1}, {}, ""),
    ({"malformed": True}, {}, ""),
    ({}, {"cut_after": 1}, ""),
    ({}, {"status": 503}, ""),
    ({}, {"token_delay": 5.0}, ""),
    ({}, {}, "refuse"),
    ({}, {}, "hang"),
]
# What users may meet while no server is there; one that ends says nothing wrong before it does.
BROKEN = ("ConnectionRefusedError", "ConnectionResetError", "RemoteDisconnected", "BrokenPipeError")


@pytest.fixture
def model() -> Iterator[RunningProvider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
def proxy(model: RunningProvider) -> Iterator[Proxy]:
    with before("127.0.0.1", urlsplit(model.url).port) as proxy:
        yield proxy


def act(title: str, **odd: Any) -> Reply:
    return Reply(calls=[Call(name="add_task", arguments={"tasks": [{"title": title}]})], **odd)


def test_what_is_said_is_done_once_however_the_model_fails_and_writers_do_not_notice(
    nursery: Nursery,
    database: Path,
    tmp_path: Path,
    random: Random,
    model: RunningProvider,
    proxy: Proxy,
    figure: Figure,
) -> None:
    settings = {"llm_api_key": "k", "llm_base_url": f"http://127.0.0.1:{proxy.port}/v1", "llm_timeout": 0.5}
    told, rounds = [], len(FAULTS) * int(SLOW)
    with (
        running(nursery, database, tmp_path, **settings) as server,
        checking(server.port, random) as checker,
        Browser(server.port) as talker,
    ):
        for number, (first, second, way) in zip(range(rounds), cycle(FAULTS), strict=False):
            told.append(f"Talk {number:03}")
            model.provider.script.clear()
            acts = [act(told[-1], **first)] * (2 if first else 1)  # what fails is asked for once more
            model.provider.script.extend([*acts, Reply(text="It is on your list. ", **second)])
            if way:
                getattr(proxy, way)()
            answer = talker.call("POST", "/api/chat", {"message": f"add {told[-1]}"}, accept="application/json")
            assert answer.status == 200, answer
            proxy.heal()
        checker.wait_for(10)
        found = sorted(task["title"] for task in talker.tasks().values())
    assert found == told
    assert checker.said.total() == 0, checker.said
    figure(f"a model that fails in {len(FAULTS) - 1} ways: {rounds} acts, each done once; {checker.figures}")


@pytest.mark.parametrize(
    "rest",
    [
        {"text": "It is on your list. " * 4, "piece": 20, "token_delay": 0.1},
        pytest.param(
            {"text": "It is on your list", "token_delay": 60},
            marks=pytest.mark.skipif(SLOW < 2, reason="waits five seconds: `make chaos`"),
        ),
    ],
    ids=["which would end", "which would never end"],
)
def test_a_turn_is_brought_to_its_end_when_the_server_is_told_to_stop(
    rest: dict[str, Any],
    nursery: Nursery,
    database: Path,
    tmp_path: Path,
    random: Random,
    model: RunningProvider,
    figure: Figure,
) -> None:
    model.provider.script.extend([act("Asked for"), Reply(**rest)])
    settings = {"llm_api_key": "k", "llm_base_url": model.base_url}
    said, key = {"message": "add Asked for"}, "the-same"
    with (
        running(nursery, database, tmp_path, **settings) as server,
        checking(server.port, random) as checker,
        Browser(server.port) as talker,
    ):
        talker.call("POST", "/api/tasks", {"title": "Before"})
        heard: list[str] = []
        listening = threading.Thread(
            target=lambda: heard.append(talker.events("/api/chat", said, idempotency_key=key)), daemon=True
        )
        listening.start()
        with Browser(server.port, talker.cookie) as watcher:
            while listening.is_alive() and "Asked for" not in [task["title"] for task in watcher.tasks().values()]:
                threading.Event().wait(0.02)
        server.kill(signal.SIGTERM)
        listening.join(10)
        assert "event: done" in heard[0]
        server.start()
        back = checker.wait_for(10)
        with Browser(server.port, talker.cookie) as later:
            again = later.events("/api/chat", said, idempotency_key=key)
            assert numbered(again) == numbered(heard[0])
            assert sorted(task["title"] for task in later.tasks().values()) == ["Asked for", "Before"]
    assert not [what for what in checker.said if what not in BROKEN]
    figure(f"SIGTERM during a turn: {checker.figures}; ten writes {back:.1f} s after the restart")


def numbered(stream: str) -> list[tuple[str, Any]]:
    """The ids and data of events."""
    blocks = [dict(line.split(": ", 1) for line in block.split("\n")) for block in stream.strip().split("\n\n")]
    return [(block["id"], json.loads(block["data"])) for block in blocks]
