"""Conversations: kept, found again, renamed and removed. On both databases."""

import pytest

from tests.backend.chat.conftest import Chat
from tests.backend.conftest import KINDS, ClientFactory


@pytest.fixture(params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


async def test_a_conversation_is_kept_with_all_its_turns(chat: Chat) -> None:
    await chat.say("Add buy milk")
    await chat.say("delete milk")
    listed = (await chat.client.get("/api/conversations")).json()["items"]
    assert [conversation["title"] for conversation in listed] == ["Add buy milk"]
    whole = (await chat.client.get(f"/api/conversations/{listed[0]['id']}")).json()
    assert [message["role"] for message in whole["messages"]] == ["user", "assistant"] * 2
    added, deleted = whole["messages"][1], whole["messages"][3]
    assert added["tool_calls"][0]["name"] == "add_task"
    assert added["tool_calls"][0]["data"]["tasks"][0]["title"] == "Buy milk"
    assert added["engine"] == "rules"
    assert deleted["plan"]["summary"] == "Delete “Buy milk”?"


async def test_the_list_pages_from_the_newest(chat: Chat) -> None:
    for number in range(5):
        chat.conversation = None
        await chat.say(f"add task number {number}")
    first = (await chat.client.get("/api/conversations", params={"limit": 3})).json()
    rest = (await chat.client.get("/api/conversations", params={"cursor": first["next_cursor"]})).json()
    titles = [conversation["title"] for conversation in first["items"] + rest["items"]]
    assert titles == [f"add task number {number}" for number in (4, 3, 2, 1, 0)]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize("cursor", ["x", "AAAA", "MjAyNg==", "OTk5OS0wMS0wMVQwMDowMCswMDowMCAw"])
async def test_a_cursor_that_was_made_up_is_a_problem(chat: Chat, cursor: str) -> None:
    response = await chat.client.get("/api/conversations", params={"cursor": cursor})
    assert response.status_code == 422


async def test_renaming_and_deleting(chat: Chat) -> None:
    await chat.say("Add buy milk")
    path = f"/api/conversations/{chat.conversation}"
    assert (await chat.client.patch(path, json={"title": "Shopping"})).json()["title"] == "Shopping"
    assert (await chat.client.patch(path, json={"title": " "})).status_code == 422
    assert (await chat.client.delete(path)).status_code == 204
    assert (await chat.client.get(path)).status_code == 404
    assert (await chat.client.delete(path)).status_code == 404
    assert await chat.titles() == ["Buy milk"]


async def test_leaving_takes_every_conversation_along(chat: Chat, new_client: ClientFactory) -> None:
    other = Chat(new_client())
    await other.say("add buy bread")
    await chat.say("add buy milk")
    await chat.say("delete milk")
    assert (await chat.client.delete("/api/me")).status_code in (200, 204)
    assert (await chat.client.get("/api/conversations")).json()["items"] == []
    assert len((await other.client.get("/api/conversations")).json()["items"]) == 1


async def test_what_was_shown_last_is_remembered_by_every_replica(chat: Chat) -> None:
    for title in ("milk", "bread", "eggs"):
        await chat.say(f"add {title}")
    await chat.say("show my tasks")
    await chat.say("complete the second one")
    assert await chat.titles("done") == ["Bread"]
    await chat.say("reopen it")
    assert await chat.titles("done") == []


@pytest.mark.parametrize("choice", ["the second one", "2", "secnod one", "team meeting", "the team one"])
async def test_which_one_is_answered_in_few_words(chat: Chat, choice: str) -> None:
    for title in ("team meeting", "client meeting"):
        await chat.client.post("/api/tasks", json={"title": title})
    asked = await chat.say("complete meeting")
    assert asked["text"].endswith("Which one?\n1. client meeting\n2. team meeting")
    await chat.say(choice)
    assert await chat.titles("done") == ["team meeting"]
