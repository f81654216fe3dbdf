"""Repeats as RRULE parts (RFC 5545, section 3.3.10): "every weekday", "every 2 weeks on mon", "har roz"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache

from app.tasks.quick_add.dates import ALL_MONTHS, BEGIN, DAYS, END, NUMERAL, ORDINAL, match_date
from app.tasks.quick_add.lexicon import DAY_CODES, DAY_PARTS, NUMBERS, ORDINALS, alternation
from app.tasks.recurrence import normalise_rule

DAY = rf"(?:{alternation(DAYS)})"
DAY_LIST = rf"{DAY}(?:\s*(?:,\s*and|,|and|&|aur|اور|/)\s*{DAY})*"
EVERY = r"(?:every|each|har|ہر)"
N = rf"(?P<n>\d{{1,3}}|other|second|third|{alternation(w for w in NUMBERS if w not in ('a', 'an'))})"
FREQUENCIES = {
    **dict.fromkeys(("day", "days", "din", "roz", "دن", "روز"), "DAILY"),
    **dict.fromkeys(("week", "weeks", "hafta", "hafte", "hafton", "ہفتہ", "ہفتے"), "WEEKLY"),
    **dict.fromkeys(("month", "months", "mahina", "mahine", "mahinay", "مہینہ", "مہینے"), "MONTHLY"),
    **dict.fromkeys(("year", "years", "saal", "سال"), "YEARLY"),
}
UNIT = rf"(?P<unit>{alternation(FREQUENCIES)})"
ADVERBS = {
    **{"daily": "FREQ=DAILY", "everyday": "FREQ=DAILY", "rozana": "FREQ=DAILY", "روزانہ": "FREQ=DAILY"},
    **{"weekly": "FREQ=WEEKLY", "biweekly": "FREQ=WEEKLY;INTERVAL=2", "fortnightly": "FREQ=WEEKLY;INTERVAL=2"},
    **{"monthly": "FREQ=MONTHLY", "quarterly": "FREQ=MONTHLY;INTERVAL=3", "yearly": "FREQ=YEARLY"},
    **{"annually": "FREQ=YEARLY", "nightly": "FREQ=DAILY"},
}
# "write weekly report" is a report; "report weekly", "take pills daily at 9" repeat.
ALONE = (
    r"(?=\s*(?:$|[,.;!#]|(?:at|on|by|from|until|till|starting|every|for|this|next|tomorrow|today)\b"
    r"|\d{1,2}(?::\d\d|\s?[ap]m)))"
)
MONTH = alternation(ALL_MONTHS)
NTH = alternation(ORDINALS)

_PATTERNS = (
    ("unit", rf"{EVERY}\s+(?:{N}\s+)?{UNIT}(?:\s+on\s+(?:the\s+)?(?P<days>{DAY_LIST}))?(?:\s+ko)?"),
    ("unit", rf"{EVERY}\s+(?:{N}\s+)?{UNIT}\s+on\s+(?:the\s+)?{NUMERAL}{ORDINAL}?"),
    ("unit", rf"(?P<adverb>{alternation(ADVERBS)})\s+on\s+(?:the\s+)?(?:(?P<days>{DAY_LIST})|{NUMERAL}{ORDINAL}?)"),
    (
        "days",
        rf"{EVERY}\s+(?:{N}\s+)?(?P<days>{DAY_LIST})(?:\s+(?:ko|کو))?(?:\s+(?P<part>{alternation(DAY_PARTS)}))?",
    ),
    ("days", r"(?:on\s+)?(?P<days>(?:mon|tues|wednes|thurs|fri|satur|sun)days)"),
    ("weekday", rf"(?:{EVERY}\s+(?:weekday|working\s+day|workday|work\s+day)s?|on\s+weekdays|weekdays(?=\s*$))"),
    ("weekend", rf"{EVERY}\s+weekends?"),
    ("part", rf"{EVERY}\s+(?P<part>{alternation(DAY_PARTS)})"),
    ("month_day", rf"{EVERY}\s+{NUMERAL}{ORDINAL}(?:\s+(?:day\s+)?of\s+(?:the|every|each)\s+month)?"),
    (
        "month_end",
        rf"{EVERY}\s+(?:last\s+day|end)\s+of\s+(?:the|every|each)\s+month|(?:at\s+)?{EVERY}\s+month[\s-]end",
    ),
    ("nth", rf"(?:on\s+)?(?:{EVERY}|the)\s+(?P<nth>{NTH})\s+(?P<day_name>{DAY})\s+of\s+(?:the|every|each)\s+month"),
    ("nth", rf"{EVERY}\s+(?P<nth>first|last)\s+(?P<day_name>{DAY})"),
    ("year_day", rf"{EVERY}\s+(?:year\s+on\s+)?(?P<month>{MONTH})\s+{NUMERAL}{ORDINAL}?"),
    ("year_day", rf"{EVERY}\s+(?:year\s+on\s+(?:the\s+)?)?{NUMERAL}{ORDINAL}?\s+(?:of\s+)?(?P<month>{MONTH})"),
    ("quarter", rf"{EVERY}\s+quarter"),
    ("adverb", rf"(?P<adverb>{alternation(ADVERBS)}){ALONE}"),
    ("adverb", r"(?P<adverb>rozana|روزانہ)"),
)
_UNTIL = re.compile(r"\s+(?:until|till|through)\s+")
_COUNT = re.compile(r"(?:\s*,)?\s+(?:for\s+)?(?P<count>\d{1,3})\s+times(?!\w)")


@dataclass(frozen=True, slots=True)
class Repeat:
    """An RRULE, and the time that "every morning" names."""

    rule: str
    time: time | None = None


@cache
def _rules() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(BEGIN + pattern + END)) for name, pattern in _PATTERNS)


def match_repeat(text: str, position: int, now: datetime) -> tuple[int, Repeat] | None:
    """The longest repeat that begins at `position` of the normalised text: its end and its meaning."""
    best: tuple[int, Repeat] | None = None
    for name, rule in _rules():
        found = rule.match(text, position)
        if found and (best is None or found.end() > best[0]):
            read = _read(name, found)
            best = (found.end(), read) if read and _can_be_kept(read.rule) else best
    return _limited(text, *best, now) if best else None


def _can_be_kept(rule: str) -> bool:
    """Not "every 300 weeks" or "every 31 February": whoever types that gets a title, not an error."""
    try:
        normalise_rule(rule)
    except ValueError:
        return False
    return True


def _limited(text: str, end: int, repeat: Repeat, now: datetime) -> tuple[int, Repeat]:
    if found := _COUNT.match(text, end):
        return found.end(), Repeat(f"{repeat.rule};COUNT={max(1, int(found['count']))}", repeat.time)
    if (found := _UNTIL.match(text, end)) and (day := match_date(text, found.end(), now)):
        return day[0], Repeat(f"{repeat.rule};UNTIL={day[1].date:%Y%m%d}T235959Z", repeat.time)
    return end, repeat


def _read(name: str, found: re.Match[str]) -> Repeat | None:
    parts = found.groupdict()
    part = parts.get("part")
    clock = time(DAY_PARTS[part]) if part else None
    fixed = {
        "weekday": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        "weekend": "FREQ=WEEKLY;BYDAY=SA,SU",
        "part": "FREQ=DAILY",
        "month_end": "FREQ=MONTHLY;BYMONTHDAY=-1",
        "quarter": "FREQ=MONTHLY;INTERVAL=3",
    }
    if name in fixed:
        return Repeat(fixed[name], clock)
    match name:
        case "days":
            return Repeat(f"FREQ=WEEKLY{_interval(parts.get('n'))};BYDAY={_codes(parts['days'])}", clock)
        case "month_day":
            return Repeat(f"FREQ=MONTHLY;BYMONTHDAY={int(parts['day'])}")
        case "nth":
            return Repeat(f"FREQ=MONTHLY;BYDAY={ORDINALS[parts['nth']]}{DAY_CODES[DAYS[parts['day_name']]]}")
        case "year_day":
            return Repeat(f"FREQ=YEARLY;BYMONTH={ALL_MONTHS[parts['month']]};BYMONTHDAY={int(parts['day'])}")
    return _unit(parts)


def _unit(parts: dict[str, str | None]) -> Repeat | None:
    if adverb := parts.get("adverb"):
        rule = ADVERBS[adverb]
    else:
        rule = f"FREQ={FREQUENCIES[str(parts['unit'])]}{_interval(parts.get('n'))}"
    if days := parts.get("days"):
        return Repeat(f"{rule};BYDAY={_codes(days)}") if "WEEKLY" in rule else None
    if day := parts.get("day"):
        return Repeat(f"{rule};BYMONTHDAY={int(day)}") if "MONTHLY" in rule else None
    return Repeat(rule, time(20) if parts.get("adverb") == "nightly" else None)


def _interval(word: str | None) -> str:
    if word is None:
        return ""
    number = {"other": 2, "second": 2, "third": 3}.get(word) or (int(word) if word.isdigit() else NUMBERS[word])
    return f";INTERVAL={number}" if number > 1 else ""


def _codes(days: str) -> str:
    numbers = {DAYS[word] for word in re.findall(DAY, days)}
    return ",".join(DAY_CODES[number] for number in sorted(numbers))
