"""The fast way to JSON says what the models say."""

import json

from fastapi import FastAPI
from httpx2 import AsyncClient

from app.identity import Identity
from app.tasks.listing import ListQuery
from app.tasks.paging import TaskPages
from app.tasks.schemas import TaskPage
from app.tasks.service import TaskService
from tests.backend.conftest import AddTask


async def test_the_fast_way_to_json_says_what_the_models_say(app: FastAPI, client: AsyncClient, add: AddTask) -> None:
    await add("Plain")
    await add("Ünï “quoted” \\ \n 日本".replace("\n", ""), notes="a\nb", tags=["x", "گھر"], priority="medium")
    await add("Day", due={"date": "2020-02-29"}, repeat="FREQ=DAILY")
    await add("Time", due={"date": "2199-12-31", "time": "23:59", "time_zone": "Asia/Kathmandu"})
    done = await add("Done")
    await client.post(f"/api/tasks/{done['id']}/complete")
    identity = Identity(client.cookies["todo_guest"].split(".")[1])
    async with app.state.database.read() as session:
        service = TaskService(session, identity, secret="s")
        pages = TaskPages(app.state.database, identity.owner, secret="s")
        for query in (ListQuery(), ListQuery(limit=2), ListQuery(sort="urgency", limit=2), ListQuery(sort="due")):
            fast, slow = await pages.json(query), await service.list(query)
            assert json.loads(fast)["items"] == slow.model_dump(mode="json")["items"]
            following = TaskPage.model_validate_json(fast).next_cursor
            assert (following is None) == (slow.next_cursor is None)
            if following is not None:
                rest = await service.list(query.model_copy(update={"cursor": following}))
                assert json.loads(await pages.json(query.model_copy(update={"cursor": slow.next_cursor})))["items"] == [
                    task.model_dump(mode="json") for task in rest.items
                ]
