"""Dates: "tomorrow", "next friday", "3 dec", "in two weeks", "end of month", "kal", "جمعہ کو"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from app.tasks.quick_add import calendar
from app.tasks.quick_add.lexicon import (
    AFTER_TOMORROW,
    DAY_PARTS,
    MONTHS,
    NAMED_DAYS,
    NUMBERS,
    OF_YESTERDAY,
    SHY_MONTHS,
    SHY_WEEKDAYS,
    TODAY,
    TOMORROW,
    UNITS,
    WEEKDAYS,
    YESTERDAY,
    alternation,
)

DAYS = {**WEEKDAYS, **SHY_WEEKDAYS}
# "Hafta" is Saturday and the week; "agle hafte" is the week.
WEEKS = {"hafta", "hafte", "ہفتہ", "ہفتے"}
ALL_MONTHS = {**MONTHS, **SHY_MONTHS}
BEGIN, END = r"(?<![\w'’./$€£-])", r"(?![\w%])(?!['’]s)(?!-\w)"
ANCHOR = r"(?:(?:due|by|on|at|to|for|before|until|till|starting|beginning|deadline)\s*:?\s+)(?:the\s+)?"
FREE = rf"(?:{ANCHOR})*"
AFTER = r"(?:\s+(?:ko|tak|se\s+pehle|کو|تک|سے\s+پہلے)(?!\w))?"
PART = rf"(?:\s+(?P<part>{alternation(DAY_PARTS)}))?"
ORDINAL = r"(?:st|nd|rd|th)"
YEAR = r"(?:,?\s+(?P<year>(?:19|20)\d\d))?"
# Where a shy word ("may 5", "sat") may stand without a preposition: at the end, or before a mark or a time.
STOP = r"(?=\s*(?:$|[,.;!#]|(?:at\s+)?\d{1,2}(?::\d\d|\s?[ap]m)|at\s+(?:\d|noon|midnight)|(?:19|20)\d\d\b|[ap]m\b))"
# "dec 3 times" counts something.
COUNTED = r"(?!\s+(?:times?|miles?|km|people|pages?|kg|minutes?|hours?|days?|weeks?)\b)"
N = rf"(?P<n>\d{{1,4}}|half\s+an?|{alternation(NUMBERS)})"
UNIT = alternation(UNITS)
MONTH, FREE_MONTH = alternation(ALL_MONTHS), alternation(MONTHS)
NUMERAL = r"(?P<day>0?[1-9]|[12]\d|3[01])"
NEXT, THIS = r"next|agle|agli|agla|اگلے|اگلی|اگلا", r"this|coming|is|اس"

_PATTERNS = (
    ("iso", rf"{FREE}(?P<iso>\d{{4}}-\d\d-\d\d)(?:[t ](?P<hh>[01]\d|2[0-3]):(?P<mm>[0-5]\d)(?::\d\d)?z?)?"),
    ("numeric", rf"{FREE}(?P<a>\d{{1,2}})(?P<sep>[/.])(?P<b>\d{{1,2}})(?P=sep)(?P<year>20\d\d)"),
    ("today", rf"{FREE}(?:{alternation(TODAY)}){PART}{AFTER}"),
    ("tonight", rf"{FREE}(?:tonight|tonite)"),
    ("later", rf"{FREE}(?:{alternation(AFTER_TOMORROW)}){PART}{AFTER}"),
    ("yesterday", rf"(?:{ANCHOR})(?P<before>{alternation(YESTERDAY)}){PART}"),
    ("yesterday", rf"(?P<before>{alternation(YESTERDAY)}){PART}{STOP}"),
    ("tomorrow", rf"{FREE}(?:{alternation(TOMORROW)}){PART}{AFTER}"),
    (
        "weekday",
        rf"{FREE}(?:(?P<next>{NEXT})\s+|(?:{THIS})\s+)(?P<weekday>{alternation(DAYS.keys() - WEEKS)}){PART}{AFTER}",
    ),
    ("weekday", rf"{FREE}(?P<weekday>{alternation(WEEKDAYS)}){PART}{AFTER}"),
    ("weekday", rf"{ANCHOR}(?P<weekday>{alternation(SHY_WEEKDAYS)}){PART}{AFTER}"),
    ("weekday", rf"(?P<weekday>{alternation(SHY_WEEKDAYS)})\s+(?:ko|tak|کو|تک)"),
    ("weekday", rf"(?P<weekday>mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun){STOP}"),
    ("month", rf"{FREE}{NUMERAL}{ORDINAL}?\s+(?:of\s+)?(?P<month>{FREE_MONTH}){YEAR}{AFTER}"),
    ("month", rf"{FREE}(?P<month>{FREE_MONTH})\s+(?:the\s+)?{NUMERAL}{ORDINAL}?{YEAR}{COUNTED}{AFTER}"),
    ("month", rf"{ANCHOR}{NUMERAL}{ORDINAL}?\s+(?:of\s+)?(?P<month>{MONTH}){YEAR}"),
    ("month", rf"(?:the\s+)?{NUMERAL}(?:{ORDINAL}\s+(?:of\s+)?|\s+of\s+)(?P<month>{MONTH}){YEAR}"),
    ("month", rf"{NUMERAL}\s+(?P<month>{MONTH}){YEAR}{STOP}"),
    ("month", rf"{ANCHOR}(?P<month>{MONTH})\s+(?:the\s+)?{NUMERAL}{ORDINAL}?{YEAR}"),
    ("month", rf"(?P<month>{MONTH})\s+(?:the\s+)?{NUMERAL}(?:{ORDINAL}|{STOP}){YEAR}"),
    (
        "ordinal",
        rf"(?:(?:by|on|before|until|due(?:\s+(?:by|on))?)\s+(?:the\s+)?){NUMERAL}{ORDINAL}(?:\s+of\s+this\s+month)?",
    ),
    ("ordinal", rf"{NUMERAL}\s+(?:tareekh|tarikh|تاریخ){AFTER}"),
    ("end", rf"{FREE}(?:the\s+)?end\s+of\s+(?:the\s+|this\s+)?(?P<unit>day|week|month|year)"),
    ("end", rf"{FREE}eo(?P<unit>[dwmy])"),
    ("next_end", rf"{FREE}(?:the\s+)?end\s+of\s+next\s+(?P<unit>week|month|year)"),
    ("next", rf"{FREE}(?:{NEXT})\s+(?P<unit>{UNIT}){AFTER}"),
    ("weekend", rf"{FREE}(?:(?P<next>next)|this|(?<=on\sthe)|(?<=at\sthe)|(?:over|on|at|by)\s+the)\s+weekend"),
    ("in", rf"{FREE}in\s+{N}\s+(?P<unit>{UNIT})(?:['’]?\s+time)?"),
    ("in", rf"{FREE}{N}\s+(?P<unit>{UNIT})\s+(?:from\s+(?:now|today)|baad|bad|mein|main|me|بعد|میں)"),
)


@dataclass(frozen=True, slots=True)
class Day:
    """A date; with a time when the phrase names one; `part` when it names a part of the day."""

    date: date
    time: time | None = None
    part: str | None = None


@cache
def _rules() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Compiled when a line is first read: at the import, each save would pay for it."""
    return tuple((name, re.compile(BEGIN + pattern + END)) for name, pattern in _PATTERNS)


