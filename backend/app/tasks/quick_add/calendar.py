"""Arithmetic on dates, with the clamping that people expect (31 January plus a month is the end of February)."""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, date, timedelta

from app.tasks.quick_add.lexicon import DAY_CODES


def add_months(day: date, months: int) -> date | None:
    """`day` moved by months, clamped to the month's end; None past the calendar's end."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= MAXYEAR:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def next_weekday(today: date, weekday: int) -> date:
    """The next such day after today; never today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def weekday_of_next_week(today: date, weekday: int) -> date:
    """ "next friday": that day of the week that begins on the coming Monday."""
    return today + timedelta(days=7 - today.weekday() + weekday)


def safe_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def coming(today: date, month: int, day: int) -> date | None:
    """The next such day of the year, today included; 29 February waits for a leap year."""
    for year in range(today.year, min(today.year + 9, MAXYEAR)):
        found = safe_date(year, month, day)
        if found and found >= today:
            return found
    return None


def coming_day_of_month(today: date, day: int) -> date | None:
    """The next month that has such a day, today included."""
    for ahead in range(13):
        month = add_months(today.replace(day=1), ahead)
        found = month and safe_date(month.year, month.month, day)
        if found and found >= today:
            return found
    return None


def first_occurrence(rule: str, today: date) -> date:
    """The first day on or after today that the RRULE names; today when it names no day.

    The interval is left out: "every 2 weeks on monday" begins on the coming Monday.
    """
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    for ahead in range(366 * 9):
        day = today + timedelta(days=ahead)
        if _names(parts, day):
            return day
    return today


def _names(parts: dict[str, str], day: date) -> bool:
    if "BYMONTH" in parts and str(day.month) not in parts["BYMONTH"].split(","):
        return False
    if "BYMONTHDAY" in parts:
        wanted = {int(number) for number in parts["BYMONTHDAY"].split(",")}
        if not wanted & {day.day, day.day - month_end(day).day - 1}:
            return False
    return "BYDAY" not in parts or any(_is_day(code, day) for code in parts["BYDAY"].split(","))


def _is_day(code: str, day: date) -> bool:
    """`MO` is any Monday, `1MO` the month's first, `-1MO` its last."""
    if DAY_CODES[day.weekday()] != code[-2:]:
        return False
    if len(code) == 2:
        return True
    from_start, from_end = (day.day - 1) // 7 + 1, -((month_end(day).day - day.day) // 7 + 1)
    return int(code[:-2]) in (from_start, from_end)
