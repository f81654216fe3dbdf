"""A turn is kept so completely that it can be played again; the metrics count it."""

import pytest

from app.config import Settings
from tests.backend.chat.conftest import Chat, calls
from tests.backend.conftest import ClientFactory
from tests.fake_provider.script import Call, Reply
from tests.fake_provider.server import RunningProvider


@pytest.fixture
def settings(with_model: Settings) -> Settings:
    return with_model


async def test_a_turn_exported_and_played_again_does_the_same(
    chat: Chat, provider: RunningProvider, new_client: ClientFactory
) -> None:
    script = [
        calls("add_task", tasks=[{"title": "Buy milk", "due": "2099-12-03"}]),
        calls("update_task", tasks=["Buy milk"], priority="high"),
        Reply(text="It is on your list."),
    ]
    provider.provider.script.extend(script)
    reply = await chat.say("add buy milk and make milk high priority")
    record = (await chat.client.get(f"/api/turns/{reply['turn_id']}")).json()
    assert record["model"] == "scripted"
    assert record["prompt_version"]
    assert record["usage"] == {"input_tokens": 360, "output_tokens": 90}
    assert record["latencies"].keys() == {"first_delta", "engine", "tools", "total"}

    for step in record["steps"]:
        again = [Call(name=call["name"], arguments=call["arguments"], id=call["id"]) for call in step["calls"]]
        provider.provider.script.append(Reply(text=step["text"], calls=again))
    other = Chat(new_client())
    second = await other.say(record["message"])
    replayed = (await other.client.get(f"/api/turns/{second['turn_id']}")).json()
    assert replayed["steps"] == record["steps"]
    assert replayed["answer"] == record["answer"]
    assert await other.titles() == await chat.titles() == ["Buy milk"]


async def test_nobody_else_reads_a_turn(chat: Chat, new_client: ClientFactory) -> None:
    reply = await chat.say("hello")
    assert (await new_client().get(f"/api/turns/{reply['turn_id']}")).status_code == 404


async def test_turns_tool_calls_and_faults_are_counted(chat: Chat, provider: RunningProvider) -> None:
    provider.provider.script.append(Reply(status=401))
    await chat.say("add buy milk")
    metrics = (await chat.client.get("/metrics")).text
    assert 'todo_chat_turns_total{engine="rules",state="done"}' in metrics
    assert 'todo_chat_notices_total{code="unauthorized"}' in metrics
    assert 'todo_chat_tool_calls_total{ok="true",tool="add_task"}' in metrics
    assert "milk" not in metrics
