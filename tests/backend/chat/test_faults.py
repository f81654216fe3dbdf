"""What the user sees when the model fails: an answer all the same, a notice, and nothing lost or doubled."""

from datetime import UTC, datetime

import pytest
from fastapi import FastAPI

from app.config import Settings
from app.engines.retries import Rest
from tests.backend.chat.conftest import KEY, Chat, calls
from tests.backend.conftest import ClientFactory
from tests.fake_provider.script import Call, Reply
from tests.fake_provider.server import RunningProvider

BUY = {"tasks": [{"title": "Buy milk"}]}


@pytest.fixture
def settings(with_model: Settings) -> Settings:
    return with_model


FAULTS: list[tuple[str, list[Reply], str]] = [
    ("a wrong key", [Reply(status=401, echo_key=True)], "unauthorized"),
    ("a key without rights", [Reply(status=403)], "unauthorized"),
    ("too many requests", [Reply(status=429, retry_after="120")], "rate_limited"),
    ("a server error that stays", [Reply(status=500), Reply(status=500)], "unavailable"),
    ("a refused request", [Reply(status=400)], "refused"),
    ("a model that does not answer", [Reply(delay=10)], "timeout"),
    ("malformed chunks", [Reply(text="I will add that now", malformed=True)], "malformed"),
    ("malformed arguments", [Reply(calls=[Call(name="add_task", arguments='{"tasks": [{"ti')])], "malformed"),
    ("arguments that are no object", [Reply(calls=[Call(name="add_task", arguments="[1, 2]")])], "malformed"),
    ("an unknown tool", [calls("format_disk", path="/")], "unknown_tool"),
    ("a stream cut at once", [Reply(text="I will add that", cut_after=0)], "cut"),
    ("a stream cut in the middle", [Reply(text="I will add that", cut_after=2)], "cut"),
    ("a call cut in the middle", [Reply(calls=[Call(name="add_task", arguments=BUY)], cut_after=3)], "cut"),
]


@pytest.mark.parametrize(("name", "replies", "code"), FAULTS, ids=[name for name, _, _ in FAULTS])
async def test_the_rules_answer_when_the_model_fails(
    name: str, replies: list[Reply], code: str, chat: Chat, provider: RunningProvider
) -> None:
    if name == "a model that does not answer":
        chat.client._transport.app.state.turns.engine._client.timeout = 0.3  # type: ignore[attr-defined]
    provider.provider.script.extend(replies)
    reply = await chat.say("add buy milk tomorrow")
    assert [notice["code"] for notice in reply["notices"]] == [code]
    assert reply["engine"] == "rules"
    assert "Buy milk" in reply["text"]
    assert reply["error"] is None
    assert await chat.titles() == ["Buy milk"]
    assert KEY not in str(reply)


async def test_an_act_that_ran_before_the_fault_is_not_done_again(chat: Chat, provider: RunningProvider) -> None:
    provider.provider.script.extend([calls("add_task", **BUY), Reply(status=500), Reply(status=500)])
    reply = await chat.say("add buy milk")
    assert [call["name"] for call in reply["tool_calls"]] == ["add_task"]
    assert "Buy milk" in reply["text"]
    assert await chat.titles() == ["Buy milk"]


async def test_an_act_that_failed_before_the_fault_is_done_by_the_rules(chat: Chat, provider: RunningProvider) -> None:
    script = [calls("add_task", tasks="milk"), calls("complete_task", tasks=["the cow"]), Reply(status=401)]
    provider.provider.script.extend(script)
    reply = await chat.say("add buy milk")
    assert reply["text"] == "Added “Buy milk”."
    assert await chat.titles() == ["Buy milk"]


@pytest.mark.parametrize("acts", [[], [calls("add_task", **BUY)]], ids=["at once", "after an act"])
async def test_an_empty_answer_is_not_left_empty(acts: list[Reply], chat: Chat, provider: RunningProvider) -> None:
    provider.provider.script.extend([*acts, Reply(text=""), Reply(text="")])
    reply = await chat.say("add buy milk")
    assert [notice["code"] for notice in reply["notices"]] == ["malformed"]
    assert reply["text"] == "Added “Buy milk”."
    assert await chat.titles() == ["Buy milk"]


async def test_a_listing_before_the_fault_does_not_stand_for_the_act(chat: Chat, provider: RunningProvider) -> None:
    provider.provider.script.extend([calls("list_tasks"), Reply(status=401)])
    await chat.say("add buy milk")
    assert await chat.titles() == ["Buy milk"]


async def test_after_a_fault_the_turn_stays_with_the_rules_and_the_next_one_tries_again(
    chat: Chat, provider: RunningProvider
) -> None:
    provider.provider.script.extend([Reply(status=401), Reply(text="Hello again.")])
    assert (await chat.say("add buy milk"))["engine"] == "rules"
    assert len(provider.provider.requests) == 1
    assert (await chat.say("hello"))["text"] == "Hello again."