def match_date(text: str, position: int, now: datetime) -> tuple[int, Day] | None:
    """The longest date that begins at `position` of the normalised text: its end and its meaning."""
    best: tuple[int, Day] | None = None
    for name, rule in _rules():
        found = rule.match(text, position)
        if found and (best is None or found.end() > best[0]) and not _is_name(text, position, name):
            day = _read(name, found, now)
            best = (found.end(), day) if day else best
    return best


def _is_name(text: str, position: int, rule: str) -> bool:
    names = {"weekday": NAMED_DAYS, "today": "usa", "yesterday": OF_YESTERDAY}.get(rule)
    return names is not None and re.search(rf"\b(?:{names})\s+$", text[:position]) is not None


def _read(name: str, found: re.Match[str], now: datetime) -> Day | None:
    parts, today = found.groupdict(), now.date()
    if name == "in":
        return _in(parts, now)
    if name == "iso":
        day = _iso(parts["iso"])
        clock = time(int(parts["hh"]), int(parts["mm"])) if parts.get("hh") else None
        return Day(day, clock) if day else None
    if name == "tonight":
        return Day(today, None, "night")
    resolved = _date(name, parts, today)
    return Day(resolved, None, parts.get("part")) if resolved else None


def _date(name: str, parts: dict[str, str], today: date) -> date | None:
    match name:
        case "today":
            return today
        case "tomorrow":
            return today + timedelta(days=1)
        case "yesterday":
            return today - timedelta(days=2 if "before" in parts["before"] else 1)
        case "later":
            return today + timedelta(days=2)
        case "weekday":
            weekday = DAYS[parts["weekday"]]
            ahead = calendar.weekday_of_next_week if parts.get("next") else calendar.next_weekday
            return ahead(today, weekday)
        case "month":
            month, day = ALL_MONTHS[parts["month"]], int(parts["day"])
            year = parts.get("year")
            return calendar.safe_date(int(year), month, day) if year else calendar.coming(today, month, day)
        case "ordinal":
            return calendar.coming_day_of_month(today, int(parts["day"]))
        case "numeric":
            return _numeric(int(parts["a"]), int(parts["b"]), int(parts["year"]))
        case "weekend":
            return (
                calendar.weekday_of_next_week(today, 5)
                if parts["next"]
                else today + timedelta((5 - today.weekday()) % 7)
            )
        case "end":
            return _end(parts["unit"][0], today)
        case "next_end":
            start = _next(parts["unit"], today)
            return _end(parts["unit"][0], start) if start else None
        case _:
            return _next(parts["unit"], today)


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _numeric(a: int, b: int, year: int) -> date | None:
    """31/12/2026 and 12/31/2026 say which is the day; 3/4/2026 does not, so it stays in the title."""
    if a > 12 >= b:
        return calendar.safe_date(year, b, a)
    return calendar.safe_date(year, a, b) if b > 12 >= a or a == b else None


