"""Export and import: nothing is lost on the way, and nothing is half imported."""

import asyncio
import gzip
import json
import uuid

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response

from tests.backend.conftest import AddTask, ClientFactory

TYPES = {"json": "application/json", "csv": "text/csv", "ics": "text/calendar"}


async def send(client: AsyncClient, format: str, body: str | bytes) -> tuple[int, dict[str, object]]:
    answer = await client.post("/api/import", content=body, headers={"Content-Type": TYPES[format]})
    return answer.status_code, answer.json()


async def everything(client: AsyncClient) -> dict[str, dict[str, object]]:
    tasks = []
    for status in ("all", "deleted"):
        tasks += (await client.get(f"/api/tasks?status={status}&limit=100")).json()["items"]
    return {task["id"]: {k: v for k, v in task.items() if k != "version"} for task in tasks}


@pytest.fixture
async def varied(client: AsyncClient, add: AddTask) -> AsyncClient:
    await add(
        '=HYPERLINK(1); "quoted", \\ and ,', notes="line one\nline two; ünïcode 日本語 " * 20, tags=["a\\", "گھر"]
    )
    await add("Pay rent", priority="high", due={"date": "2026-12-31"}, repeat="FREQ=MONTHLY")
    await add("Call", priority="low", due={"date": "2026-12-03", "time": "17:00", "time_zone": "Asia/Karachi"})
    done, gone = await add("Done"), await add("Gone")
    await client.post(f"/api/tasks/{done['id']}/complete")
    await client.delete(f"/api/tasks/{gone['id']}")
    return client


@pytest.mark.parametrize("format", ["json", "csv"])
async def test_what_was_exported_comes_back_the_same(varied: AsyncClient, format: str) -> None:
    before = await everything(varied)
    exported = await varied.get(f"/api/export?format={format}")
    assert exported.headers["content-type"].startswith(TYPES[format])
    assert "attachment" in exported.headers["content-disposition"]
    assert await send(varied, format, exported.content) == (200, {"imported": 0, "skipped": 5})
    await varied.delete("/api/me")
    assert await send(varied, format, exported.content) == (200, {"imported": 5, "skipped": 0})
    assert await everything(varied) == before


async def test_whoever_reads_an_export_slowly_holds_no_connection_to_the_database(
    app: FastAPI, client: AsyncClient, add: AddTask
) -> None:
    await add()
    await app.state.housekeeping.stop()  # which the first write began
    cookie = f"todo_guest={client.cookies['todo_guest']}".encode()
    headers = [(b"cookie", cookie)]
    scope = {"type": "http", "method": "GET", "path": "/api/export", "query_string": b"", "headers": headers}
    held: list[int] = []

    async def send(_: object) -> None:
        held.append(app.state.database.engine.pool.checkedout())

    await app(scope, asyncio.Event().wait, send)
    assert len(held) > 2
    assert set(held) == {0}


async def test_a_preview_says_what_an_import_would_do_and_does_nothing(client: AsyncClient) -> None:
    rows = [{"id": str(uuid.uuid4()), "title": f"Task {number}"} for number in range(7)]
    assert await send(client, "json", json.dumps(rows[:1])) == (200, {"imported": 1, "skipped": 0})
    before = await everything(client)

    async def preview(body: object) -> Response:
        sent = {"Content-Type": "application/json"}
        return await client.post("/api/import?preview=true", content=json.dumps(body), headers=sent)

    said = (await preview(rows)).json()
    assert said == {"imported": 6, "skipped": 1, "examples": [f"Task {number}" for number in range(1, 6)]}
    refused = await preview([*rows, {"title": ""}])
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["location"].endswith("title")
    assert await everything(client) == before


async def test_a_calendar_comes_back_with_all_that_it_can_hold(varied: AsyncClient) -> None:
    before = await everything(varied)
    exported = await varied.get("/api/export?format=ics")
    assert max(len(line) for line in exported.content.split(b"\r\n")) <= 75
    await varied.delete("/api/me")
    assert (await send(varied, "ics", exported.content))[0] == 200
    after = await everything(varied)
    for task_id, task in before.items():
        for field in ("title", "notes", "priority", "tags", "due", "repeat", "done"):
            assert after[task_id][field] == task[field]
        assert (after[task_id]["deleted_at"] is None) == (task["deleted_at"] is None)


