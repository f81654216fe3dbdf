"""Which task is meant: "the second one", "it", "tasks 1 and 3", "all done ones", or a title, typos and all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.engines.protocol import Focus
from app.engines.rules.filters import EVERYTHING, TASK, read_filter
from app.engines.rules.reading import unquoted
from app.engines.rules.typos import mend_words
from app.tasks.quick_add.lexicon import NUMBERS
from app.tasks.quick_add.parser import normalise

ORDINALS: dict[str, int] = {
    **{"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9},
    **{"tenth": 10, "last": -1, "latter": -1, "former": 1},
    **{"pehla": 1, "pehli": 1, "pehle": 1, "pehlay": 1, "dusra": 2, "doosra": 2, "dusri": 2, "doosri": 2, "dusre": 2},
    **{"doosre": 2, "teesra": 3, "teesri": 3, "teesre": 3, "tisra": 3, "chautha": 4, "chauthi": 4, "akhri": -1},
    **{"پہلا": 1, "پہلی": 1, "پہلے": 1, "دوسرا": 2, "دوسری": 2, "دوسرے": 2, "تیسرا": 3, "تیسری": 3, "تیسرے": 3},
    **{"چوتھا": 4, "چوتھی": 4, "آخری": -1},
}
_ORDINAL = rf"(?:{'|'.join(ORDINALS)}|\d{{1,3}}(?:st|nd|rd|th))"
_JOIN = r"\s*(?:,\s*and|,|and|&|aur|اور)\s*"
_NUMBER = r"(?:(?:tasks?|items?|numbers?|no\.?|kaam|کام|نمبر)\s*)?#?\s*(?P<n>\d{1,3})"
_ONE = r"(?:\s+(?:ones?|tasks?|items?|wala|wali|wale|waala|والا|والی|والے|kaam|کام))?"
_NUMBERS = rf"{_NUMBER}(?:{_JOIN}{_NUMBER.replace('?P<n>', '')})*"
_RANGE = r"(?:tasks?|items?|numbers?)?\s*#?(?P<a>\d{1,3})\s*(?:-|–|to|through)\s*#?(?P<b>\d{1,3})"
_ORDINALS = rf"(?:the\s+)?{_ORDINAL}{_ONE}(?:{_JOIN}(?:the\s+)?{_ORDINAL}{_ONE})*"
_SEVERAL = rf"(?:the\s+)?(?P<end>first|last|top)\s+(?P<n>\d{{1,2}}|{'|'.join(NUMBERS)}){_ONE}"
_PRONOUN = (
    r"(?:it|that|this|them|those|these|both|both\s+of\s+them|they|(?:that|this|the\s+same|the)\s+(?:one|task|item)|"
    r"those\s+(?:ones|tasks)|these\s+(?:ones|tasks)|wo+h?|ye+h?|u?isay|usay|use|ise|is|us|isko|usko|یہ|وہ|اسے|اس|ان)"
)
_GROUP = (
    rf"(?:{EVERYTHING}\b.*|(?:my|the)\s+(?:to-?do\s+)?list|.*\b(?:tasks|to-?dos|items|ones|kaam|کام)|"
    rf"(?:my\s+|the\s+)?(?:done|completed|finished|overdue)\s+{TASK})"
)
_ARTICLE = (
    r"^(?:(?:the|my|a|an|that|this|our)\s+)?"
    r"(?:(?:task|to-?do|item|reminder)\s+(?:called\s+|named\s+|titled\s+|to\s+|about\s+|for\s+)?)?"
)
_TRAIL = r"\s+(?:task|to-?do|item|reminder|one|entry|kaam|کام|wala\s+kaam|والا\s+کام)$"


@dataclass(frozen=True, slots=True)
class Reference:
    """Either `tasks` (ids, titles or "#3") or `where` (a filter), or the `problem` that keeps both empty."""

    tasks: tuple[str, ...] = ()
    where: dict[str, Any] | None = None
    problem: str = ""


def read_reference(text: str, focus: Focus, now: datetime, time_zone: str | None) -> Reference:
    """What the words point at, given what the conversation showed and touched last."""
    title, quoted = unquoted(text)
    if quoted:
        return Reference((title,))
    lowered = normalise(title).strip(" .!?")
    if positions := _positions(lowered):
        return _at(positions, focus)
    if re.fullmatch(_PRONOUN, lowered):
        return _pointed(lowered, focus)
    if re.fullmatch(_GROUP, lowered):
        group = read_filter(lowered, now, time_zone)
        if not group.left_over:
            return Reference(where=group.arguments or {"status": "all"})
    return Reference((_bare(title),))


def read_choice(text: str, choices: Sequence[str], titles: Sequence[str]) -> str | None:
    """The answer to "which one?": a position among the choices, or words that stand in the title of only one."""
    positions = _positions(normalise(text).strip(" .!?"))
    if len(positions) == 1 and -len(choices) <= positions[0] <= len(choices):
        return choices[positions[0] - 1 if positions[0] > 0 else positions[0]]
    words = _words(_bare(text))
    named = [choice for choice, title in zip(choices, titles, strict=False) if words and words <= _words(title)]
    return named[0] if len(named) == 1 else None


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", normalise(text)))


def _positions(text: str) -> list[int]:
    """1-based positions; -1 is the last one."""
    if found := re.fullmatch(_RANGE, text):
        first, last = int(found["a"]), int(found["b"])
        return list(range(first, last + 1)) if 0 < first <= last <= first + 50 else []
    if found := re.fullmatch(_SEVERAL, text):
        count = int(found["n"]) if found["n"].isdigit() else NUMBERS[found["n"]]
        return list(range(-count, 0)) if found["end"] == "last" else list(range(1, count + 1))
    if re.fullmatch(_NUMBERS, text):
        return [int(number) for number in re.findall(r"\d+", text)]
    mended = mend_words(text, ORDINALS)
    if re.fullmatch(_ORDINALS, mended):
        return [ORDINALS.get(word) or int(word[:-2]) for word in re.findall(_ORDINAL, mended)]
    return []


def _at(positions: list[int], focus: Focus) -> Reference:
    if not focus.shown:
        return (
            Reference(tuple(f"#{position}" for position in positions))
            if min(positions) > 0
            else Reference(problem="nothing_shown")
        )
    tasks = []
    for position in positions:
        index = position - 1 if position > 0 else position
        if position == 0 or not -len(focus.shown) <= index < len(focus.shown):
            return Reference(problem="out_of_range")
        tasks.append(focus.shown[index])
    return Reference(tuple(dict.fromkeys(tasks)))


def _pointed(pronoun: str, focus: Focus) -> Reference:
    several = re.match(r"(?:them|those|these|both|they)", pronoun)
    if focus.touched:
        return Reference(focus.touched if several else focus.touched[-1:])
    if focus.shown and (several or len(focus.shown) == 1):
        return Reference(focus.shown)
    return Reference(problem="nothing_shown" if not focus.shown else "which")


def _bare(title: str) -> str:
    """The title's own words: "the milk task" is "milk". A title that is nothing else stays whole."""
    lowered = normalise(title)
    start = found.end() if (found := re.match(_ARTICLE, lowered)) else 0
    end = found.start() if (found := re.search(_TRAIL, lowered)) else len(title)
    bare = title[start:end].strip(" \"'“”‘’.,")
    return bare or title
