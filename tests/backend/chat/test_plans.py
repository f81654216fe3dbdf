"""Acts that cannot be taken lightly wait for the user's word, and then do exactly what was shown."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import update

from app.config import Settings
from app.tools.plan_model import Plan
from tests.backend.chat.conftest import Chat, calls
from tests.backend.conftest import AddTask, ClientFactory
from tests.fake_provider.script import Reply
from tests.fake_provider.server import RunningProvider


async def planned(chat: Chat, message: str = "delete milk") -> dict[str, Any]:
    reply = await chat.say(message)
    assert len(reply["plans"]) == 1, reply
    plan: dict[str, Any] = reply["plans"][0]
    return plan


async def test_deleting_waits_for_a_confirmation_and_can_be_undone(chat: Chat, add: AddTask) -> None:
    await add("Buy milk")
    plan = await planned(chat)
    assert await chat.titles() == ["Buy milk"]
    confirmed = await chat.client.post(f"/api/plans/{plan['plan_id']}/confirm")
    assert confirmed.json()["text"] == "Deleted “Buy milk”."
    assert await chat.titles() == []
    undone = await chat.client.post(f"/api/undo/{confirmed.json()['undo_token']}")
    assert undone.status_code == 200
    assert await chat.titles() == ["Buy milk"]


@pytest.mark.parametrize(
    ("word", "left"),
    [(yes, []) for yes in ("yes", "haan", "ji haan, kar dein", "ہاں", "ٹھیک ہے کر دیں")]
    + [(no, ["Buy milk"]) for no in ("no", "nahi, rehne dein", "نہیں", "نہیں مت کرو")],
)
async def test_a_plain_word_settles_the_plan_that_waits(chat: Chat, add: AddTask, word: str, left: list[str]) -> None:
    await add("Buy milk")
    plan = await planned(chat)
    await chat.say(word)
    assert await chat.titles() == left
    again = await chat.client.post(f"/api/plans/{plan['plan_id']}/confirm")
    assert again.status_code == 409


@pytest.mark.parametrize("verb", ["delte", "remvoe", "cancle"])
async def test_a_mistyped_verb_deletes_nothing_before_it_is_confirmed(chat: Chat, add: AddTask, verb: str) -> None:
    await add("Buy milk")
    plan = await planned(chat, f"{verb} buy milk")
    assert (plan["act"], await chat.titles()) == ("delete", ["Buy milk"])


async def test_a_plan_names_the_exact_tasks_and_no_later_one(chat: Chat, add: AddTask) -> None:
    for title in ("One", "Two", "Three", "Four"):
        await add(title)
    plan = await planned(chat, "complete all tasks")
    assert {task["title"] for task in plan["tasks"]} == {"One", "Two", "Three", "Four"}
    await add("Five")
    await chat.client.post(f"/api/plans/{plan['plan_id']}/confirm")
    assert await chat.titles("open") == ["Five"]


async def test_a_task_that_changed_meanwhile_keeps_the_whole_plan_from_happening(chat: Chat, add: AddTask) -> None:
    milk = await add("Milk")
    await add("Bread")
    plan = await planned(chat, "delete everything")
    await chat.client.patch(f"/api/tasks/{milk['id']}", json={"title": "Oat milk"})
    refused = await chat.client.post(f"/api/plans/{plan['plan_id']}/confirm")
    assert refused.status_code == 409
    assert "“Milk” has changed" in refused.json()["detail"]
    assert await chat.titles() == ["Oat milk", "Bread"]


async def test_a_plan_expires(chat: Chat, add: AddTask, app: FastAPI) -> None:
    await add("Buy milk")
    plan = await planned(chat)
    assert datetime.fromisoformat(plan["expires_at"]) - datetime.now(UTC) > timedelta(minutes=14)
    async with app.state.database.write() as session:
        await session.execute(update(Plan).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    refused = await chat.client.post(f"/api/plans/{plan['plan_id']}/confirm")
    assert refused.status_code == 409
    assert "expired" in refused.json()["detail"]
    assert await chat.titles() == ["Buy milk"]


async def test_a_cancelled_plan_stays_cancelled(chat: Chat, add: AddTask) -> None:
    await add("Buy milk")
    plan = await planned(chat)
    assert (await chat.client.post(f"/api/plans/{plan['plan_id']}/cancel")).status_code == 204
    assert (await chat.client.post(f"/api/plans/{plan['plan_id']}/confirm")).status_code == 409


async def test_nobody_else_can_confirm_it(chat: Chat, add: AddTask, new_client: ClientFactory) -> None:
    await add("Buy milk")
    plan = await planned(chat)
    other = new_client()
    assert (await other.post(f"/api/plans/{plan['plan_id']}/confirm")).status_code == 404
    assert (await other.post(f"/api/plans/{plan['plan_id']}/cancel")).status_code == 404
    assert await chat.titles() == ["Buy milk"]


async def test_a_yes_to_a_plan_that_has_expired_is_told_so(chat: Chat, add: AddTask, app: FastAPI) -> None:
    await add("Buy milk")
    await planned(chat)
    async with app.state.database.write() as session:
        await session.execute(update(Plan).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert "expired" in (await chat.say("yes"))["text"]
    assert await chat.titles() == ["Buy milk"]


async def test_a_yes_after_something_else_was_said_is_asked_for_again(chat: Chat, add: AddTask) -> None:
    await add("Buy milk")
    await planned(chat)
    await chat.say("show my tasks")
    assert (await chat.say("yes"))["text"] == "Delete “Buy milk”? Please confirm."
    assert await chat.titles() == ["Buy milk"]
    assert (await chat.say("yes"))["text"] == "Deleted “Buy milk”."
    assert await chat.titles() == []


async def test_two_confirmations_at_once_carry_the_plan_out_once(chat: Chat, add: AddTask) -> None:
    await add("Water the plants", due={"date": "2099-01-01"}, repeat="FREQ=DAILY")
    plan = await planned(chat, "complete all tasks")
    path = f"/api/plans/{plan['plan_id']}/confirm"
    answers = await asyncio.gather(*(chat.client.post(path) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert await chat.titles("open") == ["Water the plants"]
    assert len(await chat.titles("done")) == 1


async def test_what_was_only_mentioned_is_added_on_one_word(chat: Chat) -> None:
    plan = await planned(chat, "buy milk tomorrow #shop")
    assert plan["act"] == "add"
    assert await chat.titles() == []
    await chat.say("yes")
    assert await chat.titles() == ["Buy milk"]


@pytest.mark.parametrize(
    "message", ["hello", "what is left?", "delete milk", "complete bread", "complete the rent", "add", "yes"]
)
async def test_a_turn_that_changes_nothing_gives_nothing_to_undo(chat: Chat, add: AddTask, message: str) -> None:
    await add("Milk")
    done = await add("Bread")
    await chat.client.post(f"/api/tasks/{done['id']}/complete")
    before = (await chat.client.get("/api/tasks", params={"status": "all"})).json()["items"]
    assert (await chat.say(message))["undo_token"] is None
    assert (await chat.client.get("/api/tasks", params={"status": "all"})).json()["items"] == before


async def test_undo_said_again_takes_back_the_change_before(chat: Chat) -> None:
    for message in ("add milk", "rename milk to oat milk"):
        await chat.say(message)
    titles = []
    for _ in range(2):
        await chat.say("undo")
        titles.append(await chat.titles())
    assert titles == [["Milk"], []]


async def test_one_undo_takes_back_a_whole_turn(chat: Chat) -> None:
    reply = await chat.say("add tasks: milk, eggs and bread")
    assert await chat.titles() == ["Milk", "Eggs", "Bread"]
    await chat.client.post(f"/api/undo/{reply['undo_token']}")
    assert await chat.titles() == []


class TestWithAModel:
    @pytest.fixture
    def settings(self, with_model: Settings) -> Settings:
        return with_model

    async def test_more_than_three_tasks_in_one_turn_wait(
        self, chat: Chat, add: AddTask, provider: RunningProvider
    ) -> None:
        titles = ["One", "Two", "Three", "Four"]
        for title in titles:
            await add(title)
        one_by_one = [calls("complete_task", tasks=[title]) for title in titles]
        provider.provider.script.extend([*one_by_one, Reply(text="Three are done, one waits.")])
        reply = await chat.say("complete one, two, three and four")
        assert await chat.titles("open") == ["Four"]
        assert len(reply["plans"]) == 1

    async def test_a_yes_to_the_models_own_question_does_not_confirm_an_older_plan(
        self, chat: Chat, add: AddTask, provider: RunningProvider
    ) -> None:
        await add("Buy milk")
        provider.provider.script.extend([calls("delete_task", tasks=["Buy milk"]), Reply(text="Please confirm.")])
        await chat.say("delete milk")
        provider.provider.script.extend([Reply(text="Shall I also tell you a joke?"), Reply(text="Knock, knock.")])
        await chat.say("how are you?")
        reply = await chat.say("yes")
        assert reply["text"] == "Knock, knock."
        assert await chat.titles() == ["Buy milk"]

    @pytest.mark.parametrize(("word", "left"), [("yes", []), ("no", ["Milk", "Bread"])])
    async def test_one_word_settles_all_that_the_last_turn_has_asked(
        self, chat: Chat, add: AddTask, provider: RunningProvider, word: str, left: list[str]
    ) -> None:
        for title in ("Milk", "Bread"):
            await add(title)
        asked = [calls("delete_task", tasks=[title]) for title in ("Milk", "Bread")]
        provider.provider.script.extend([*asked, Reply(text="Shall I?")])
        assert len((await chat.say("delete milk and bread"))["plans"]) == 2
        await chat.say(word)
        assert await chat.titles() == left

    async def test_several_acts_of_a_model_have_one_undo_token(self, chat: Chat, provider: RunningProvider) -> None:
        script = [
            calls("add_task", tasks=[{"title": "Buy milk"}]),
            calls("update_task", tasks=["Buy milk"], priority="high"),
            Reply(text="Done."),
        ]
        provider.provider.script.extend(script)
        reply = await chat.say("add buy milk and make milk high priority")
        assert reply["undo_token"]
        await chat.client.post(f"/api/undo/{reply['undo_token']}")
        assert await chat.titles() == []