async def test_a_provider_that_says_how_long_it_is_busy_is_not_asked_by_anybody_before_that(
    chat: Chat, provider: RunningProvider, app: FastAPI, new_client: ClientFactory
) -> None:
    passed = 0.0
    app.state.turns.engine.rest = Rest(clock=lambda: passed)
    app.state.turns.clock = lambda: datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
    provider.provider.script.extend([Reply(status=429, retry_after="120"), Reply(text="Hello again.")])
    await chat.say("add buy milk")
    passed = 90.0
    reply = await Chat(new_client()).say("add buy bread")
    assert (reply["engine"], reply["text"]) == ("rules", "Added “Buy bread”.")
    [notice] = reply["notices"]
    assert notice["code"] == "rate_limited"
    assert notice["text"].endswith("The built-in assistant answers instead, until 15:01.")  # in Karachi
    assert notice["retry_at"] == "2026-11-25T15:01:00+05:00"
    assert len(provider.provider.requests) == 1
    passed = 121.0
    assert (await chat.say("hello"))["text"] == "Hello again."


async def test_a_provider_that_names_a_far_day_is_asked_again_after_an_hour(
    chat: Chat, provider: RunningProvider, app: FastAPI
) -> None:
    passed = 0.0
    app.state.turns.engine.rest = Rest(clock=lambda: passed)
    far = Reply(status=503, retry_after="Fri, 31 Dec 2999 23:59:59 GMT")
    provider.provider.script.extend([far, Reply(text="Hello again.")])
    assert (await chat.say("hello"))["notices"][0]["code"] == "unavailable"
    passed = 3599.0
    assert (await chat.say("hello"))["engine"] == "rules"
    passed = 3601.0
    assert (await chat.say("hello"))["text"] == "Hello again."


async def test_a_wrong_argument_is_told_to_the_model_which_may_do_better(chat: Chat, provider: RunningProvider) -> None:
    wrong = calls("add_task", tasks="milk")
    provider.provider.script.extend([wrong, calls("add_task", **BUY), Reply(text="Added.")])
    reply = await chat.say("add buy milk")
    assert [call["ok"] for call in reply["tool_calls"]] == [False, True]
    assert reply["notices"] == []
    assert await chat.titles() == ["Buy milk"]


async def test_calls_with_the_same_id_are_both_done(chat: Chat, provider: RunningProvider) -> None:
    twice = [Call(name="add_task", arguments={"tasks": [{"title": t}]}, id="same") for t in ("Milk", "Bread")]
    provider.provider.script.extend([Reply(calls=twice), Reply(text="Both added.")])
    await chat.say("add milk and bread")
    assert await chat.titles() == ["Milk", "Bread"]


async def test_a_megabyte_of_answer_is_cut_and_said_so(chat: Chat, provider: RunningProvider) -> None:
    provider.provider.script.append(Reply(megabyte=True))
    reply = await chat.say("tell me a story")
    assert [notice["code"] for notice in reply["notices"]] == ["too_long"]
    assert 100_000 <= len(reply["text"]) < 150_000


async def test_a_model_that_never_stops_calling_is_stopped_after_six_steps(
    chat: Chat, provider: RunningProvider
) -> None:
    provider.provider.always = calls("list_tasks")
    reply = await chat.say("show my tasks")
    assert len(reply["tool_calls"]) == 6
    assert [notice["code"] for notice in reply["notices"]] == ["step_limit"]


async def test_a_turn_has_one_deadline(chat: Chat, provider: RunningProvider) -> None:
    chat.client._transport.app.state.turns.deadline = 0.3  # type: ignore[attr-defined]
    provider.provider.script.append(Reply(text="slow " * 500, token_delay=0.05))
    reply = await chat.say("tell me a story")
    assert [notice["code"] for notice in reply["notices"]] == ["deadline"]
    assert reply["text"].startswith("slow")


async def test_the_key_stands_in_no_event_row_log_or_metric(
    chat: Chat, provider: RunningProvider, capfd: pytest.CaptureFixture[str], settings: Settings
) -> None:
    faults = [Reply(status=401, echo_key=True), Reply(status=500, echo_key=True), Reply(status=500, echo_key=True)]
    provider.provider.script.extend(faults)
    seen = ""
    for _ in range(2):
        response = await chat.post("add buy milk")
        seen += response.text + str(response.headers)
    for path in ("/api/meta", "/metrics", "/ready", "/api/conversations", "/api/openapi.json"):
        seen += (await chat.client.get(path)).text
    database = settings.database.path
    stored = b"".join(file.read_bytes() for file in database.parent.glob(f"{database.name}*"))
    output = capfd.readouterr()
    assert provider.provider.keys[0] == f"Bearer {KEY}"
    assert KEY not in seen + output.out + output.err
    assert KEY.encode() not in stored
    assert KEY not in repr(settings)
