"""A message that is said again takes the place of the first one and of all that followed. On both databases."""

import uuid
from typing import Any

import httpx2
import pytest

from tests.backend.chat.conftest import Chat
from tests.backend.conftest import KINDS, ClientFactory


@pytest.fixture(params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


async def again(chat: Chat, turn: str, message: str) -> httpx2.Response:
    body = {**chat.body(message), "replaces": turn}
    return await chat.client.post("/api/chat", json=body, headers={"accept": "application/json"})


async def conversation(chat: Chat) -> dict[str, Any]:
    whole: dict[str, Any] = (await chat.client.get(f"/api/conversations/{chat.conversation}")).json()
    return whole


async def test_it_replaces_its_turn_and_what_followed_but_takes_nothing_back(chat: Chat) -> None:
    first = await chat.say("Add buy brad")
    await chat.say("Add buy eggs")
    said = await again(chat, first["turn_id"], "Add buy bread")
    assert said.status_code == 200, said.text
    kept = await conversation(chat)
    assert [message["text"] for message in kept["messages"] if message["role"] == "user"] == ["Add buy bread"]
    assert kept["title"] == "Add buy bread"
    assert await chat.titles() == ["Buy brad", "Buy eggs", "Buy bread"]
    assert (await chat.client.post(f"/api/undo/{first['undo_token']}")).status_code == 200
    assert await chat.titles() == ["Buy eggs", "Buy bread"]


async def test_a_plan_that_is_no_longer_seen_is_not_carried_out(chat: Chat) -> None:
    await chat.say("Add buy milk")
    await chat.say("Add buy bread")
    planned = await chat.say("delete all tasks")
    assert (await again(chat, planned["turn_id"], "thanks")).status_code == 200
    await chat.say("yes")
    assert await chat.titles("open") == ["Buy milk", "Buy bread"]
    assert (await chat.client.post(f"/api/plans/{planned['plans'][0]['plan_id']}/confirm")).status_code == 409


async def test_only_a_turn_of_the_same_conversation_can_be_replaced(chat: Chat, new_client: ClientFactory) -> None:
    mine, other = await chat.say("Add buy milk"), Chat(new_client())
    theirs = await other.say("Add buy bread")
    for turn in (theirs["turn_id"], str(uuid.uuid4())):
        assert (await again(chat, turn, "Add buy eggs")).status_code == 404
    chat.conversation = None
    assert (await again(chat, mine["turn_id"], "Add buy eggs")).status_code == 404
    assert await chat.titles() == ["Buy milk"]
    assert len((await chat.client.get("/api/conversations")).json()["items"]) == 1
