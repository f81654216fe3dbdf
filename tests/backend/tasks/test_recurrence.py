"""Repeating tasks: the calendar, the clock, and rules that cannot be kept."""

import time
import uuid
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from httpx2 import AsyncClient
from hypothesis import given
from hypothesis import strategies as st

from app.tasks.due import Due
from app.tasks.editing import complete, new_task
from app.tasks.recurrence import next_date, normalise_rule
from app.tasks.schemas import TaskCreate, due_of
from app.tasks.urgency import Clock
from tests.backend.conftest import AddTask


def following(rule: str, start: str, times: int) -> list[str]:
    """The next days after `start`, each counted from the one before."""
    first = date.fromisoformat(start)
    days = [first]
    while len(days) <= times and (day := next_date(rule, first, days[-1])):
        days.append(day)
    return [f"{day:%m-%d}" for day in days[1:]]


def test_the_31st_is_the_last_day_of_shorter_months_and_comes_back() -> None:
    assert following("FREQ=MONTHLY", "2027-01-31", 5) == ["02-28", "03-31", "04-30", "05-31", "06-30"]
    assert following("FREQ=MONTHLY;BYMONTHDAY=31", "2028-01-10", 3) == ["01-31", "02-29", "03-31"]
    assert following("FREQ=MONTHLY;INTERVAL=2", "2026-12-30", 3) == ["02-28", "04-30", "06-30"]


def test_29_february_is_28_february_in_other_years() -> None:
    days = following("FREQ=YEARLY", "2028-02-29", 4)
    assert days == ["02-28", "02-28", "02-28", "02-29"]


def test_weeks_and_their_days() -> None:
    assert following("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-11-27", 2) == ["11-30", "12-01"]
    assert following("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "2026-11-23", 2) == ["12-07", "12-21"]
    assert following("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-23", 2) == ["11-27", "12-25"]


def test_count_and_until_end_it() -> None:
    assert following("FREQ=DAILY;COUNT=3", "2026-11-23", 9) == ["11-24", "11-25"]
    assert following("FREQ=DAILY;UNTIL=20261125", "2026-11-23", 9) == ["11-24", "11-25"]


rules = st.builds(
    "FREQ={};INTERVAL={}".format, st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]), st.integers(1, 20)
) | st.builds(
    "FREQ=WEEKLY;INTERVAL={};BYDAY={}".format, st.integers(1, 5), st.sampled_from(["MO", "SA,SU", "TU,TH", "SU,MO"])
)


@given(rules, st.dates(date(1970, 1, 1), date(2100, 1, 1)).filter(lambda d: d.day < 29), st.integers(0, 4000))
def test_far_from_the_start_the_days_are_those_of_dateutil(rule: str, start: date, later: int) -> None:
    after = date.fromordinal(start.toordinal() + later)
    midnight = datetime.min.time()
    expected = rrulestr(rule, dtstart=datetime.combine(start, midnight)).after(datetime.combine(after, midnight))
    assert next_date(normalise_rule(rule), start, after) == (expected.date() if expected else None)


def completed(due: Due, rule: str, now: str, zone: str = "UTC") -> Due | None:
    """The next due when the task is completed at that moment."""
    clock = Clock(datetime.fromisoformat(now).astimezone(UTC), ZoneInfo(zone))
    task = new_task("guest-1", TaskCreate(title="x", due=due, repeat=rule), clock)
    task.done = False
    nxt = complete(task, clock)
    return due_of(nxt) if nxt else None


@pytest.mark.parametrize(
    ("day", "next_day", "moment"),
    [
        ("2027-03-27", "2027-03-28", "2027-03-28T07:00:00+00:00"),  # the clock went forward in between
        ("2027-10-30", "2027-10-31", "2027-10-31T08:00:00+00:00"),  # and back
    ],
)
def test_nine_in_the_morning_stays_nine_across_daylight_saving(day: str, next_day: str, moment: str) -> None:
    due = Due.model_validate({"date": day, "time": "09:00", "time_zone": "Europe/Berlin"})
    following = completed(due, "FREQ=DAILY", f"{day}T06:00:00+00:00", "Europe/Berlin")
    assert following is not None
    assert (str(following.date), str(following.time)) == (next_day, "09:00:00")
    assert following.sort_key == datetime.fromisoformat(moment)


def test_a_time_that_the_clock_skips_is_kept_and_sorts_after_the_gap() -> None:
    due = Due.model_validate({"date": "2027-03-28", "time": "02:30", "time_zone": "Europe/Berlin"})
    assert due.sort_key == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_what_was_missed_is_not_caught_up() -> None:
    due = Due.model_validate({"date": "2026-11-01"})
    assert completed(due, "FREQ=DAILY", "2026-11-23T12:00:00+00:00") == Due.model_validate({"date": "2026-11-23"})
    at_nine = Due.model_validate({"date": "2026-11-01", "time": "09:00", "time_zone": "UTC"})
    following = completed(at_nine, "FREQ=DAILY", "2026-11-23T12:00:00+00:00")
    assert following is not None
    assert str(following.date) == "2026-11-24"


def test_today_is_that_of_the_callers_zone() -> None:
    due = Due.model_validate({"date": "2026-11-01"})
    following = completed(due, "FREQ=DAILY", "2026-11-23T12:00:00+00:00", "Pacific/Kiritimati")
    assert str(following and following.date) == "2026-11-24"


