"""The deployed backend with a model, which the chart's values name."""

import http.client
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cluster.model import Model, scripted_model
from tests.cluster.release import Release
from tests.fake_provider.script import Call, Reply


@pytest.fixture
def model(release: Release) -> Iterator[Model]:
    with scripted_model(release) as model:
        release.upgrade({"config": {"llmBaseUrl": model.base_url, "llmModel": "scripted"}})
        yield model
        release.upgrade()


def tell(release: Release, message: str) -> list[tuple[float, str, dict[str, Any]]]:
    """The events of a turn through the ingress: when each came, its name and its data."""
    connection = http.client.HTTPConnection("127.0.0.1", release.port, timeout=30)
    headers = {"Host": release.host, "Content-Type": "application/json"}
    connection.request("POST", "/api/chat", json.dumps({"message": message}), headers)
    answer, events, name = connection.getresponse(), [], ""
    assert answer.status == 200, answer.read()
    while line := answer.readline().decode():
        kind, _, value = line.rstrip().partition(": ")
        if kind == "event":
            name = value
        elif kind == "data":
            events.append((time.monotonic(), name, json.loads(value)))
    connection.close()
    return events


def test_the_deployed_chat_streams_a_models_words_runs_its_calls_and_goes_on_without_it(release: Release, model: Model):
    add = Call(name="add_task", arguments={"tasks": [{"title": "Buy milk"}]})
    model.says(Reply(calls=[add]), Reply(text="It is on your list now", piece=4, token_delay=0.1))
    events = tell(release, "add buy milk")
    [result] = [data for _, name, data in events if name == "tool_result"]
    assert (result["ok"], result["data"]["tasks"][0]["title"]) == (True, "Buy milk")
    words = [(at, data["delta"]) for at, name, data in events if name == "text"]
    assert "".join(word for _, word in words) == "It is on your list now"
    assert words[-1][0] - words[0][0] > 0.25, "the ingress kept the words until the last one"
    assert events[-1][2]["engine"] == "openai_compatible"

    model.says(Reply(status=401))
    events = tell(release, "add buy bread")
    assert [data["code"] for _, name, data in events if name == "notice"] == ["unauthorized"]
    assert "".join(data["delta"] for _, name, data in events if name == "text") == "Added “Buy bread”."
    assert events[-1][2]["engine"] == "rules"