async def test_a_calendar_of_another_program_is_read_without_its_alarms(client: AsyncClient) -> None:
    alarm = "BEGIN:VALARM\nACTION:EMAIL\nSUMMARY:Alarm\nDESCRIPTION:Default description\nEND:VALARM\n"
    finished = "BEGIN:VTODO\nSUMMARY:Read\nCOMPLETED:20261103T100000Z\nEND:VTODO\n"
    todo = f"BEGIN:VTODO\nSUMMARY:Call\nDESCRIPTION:Mine\nCATEGORIES:a,,b c\n{alarm}CATEGORIES:d\nEND:VTODO\n{finished}"
    assert (await send(client, "ics", f"BEGIN:VCALENDAR\n{todo}END:VCALENDAR\n"))[1] == {"imported": 2, "skipped": 0}
    read, call = (await client.get("/api/tasks")).json()["items"]
    assert (call["title"], call["notes"], call["tags"], call["done"]) == ("Call", "Mine", ["a", "b-c", "d"], False)
    assert (read["done"], read["completed_at"]) == (True, "2026-11-03T10:00:00Z")


CALENDAR = "BEGIN:VCALENDAR\n{}BEGIN:VTODO\nSUMMARY:Call\n{}\nEND:VTODO\nEND:VCALENDAR\n"
APPLE = "X-WR-TIMEZONE:America/New_York\n"
TIMES = [  # of the calendar, of the task, and the zone that the time is read in by somebody in Karachi
    ("", "DUE:20261203T170000", "Asia/Karachi"),
    (APPLE, "DUE:20261203T170000", "America/New_York"),
    ("X-WR-TIMEZONE:Nowhere\n", "DUE;VALUE=DATE-TIME:20261203T170000", "Asia/Karachi"),
    (APPLE, "DUE:20261203T170000Z", "UTC"),
    (APPLE, "DUE;tzid=Europe/Berlin:20261203T170000", "Europe/Berlin"),
    (APPLE, 'DUE;X-WAS="a:TZID=UTC";TZID="Europe/Berlin":20261203T170000', "Europe/Berlin"),
]


async def test_a_time_of_no_zone_is_one_of_the_calendar_or_of_whoever_imports_it(client: AsyncClient) -> None:
    here = {"Time-Zone": "Asia/Karachi"}
    for calendar, due, zone in TIMES:
        file = CALENDAR.format(calendar, due)
        sent = await client.post("/api/import", content=file, headers=here | {"Content-Type": TYPES["ics"]})
        assert sent.status_code == 200, sent.text
        (task,) = (await client.get("/api/tasks?limit=1")).json()["items"]
        assert task["due"] == {"date": "2026-12-03", "time": "17:00", "time_zone": zone}, file
    table = "title,due_date,due_time\nx,2026-12-03,17:00\ny,2026-12-03,\n"
    await client.post("/api/import", content=table, headers=here | {"Content-Type": TYPES["csv"]})
    day, time = (await client.get("/api/tasks?limit=2")).json()["items"]
    assert (time["due"]["time_zone"], day["due"]["time_zone"]) == ("Asia/Karachi", None)


async def test_a_time_in_utc_leaves_as_one_that_every_calendar_knows(client: AsyncClient, add: AddTask) -> None:
    await add(due={"date": "2026-12-03", "time": "17:00"})
    assert "\r\nDUE:20261203T170000Z\r\n" in (await client.get("/api/export?format=ics")).text


async def test_marks_of_the_format_within_a_calendars_text_are_text(client: AsyncClient) -> None:
    todo = 'SUMMARY;ALTREP="cid:part1";LANGUAGE=en:To: "you"\nCATEGORIES:a\\\\,b\\;c'
    assert (await send(client, "ics", CALENDAR.format("", todo)))[0] == 200
    (task,) = (await client.get("/api/tasks")).json()["items"]
    assert (task["title"], task["tags"]) == ('To: "you"', ["a\\", "b;c"])


async def test_the_same_file_twice_at_one_moment_is_imported_once(client: AsyncClient) -> None:
    await client.post("/api/tasks", json={"title": "The first brings the cookie"})
    rows = json.dumps([{"id": str(uuid.uuid4()), "title": f"Task {number}"} for number in range(50)])
    answers = await asyncio.gather(*(send(client, "json", rows) for _ in range(4)))
    assert {status for status, _ in answers} <= {200, 409}
    assert len(await everything(client)) == 51


async def test_an_id_that_belongs_to_somebody_else_gets_a_new_one(varied: AsyncClient, app: object) -> None:
    exported = (await varied.get("/api/export")).content
    varied.cookies.clear()
    assert await send(varied, "json", exported) == (200, {"imported": 5, "skipped": 0})
    assert app


