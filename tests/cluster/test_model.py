"""The deployed backend with a model, which the chart's values name."""

import http.client
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.kubernetes import kubectl
from tests.cluster.model import Model, scripted_model
from tests.cluster.release import Release
from tests.fake_provider.script import Call, Reply
from tests.figures import Figure
from tests.soak.deployment import Deployment
from tests.soak.level import Load
from tests.soak.long import held


@pytest.fixture(scope="module")
def model(release: Release) -> Iterator[Model]:
    old = [pod["metadata"]["name"] for pod in release.pods("backend")]
    with scripted_model(release) as model:
        release.upgrade({"config": {"llmBaseUrl": model.base_url, "llmModel": "scripted"}})
        # They know of no model, and a busy router may ask them until they end.
        kubectl("-n", release.namespace, "wait", "--for=delete", "--timeout=60s", *(f"pod/{name}" for name in old))
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


@pytest.mark.usefixtures("model")
def test_requests_and_turns_of_many_at_once_all_end_well_and_leave_no_connection(
    release: Release, tmp_path: Path, figure: Figure
):
    """`make soak` for seconds."""
    deployment = Deployment(release, tmp_path / "guests.json")
    deployment.invite(10, 10)
    found = held(deployment, Load(requests=40, turns=4, users=10), minutes=0.1)
    assert found["failures"] == 0
    assert found["requests"] > 100
    before, after = found["connections"]
    assert after <= max(before, 10), "the pool keeps ten at most"
    figure(f"{found['requests']} requests and turns: {found['failures']} failed, p99 {found['p99']:.0f} ms")
