"""Repeating tasks: which rules are allowed, and which day comes next.

A rule is an RRULE (RFC 5545) over local dates, so that "every day at 9" stays at 9 across daylight saving. Where a
month is too short for its day (the 31st, 29 February) its last day counts, as SKIP=BACKWARD of RFC 7529 has it.
"""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice

from dateutil.rrule import rrulestr

from app.tasks.due import LAST_DAY

LARGEST_INTERVAL = {"DAILY": 1000, "WEEKLY": 200, "MONTHLY": 120, "YEARLY": 20}
LARGEST = {"BYMONTHDAY": 31, "BYMONTH": 12, "BYSETPOS": 31}
LONGEST_COUNT = 1000
# dateutil walks to the year 9999 when nothing matches. The calendar repeats every 400 years, weekdays included, so
# the rule is followed that many years later, where the walk is short.
LATER_YEARS = 7600

_DAY = r"(MO|TU|WE|TH|FR|SA|SU)"
_NUMBERS = r"[+-]?\d{1,2}(,[+-]?\d{1,2}){0,61}"
_PARTS = {
    "FREQ": "DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": r"\d{1,4}",
    "COUNT": r"\d{1,4}",
    "UNTIL": r"\d{8}(T\d{6}Z?)?",
    "BYDAY": rf"([+-]?\d{{1,2}})?{_DAY}(,([+-]?\d{{1,2}})?{_DAY}){{0,20}}",
    "BYMONTHDAY": _NUMBERS,
    "BYMONTH": r"\d{1,2}(,\d{1,2}){0,11}",
    "BYSETPOS": _NUMBERS,
    "WKST": _DAY,
}


def normalise_rule(text: str) -> str:
    """The rule in capitals and without prefix. Raises ValueError with a sentence about what cannot be kept."""
    text = text.strip().upper().removeprefix("RRULE:").rstrip(";")
    parts: dict[str, str] = {}
    for part in text.split(";"):
        name, _, value = part.partition("=")
        if name not in _PARTS:
            raise ValueError(f"a repeat cannot use {name[:20]!r}, only {', '.join(_PARTS)}")
        if name in parts:
            raise ValueError(f"{name} appears twice in the repeat")
        if not re.fullmatch(_PARTS[name], value, re.ASCII):
            raise ValueError(f"{name} cannot be {value[:40]!r} in a repeat")
        parts[name] = value
    _check(parts)
    if not _happens(text):
        raise ValueError("the repeat has no day on which it happens")
    return text


def next_date(text: str, start: date, after: date) -> date | None:
    """The first day of a normalised rule later than `after`, counted from `start`; None once the rule has ended."""
    parts = dict(part.split("=") for part in text.split(";"))
    after = max(after, start - timedelta(days=1))
    until = min(parts.pop("UNTIL", "99991231"), f"{LAST_DAY:%Y%m%d}")
    count = int(parts.pop("COUNT", 0)) or None
    _use_last_day_of_short_months(parts, start)
    first = start if count else _closer(parts, start, after)
    parts["UNTIL"] = f"{int(until[:4]) + LATER_YEARS}{until[4:8]}"
    rule = rrulestr(
        ";".join(f"{name}={value}" for name, value in parts.items()),
        dtstart=datetime.combine(first.replace(year=first.year + LATER_YEARS), time()),
    )
    days = (day.date().replace(year=day.year - LATER_YEARS) for day in islice(rule, count))
    return next((day for day in days if day > after), None)


def _check(parts: dict[str, str]) -> None:
    frequency = parts.get("FREQ")
    if frequency is None:
        raise ValueError("a repeat needs FREQ=DAILY, WEEKLY, MONTHLY or YEARLY")
    if not 1 <= int(parts.get("INTERVAL", 1)) <= LARGEST_INTERVAL[frequency]:
        raise ValueError(f"INTERVAL goes from 1 to {LARGEST_INTERVAL[frequency]} with FREQ={frequency}")
    if not 1 <= int(parts.get("COUNT", 1)) <= LONGEST_COUNT:
        raise ValueError(f"COUNT goes from 1 to {LONGEST_COUNT}")
    if "COUNT" in parts and "UNTIL" in parts:
        raise ValueError("a repeat ends by COUNT or by UNTIL, not by both")
    if "UNTIL" in parts:
        try:
            datetime.strptime(parts["UNTIL"][:8], "%Y%m%d")
        except ValueError:
            raise ValueError("UNTIL is not a day of the calendar") from None
    if frequency in ("DAILY", "WEEKLY") and parts.keys() & {"BYMONTHDAY", "BYSETPOS"}:
        raise ValueError(f"BYMONTHDAY and BYSETPOS cannot be used with FREQ={frequency}, only with MONTHLY and YEARLY")
    if frequency == "DAILY" and "BYDAY" in parts and int(parts.get("INTERVAL", 1)) != 1:
        raise ValueError("BYDAY with FREQ=DAILY needs INTERVAL=1")
    if "BYSETPOS" in parts and not parts.keys() & {"BYDAY", "BYMONTHDAY", "BYMONTH"}:
        raise ValueError("BYSETPOS needs BYDAY, BYMONTHDAY or BYMONTH")
    for name, largest in LARGEST.items():
        if any(not 1 <= abs(int(number)) <= largest for number in parts.get(name, "1").split(",")):
            raise ValueError(f"{name} goes from 1 to {largest}")
    ordinals = [int(number) for number in re.findall(r"[+-]?\d+", parts.get("BYDAY", ""))]
    if ordinals and (frequency in ("DAILY", "WEEKLY") or any(not 1 <= abs(n) <= 53 for n in ordinals)):
        raise ValueError("BYDAY takes numbers from 1 to 53, with FREQ=MONTHLY or YEARLY")
    if (frequency == "MONTHLY" or "BYMONTH" in parts) and any(abs(n) > 5 for n in ordinals):
        raise ValueError("no month has more than five of a weekday, so BYDAY takes numbers from 1 to 5 there")


@lru_cache(maxsize=4096)
def _happens(text: str) -> bool:
    endless = ";".join(part for part in text.split(";") if not part.startswith(("UNTIL=", "COUNT=")))
    start = date(2023, 12, 31)
    return next_date(endless, start, start) is not None


def _use_last_day_of_short_months(parts: dict[str, str], start: date) -> None:
    if "BYSETPOS" in parts or "BYDAY" in parts or parts["FREQ"] not in ("MONTHLY", "YEARLY"):
        return
    if parts["FREQ"] == "YEARLY":
        if "BYMONTHDAY" not in parts:
            parts.setdefault("BYMONTH", str(start.month))
        if not parts.get("BYMONTH", "").isdigit():
            return
    day = parts.setdefault("BYMONTHDAY", str(start.day))
    if day in ("29", "30", "31"):
        parts["BYMONTHDAY"] = ",".join(map(str, range(28, int(day) + 1)))
        parts["BYSETPOS"] = "-1"


def _closer(parts: dict[str, str], start: date, after: date) -> date:
    """A start that gives the same days from `after` on, so that a rule from long ago is not walked through."""
    interval = int(parts.get("INTERVAL", 1))
    if parts["FREQ"] in ("DAILY", "WEEKLY"):
        step = interval * (7 if parts["FREQ"] == "WEEKLY" else 1)
        return start + timedelta(days=max(0, (after - start).days // step) * step)
    step = interval * (12 if parts["FREQ"] == "YEARLY" else 1)
    months = max(0, (after.year - start.year) * 12 + after.month - start.month) // step * step
    if not months or ("BYDAY" not in parts and "BYMONTHDAY" not in parts):
        return start
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, 1)