async def test_a_repeat_without_a_due_starts_today_as_it_does_for_a_new_task(client: AsyncClient) -> None:
    row = {"title": "Every day", "repeat": "FREQ=DAILY"}
    made = (await client.post("/api/tasks", json=row)).json()
    await send(client, "json", json.dumps([row]))
    assert {task["due"]["date"] for task in (await everything(client)).values()} == {made["due"]["date"]}  # type: ignore[index]


BAD = [
    ("json", '[\n{"title": "fine"},\n{"title": ""}\n]', "line 3"),
    ("json", '{"tasks": [\n{"title": "fine"},\n17, {"title": "x"}]}', "line 3"),
    ("json", '[{"title": "fine"}', "line 1"),
    ("json", '{"title": "no list"}', "line 1"),
    ("json", "[" * 50_000, "line 1"),
    ("csv", "title,priority\nfine,high\nbad,urgent\n", "line 3"),
    ("csv", "name\nx\n", "line 1"),
    ("csv", 'title\n"open', "line 1"),
    ("ics", "BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:fine\nEND:VTODO\nBEGIN:VTODO\nEND:VTODO\n", "line 5"),
    ("ics", "BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:x\nDUE:20261340\nEND:VTODO\n", "line 2"),
    ("ics", "hello", "line 1"),
    ("ics", "", "line 0"),
]


async def test_a_bad_line_is_named_and_nothing_is_imported(client: AsyncClient) -> None:
    for format, body, location in BAD:
        status, problem = await send(client, format, body)
        assert status == 422, body
        assert str(problem["errors"][0]["location"]).startswith(location), problem  # type: ignore[index]
        assert "Nothing was imported" in str(problem["detail"])
    assert await everything(client) == {}


async def test_text_that_is_not_utf_8_and_other_kinds_of_files_are_refused(client: AsyncClient) -> None:
    assert (await send(client, "csv", b"title\n\xff\xfe\n"))[0] == 422
    answer = await client.post("/api/import", content=b"x", headers={"Content-Type": "application/zip"})
    assert answer.status_code == 415


@pytest.mark.parametrize("path", ["/api/tasks", "/api/import"])
async def test_a_packed_request_is_not_unpacked(client: AsyncClient, path: str) -> None:
    packed = gzip.compress(b'{"title": "x"}')
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    answer = await client.post(path, content=packed, headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_file_much_larger_than_a_piece_is_read_whole(client: AsyncClient) -> None:
    tasks = [{"title": f"Task {i}", "notes": "n" * 100} for i in range(2000)]
    assert await send(client, "json", json.dumps(tasks)) == (200, {"imported": 2000, "skipped": 0})
    assert (await client.get("/api/tasks?q=1999")).json()["items"][0]["title"] == "Task 1999"
    exported = (await client.get("/api/export")).json()
    assert len(exported["tasks"]) == 2000


async def test_an_import_is_taken_back_as_a_whole_once_and_only_while_nothing_of_it_has_changed(
    client: AsyncClient, new_client: ClientFactory
) -> None:
    sent = {"Content-Type": "application/json"}

    async def bring_in(**headers: str) -> Response:
        rows = [{"title": f"Task {number}"} for number in range(601)]  # more than are stored at once
        return await client.post("/api/import", content=json.dumps(rows), headers=sent | headers)

    async def count() -> int:
        return len((await client.get("/api/export")).json()["tasks"])

    await client.post("/api/tasks", json={"title": "There before"})
    first = await bring_in(**{"Idempotency-Key": "once"})
    token = first.headers["undo-token"]
    assert (await bring_in(**{"Idempotency-Key": "once"})).headers["undo-token"] == token
    assert (await new_client().post(f"/api/undo/{token}")).status_code == 404
    undone = await client.post(f"/api/undo/{token}")
    assert len(undone.json()["undone"]) == 100
    assert [task["title"] for task in (await client.get("/api/tasks")).json()["items"]] == ["There before"]
    again = await client.post(f"/api/undo/{token}")
    assert (again.status_code, "already" in again.json()["detail"]) == (409, True)

    token = (await bring_in()).headers["undo-token"]
    newest = (await client.get("/api/tasks?limit=1")).json()["items"][0]
    await client.post(f"/api/tasks/{newest['id']}/complete")
    late = await client.post(f"/api/undo/{token}")
    assert (late.status_code, "changed since" in late.json()["detail"]) == (409, True)
    assert (await client.get(f"/api/tasks/{newest['id']}")).json()["deleted_at"] is None
    assert await count() == 1 + 601 + 601
    nothing = await client.post("/api/import", content=(await client.get("/api/export")).content, headers=sent)
    assert (nothing.json()["imported"], "undo-token" in nothing.headers) == (0, False)
