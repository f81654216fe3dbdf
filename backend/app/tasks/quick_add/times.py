"""Times of the day: "5pm", "17:00", "at 5", "half past six", "shaam 5 baje"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from functools import cache

from app.tasks.quick_add.lexicon import DAY_PARTS, NUMBERS, alternation

PREPOSITION = r"(?:(?:due\s+)?(?:at|by|before|until|till|around|from)\s+|@\s?)"
PART = alternation(DAY_PARTS)
HOUR = rf"(?P<hour>\d{{1,2}}|{alternation(w for w in NUMBERS if w not in ('a', 'an', 'couple of', 'a couple of'))})"
# Where a bare "at 5" may stand: before the end, punctuation, a mark or another part of a date.
STOP = (
    r"(?=\s*(?:$|[,.;!#]|\b(?:on|by|every|each|today|tonight|tomorrow|next|this|in\s+the|mon|tue|wed|thu|fri|sat|sun|daily|"
    r"weekly|monthly|o.clock|for\s+(?:today|tomorrow)|with|kal|aaj)))"
)
BEGIN, END = r"(?<![\w'’.:/$€£-])", r"(?![\w%])(?!['’]s)"

_PATTERNS = (
    rf"{PREPOSITION}?(?P<hour>\d{{1,2}})(?:[:.](?P<minute>[0-5]\d))?\s?(?P<meridiem>[ap]\.?m\b\.?)",
    rf"{PREPOSITION}?(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?:\s+in\s+the\s+(?P<part>{PART}))?",
    rf"(?:(?P<part>{PART})\s+(?:ko\s+)?)?(?:(?P<half>sa+[rd]h?e|ساڑھے)\s+)?{HOUR}\s+(?:baje|bajay|بجے)",
    rf"{PREPOSITION}?(?P<relation>half|quarter)\s+(?P<side>past|to)\s+{HOUR}",
    rf"{PREPOSITION}?{HOUR}\s+o['’]?clock(?:\s+in\s+the\s+(?P<part>{PART}))?",
    rf"{PREPOSITION}?(?P<hour>\d{{1,2}})\s+in\s+the\s+(?P<part>{PART})",
    rf"(?:at|@)\s?(?P<hour>\d{{1,2}}){STOP}",
    rf"{PREPOSITION}(?P<name>noon|midday|midnight)",
    r"(?P<name>noon|midday|midnight)(?=\s*$)",
    rf"(?:in\s+the|this)\s+(?P<part>{PART})(?=\s*(?:$|[,.;!#]))",
    rf"(?P<part>{alternation(list(DAY_PARTS)[4:])})(?:\s+(?:ko|کو))",
)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time; `certain` is false for a bare hour, which a part of the day nearby may still move to the afternoon."""

    time: time
    certain: bool = True
    today: bool = False


@cache
def _rules() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(BEGIN + pattern + END) for pattern in _PATTERNS)


def match_time(text: str, position: int) -> tuple[int, Clock] | None:
    """The longest time that begins at `position` of the normalised text: its end and its meaning."""
    best: tuple[int, Clock] | None = None
    for rule in _rules():
        found = rule.match(text, position)
        if found and (best is None or found.end() > best[0]):
            clock = _read(found)
            best = (found.end(), clock) if clock else best
    return best


def afternoon(hour: int) -> int:
    """A bare hour as people mean it: 1 to 7 is the afternoon, 8 to 12 the day."""
    return hour + 12 if 1 <= hour <= 7 else hour


def in_part(hour: int, part: str) -> int:
    """The hour within a part of the day: "shaam 5" is 17, "raat 12" is midnight."""
    usual = DAY_PARTS[part]
    if usual == 9:
        return 0 if hour == 12 else hour
    if usual == 20 and hour in (12, 1, 2, 3):
        return hour % 12
    return hour + 12 if hour < 12 else hour


def _read(found: re.Match[str]) -> Clock | None:
    parts = found.groupdict()
    if name := parts.get("name"):
        return Clock(time(23, 59) if name == "midnight" else time(12))
    part = parts.get("part")
    if not parts.get("hour"):
        return Clock(time(DAY_PARTS[part]), today=found[0].startswith("this")) if part else None
    hour = _number(parts["hour"])
    minute = int(parts.get("minute") or (30 if parts.get("half") else 0))
    if meridiem := parts.get("meridiem"):
        if not 1 <= hour <= 12:
            return None
        return Clock(time(hour % 12 + (12 if meridiem[0] == "p" else 0), minute))
    if hour > 23:
        return None
    if part:
        return Clock(time(in_part(hour, part) % 24, minute))
    if relation := parts.get("relation"):
        return Clock(_relative(relation, parts["side"], afternoon(hour)), certain=False)
    if parts.get("minute") and (hour > 12 or parts["hour"].startswith("0") or ":" in found[0]):
        return Clock(time(hour, minute))
    return Clock(time(afternoon(hour), minute), certain=hour > 12)


def _number(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS[re.sub(r"\s+", " ", word)]


def _relative(relation: str, side: str, hour: int) -> time:
    minutes = 30 if relation == "half" else 15
    total = (hour * 60 + (minutes if side == "past" else -minutes)) % (24 * 60)
    return time(*divmod(total, 60))
