"""Saves of every kind in any order and rhythm, while clients ask without end: none fails, and the end is right."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import pytest

from tests.chaos.bounds import SAVES
from tests.chaos.editor import Editor
from tests.figures import Figure
from tests.loop.test_warm_reload import KeptAlive
from tests.loop.warm_server import WarmServer, steady


@pytest.fixture
def server(tmp_path: Path) -> Iterator[WarmServer]:
    server = WarmServer(tmp_path)
    yield server
    server.destroy()


def settle(server: WarmServer, editor: Editor) -> None:
    """Good code again, and it is served."""
    editor.mend()
    answer = server.serves(editor.value)
    assert answer["digest"] == editor.source()
    assert answer["second"] == 1000


def save_at_random(server: WarmServer, editor: Editor, wrong: list[str]) -> None:
    random = editor.random
    while len(editor.journal) < SAVES and not wrong:
        editor.act()
        rhythm = random.choice(("at once", "quick", "slow", "settled"))
        if rhythm == "settled":
            settle(server, editor)
        elif rhythm != "at once":
            Event().wait(random.uniform(0, 0.1 if rhythm == "quick" else 0.5))
    settle(server, editor)


@pytest.mark.timeout(7200)
def test_no_save_of_any_kind_fails_a_request_and_the_last_good_one_is_served(
    server: WarmServer, random: Random, figure: Figure
) -> None:
    server.start()
    server.ready()
    server.preloaded()
    editor = Editor(server.folder / "app", random)
    fresh: list[dict[str, Any]] = []
    with (
        KeptAlive(server, "GET") as getting,
        KeptAlive(server, "POST") as posting,
        steady(getting, posting, lambda: fresh.append(server.get())) as wrong,
    ):
        try:
            save_at_random(server, editor, wrong)
        except AssertionError:
            print("the last saves:", *editor.journal[-30:], sep="\n")
            raise
    assert not wrong, (wrong[:3], editor.journal[-30:], server.output()[-3000:])
    for answers in (fresh, getting.answers, posting.answers):
        values = [int(str(answer["first"])) for answer in answers]
        assert values == sorted(values), "an answer of older code came after one of newer code"
        assert all(answer["digest"] in editor.sources for answer in answers), "code that never stood there"
    requests = len(fresh) + len(getting.answers) + len(posting.answers)
    figure(f"{len(editor.journal)} saves, {server.reloads()} reloads: {requests} requests, none failed")
    assert server.stop() == 0