def _end(unit: str, today: date) -> date:
    if unit == "w":
        return today + timedelta(days=6 - today.weekday())
    if unit == "m":
        return calendar.month_end(today)
    return today if unit == "d" else today.replace(month=12, day=31)


def _next(unit: str, today: date) -> date | None:
    """The first day of the next week, month, quarter or year."""
    days, months, _ = UNITS[unit]
    if days == 7:
        return calendar.next_weekday(today, 0)
    if months == 12:
        return calendar.safe_date(today.year + 1, 1, 1)
    if months == 1:
        return calendar.add_months(today.replace(day=1), 1)
    if months == 3:
        return calendar.add_months(today.replace(day=1), 3 - (today.month - 1) % 3)
    return today + timedelta(days=days) if days == 1 else None


def _in(parts: dict[str, str], now: datetime) -> Day | None:
    word = re.sub(r"\s+", " ", parts["n"])
    days, months, minutes = UNITS[parts["unit"]]
    if word.startswith("half"):
        return _moment(now, minutes // 2) if minutes == 60 else None
    count = int(word) if word.isdigit() else NUMBERS[word]
    if minutes:
        return _moment(now, minutes * count)
    if months:
        day = calendar.add_months(now.date(), months * count)
        return Day(day) if day else None
    try:
        return Day(now.date() + timedelta(days=days * count))
    except OverflowError:
        return None


def _moment(now: datetime, minutes: int) -> Day:
    """So many minutes from now as the user's clock will show it, across a change to summer time too."""
    from datetime import UTC

    then = (now.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(now.tzinfo)
    return Day(then.date(), then.time().replace(second=0, microsecond=0, tzinfo=None))