def test_the_last_one_makes_no_next() -> None:
    due = Due.model_validate({"date": "2026-11-23"})
    assert completed(due, "FREQ=DAILY;COUNT=1", "2026-11-23T12:00:00+00:00") is None


REFUSED = [
    "",
    "FREQ=SECONDLY",
    "FREQ=HOURLY",
    "DAILY",
    "FREQ=DAILY;FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=0",
    "FREQ=DAILY;INTERVAL=99999",
    "FREQ=DAILY;COUNT=0",
    "FREQ=DAILY;COUNT=9999",
    "FREQ=DAILY;COUNT=2;UNTIL=20300101",
    "FREQ=DAILY;UNTIL=20260230",
    "FREQ=DAILY;BYHOUR=1,2,3",
    "FREQ=DAILY;BYDAY=1MO",
    "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;BYDAY=MO",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=7",
    "FREQ=MONTHLY;BYMONTHDAY=0",
    "FREQ=MONTHLY;BYMONTH=13",
    "FREQ=MONTHLY;BYSETPOS=1",
    "FREQ=YEARLY;BYDAY=54MO",
    "FREQ=MONTHLY;BYDAY=9FR;INTERVAL=2",
    "FREQ=MONTHLY;BYDAY=1FR,-6FR",
    "FREQ=YEARLY;BYMONTH=12;BYDAY=9FR",
    "FREQ=DAILY\nDTSTART:19700101",
    "FREQ=DAILY;" * 20,
    "\x00",
]


async def test_a_rule_that_cannot_be_kept_is_refused_quickly_with_a_sentence(client: AsyncClient) -> None:
    for rule in REFUSED:
        started = time.perf_counter()
        refused = await client.post("/api/tasks", json={"title": "x", "repeat": rule})
        assert refused.status_code == 422, rule
        assert refused.json()["errors"][0]["location"] == "body.repeat"
        assert time.perf_counter() - started < 2


@given(st.text("FREQ=DAILYWKMONTHBYSETPO;,0123456789-+MOUINTERVAL", max_size=60).map("FREQ=MONTHLY;{}".format))
def test_any_text_is_a_rule_or_a_value_error(text: str) -> None:
    try:
        rule = normalise_rule(text)
    except ValueError:
        return
    days = [date(2026, 1, 31)]
    while len(days) < 5 and (day := next_date(rule, days[0], days[-1])):
        days.append(day)
    assert all(a < b for a, b in pairwise(days))


async def test_completing_makes_the_next_one_and_rescheduling_keeps_the_rhythm(
    client: AsyncClient, add: AddTask
) -> None:
    task = await add("Bins", tags=["home"], due={"date": "2190-12-02"}, repeat="FREQ=WEEKLY")
    path = f"/api/tasks/{task['id']}"
    await client.post(f"{path}/reschedule", json={"due": {"date": "2190-12-04"}})
    done = (await client.post(f"{path}/complete")).json()
    assert (done["repeat"], done["due"]["date"]) == (None, "2190-12-04")
    following = done["next"]
    assert (following["due"]["date"], following["repeat"]) == ("2190-12-09", "FREQ=WEEKLY")
    assert (following["title"], following["tags"], following["done"]) == ("Bins", ["home"], False)
    moved = await client.patch(f"/api/tasks/{following['id']}", json={"due": {"date": "2190-12-11"}})
    assert moved.status_code == 200
    again = (await client.post(f"/api/tasks/{following['id']}/complete")).json()
    assert again["next"]["due"]["date"] == "2190-12-18"


async def test_a_time_that_is_moved_to_an_earlier_day_is_not_made_again_on_its_own(
    client: AsyncClient, add: AddTask
) -> None:
    task = await add("Bins", due={"date": "2190-12-09"}, repeat="FREQ=WEEKLY")

    async def act(verb: str, body: object = None) -> dict[str, Any]:
        answer = await client.post(f"/api/tasks/{task['id']}/{verb}", json=body)
        assert answer.status_code == 200, answer.text
        return {**answer.json(), "token": answer.headers["undo-token"]}

    await act("reschedule", {"due": {"date": "2190-12-10"}})
    moved = await act("reschedule", {"due": {"date": "2190-12-07"}})
    exported = (await client.get("/api/export")).json()["tasks"]
    done = await act("complete")
    assert done["next"]["due"]["date"] == "2190-12-16"
    for change in (done, moved):
        assert (await client.post(f"/api/undo/{change['token']}")).status_code == 200
    assert (await act("complete"))["next"]["due"]["date"] == "2190-12-16"
    exported[0]["id"] = str(uuid.uuid4())
    await client.post("/api/import", json=exported)
    (again,) = (await client.get("/api/tasks?status=open&due_before=2190-12-08")).json()["items"]
    following = (await client.post(f"/api/tasks/{again['id']}/complete")).json()["next"]
    assert following["due"]["date"] == "2190-12-16"


async def test_a_repeat_without_a_due_starts_on_its_first_day(add: AddTask) -> None:
    task = await add(repeat="FREQ=WEEKLY;BYDAY=MO")
    day = date.fromisoformat(task["due"]["date"])  # type: ignore[index]
    assert day.weekday() == 0
    assert 0 <= (day - datetime.now(UTC).date()).days < 7
