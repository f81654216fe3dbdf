"""The grammar against its golden table: see golden.txt."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.tasks.quick_add import Parsed, parse

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Karachi"))
TABLE = Path(__file__).with_name("golden.txt")
ROWS = [line for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("# ")]


def read(sentence: str) -> Parsed:
    return parse(sentence, now=NOW, time_zone="Asia/Karachi")


def shown(parsed: Parsed) -> list[str]:
    due = ""
    if parsed.due:
        due = parsed.due.date.isoformat() + (f" {parsed.due.time:%H:%M}" if parsed.due.time else "")
    return [parsed.title, due, parsed.repeat or "", parsed.priority.replace("none", ""), " ".join(parsed.tags)]


def test_the_table_has_at_least_250_sentences_in_three_scripts() -> None:
    assert len(ROWS) >= 250
    assert len(set(ROWS)) == len(ROWS)
    assert sum(any("\u0600" <= letter <= "\u06ff" for letter in row) for row in ROWS) >= 20


@pytest.mark.parametrize("row", ROWS)
def test_a_line_is_understood_as_the_table_says(row: str) -> None:
    sentence, *cells = (cell.strip() for cell in row.split("|"))
    expected = [sentence if cells[0] == "=" else cells[0], *cells[1:], *[""] * (5 - len(cells))]
    assert shown(read(sentence)) == expected


def test_the_spans_are_the_characters_that_were_understood() -> None:
    for row in ROWS:
        sentence = row.split("|")[0].strip()
        end = 0
        for span in read(sentence).spans:
            assert sentence[span.start : span.end] == span.text
            assert end <= span.start < span.end
            end = span.end


def test_a_time_knows_the_zone_it_is_meant_in() -> None:
    parsed = read("call mom tomorrow 5pm")
    assert parsed.as_dict()["due"] == {"date": "2026-11-26", "time": "17:00", "time_zone": "Asia/Karachi"}
    assert read("call mom tomorrow").as_dict()["due"] == {"date": "2026-11-26", "time": None, "time_zone": None}


def test_hours_from_now_cross_the_change_to_summer_time() -> None:
    eve = datetime(2027, 3, 28, 1, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    due = parse("call in 1 hour", now=eve, time_zone="Europe/Berlin").due
    assert due is not None
    assert due.time is not None
    assert due.time.isoformat("minutes") == "03:30"


def test_dates_are_those_of_the_users_zone() -> None:
    evening = datetime(2026, 11, 25, 20, 0, tzinfo=ZoneInfo("UTC"))
    due = parse("buy milk today", now=evening, time_zone="Asia/Karachi").due
    assert due is not None
    assert due.date.isoformat() == "2026-11-26"


WORDS = [
    "every",
    "day",
    "on",
    "the",
    "15th",
    "may",
    "5",
    "pm",
    "at",
    "next",
    "#x",
    "!high",
    '"',
    "کل",
    "ko",
    "2",
    "-",
    "in",
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join) | st.text(max_size=80))
def test_any_text_is_read_without_an_error_and_loses_no_character(text: str) -> None:
    parsed = read(text)
    inside = "".join(span.text for span in parsed.spans)
    left_out = "".join(text)
    for letter in inside:
        left_out = left_out.replace(letter, "", 1)
    assert not left_out.strip(" \t\r\n,;-–—\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0") or not left_out.strip()


@pytest.mark.parametrize(
    "text", ["every " * 3000, "at 5 " * 2000, "#" * 20_000, '"' * 20_000, "in 2 " * 5000, "1" * 20_000]
)
def test_a_hostile_line_is_read_in_a_fraction_of_a_second(text: str) -> None:
    read(text)


@pytest.mark.parametrize("zone", ["Nowhere/Land", "../../etc/passwd", "", "\0"])
def test_an_unknown_zone_falls_back_to_that_of_now(zone: str) -> None:
    due = parse("buy milk today", now=NOW, time_zone=zone).due
    assert due is not None
    assert due.date == NOW.date()
