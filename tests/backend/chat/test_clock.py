"""A conversation on a machine whose clock is set back."""

from datetime import UTC, datetime

import time_machine

from tests.backend.chat.conftest import Chat


async def test_messages_keep_their_order_when_the_clock_is_set_back_between_them(chat: Chat) -> None:
    with time_machine.travel(datetime.now(UTC), tick=True) as clock:
        await chat.say("add milk")
        clock.shift(-7200)
        await chat.say("add bread")
        await chat.say("undo")
    kept = (await chat.client.get(f"/api/conversations/{chat.conversation}")).json()["messages"]
    assert [message["text"] for message in kept if message["role"] == "user"] == ["add milk", "add bread", "undo"]
    assert await chat.titles() == ["Milk"]
