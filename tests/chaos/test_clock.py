"""A clock that jumps forward and back, by a second and by weeks, while users write and a model speaks."""

import threading
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from scripts.bench.api import uvicorn
from tests.chaos.browser import Browser
from tests.chaos.checker import checking
from tests.fake_provider.script import Call, Reply
from tests.fake_provider.server import running_provider
from tests.figures import Figure

ROOT = Path(__file__).resolve().parents[2]
HOUR, DAY = 3600, 86400
JUMPS = (1, -2 * HOUR, DAY, -80 * DAY, 160 * DAY)


def test_no_jump_of_the_clock_loses_doubles_or_refuses_a_write_or_breaks_a_turn(
    tmp_path: Path, random: Random, figure: Figure
) -> None:
    settings = {"PYTHONPATH": str(ROOT), "LLM_API_KEY": "k", "RATE_LIMIT": "6000/minute"}
    with running_provider() as model:
        act = Call(name="add_task", arguments={"tasks": [{"title": "Said"}]})
        words = Reply(text="It is on your list.", piece=1, token_delay=0.05)
        model.provider.script.extend([Reply(calls=[act]), words])
        settings["LLM_BASE_URL"] = model.base_url
        module = "tests.chaos.jumping_clock:app"
        with uvicorn(module, ROOT / "backend", tmp_path, tmp_path / "backend.log", **settings) as url:
            port = urlsplit(url).port
            assert port is not None
            with checking(port, random) as checker, Browser(port) as talker, Browser(port) as hand:
                talker.call("POST", "/api/tasks", {"title": "Written"})
                heard: list[str] = []
                turn = threading.Thread(
                    target=lambda: heard.append(talker.events("/api/chat", {"message": "add Said"}))
                )
                turn.start()
                for seconds in JUMPS:
                    assert hand.call("POST", f"/clock?{seconds}").status == 204
                    checker.wait_for(6)
                turn.join()
                assert heard[0].rpartition("event: ")[2].startswith("done")
                assert "event: error" not in heard[0]
                assert sorted(task["title"] for task in talker.tasks().values()) == ["Said", "Written"]
    assert not checker.said
    figure(f"a clock that jumps {len(JUMPS)} times, by up to 160 days: {checker.figures}")
