"""A sentence becomes a command: its act, what it is about, and the value it sets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Literal

from app.engines.rules.typos import QUESTIONS, STATES, VERBS, mend_first, mend_last
from app.engines.rules.verbs import english, roman, urdu
from app.tasks.quick_add import parse
from app.tasks.quick_add.parser import normalise

Language = Literal["en", "roman", "ur"]
MAX_SENTENCE = 2_000
SCRIPT = re.compile(r"[\u0600-\u06ff]")

COMMANDS = r"(?:add|create|see|list|show|delete|remove|mark|complete|change|rename|move|reschedule|postpone|view|undo)"
POLITE = (
    r"(?:(?:hey|hi|hello|ok(?:ay)?|so|well|now|then|also|and|actually|assistant|bot)[,!\s]+|(?:please|pls|kindly|just)\s+|"
    r"(?:can|could|would|will)\s+(?:you|u|i)\s+(?:please\s+|kindly\s+)?|i(?:'d|\s+would)\s+like\s+(?:you\s+)?to\s+|"
    rf"i\s+(?:want|need|have)\s+(?:you\s+)?to\s+(?={COMMANDS}\b)|let'?s\s+|go\s+ahead\s+and\s+|"
    r"meherbani\s+(?:kar\s+ke|karke)\s+|bara[yh]?e?\s+(?:karam|meherbani)\s+|براہ\s+کرم\s+|مہربانی\s+(?:کر\s+کے|کرکے)\s+)+"
)
POLITE_END = re.compile(
    r"(?:[\s,]+(?:please|pls|plz|thanks|thank\s+you|for\s+me|shukriya|براہ\s+کرم|شکریہ))+[\s.!?۔؟]*$|[\s.!?۔؟]+$"
)
DONE_WORD = rf"(?:{english.DONE}|{english.NOT_DONE})"
QUOTES = "\"'“”‘’«»"


@dataclass(frozen=True, slots=True)
class Command:
    """What a sentence asks for. `rest` and `value` keep the letters as they were typed."""

    act: str
    form: str = ""
    rest: str = ""
    value: str = ""
    language: Language = "en"


UNKNOWN = "unknown"


def read(sentence: str, now: datetime) -> Command:
    """The first row of the verb tables that explains the whole sentence; act "unknown" when none does.

    The verb's slips are looked for only then, so that no sentence that makes sense is taken for another one.
    """
    text = " ".join(sentence[:MAX_SENTENCE].split()).replace("’", "'") if sentence else ""
    command = _read(mend_first(text, QUESTIONS), now)
    if command.act != UNKNOWN:
        return command
    mended = mend_last(mend_first(command.rest, VERBS), STATES)
    better = _read(mended, now) if mended != command.rest else command
    return better if better.act != UNKNOWN else command


def _read(text: str, now: datetime) -> Command:
    lowered = normalise(text)
    start, end = _trim(lowered)
    language: Language = "ur" if SCRIPT.search(lowered) else "en"
    for name, act, form, pattern in _table(language == "ur"):
        found = pattern.fullmatch(lowered, start, end)
        if found is None:
            continue
        rest, value = _part(found, text, "rest"), _part(found, text, "value") or _part(found, text, "value2")
        if after := _part(found, text, "after"):
            rest = f"{rest} {after}"
        if _makes_sense(act, form, value, now):
            return Command(act, form, rest, value, name)
    return Command(UNKNOWN, rest=text[start:end], language=language)


def _trim(lowered: str) -> tuple[int, int]:
    start = found.end() if (found := re.match(POLITE, lowered)) else 0
    ending = POLITE_END.search(lowered, start)
    end = ending.start() if ending else len(lowered)
    return (start, end) if end > start else (0, len(lowered))


@cache
def _table(is_urdu: bool) -> tuple[tuple[Language, str, str, re.Pattern[str]], ...]:
    tables: tuple[tuple[Language, tuple[tuple[str, str, str], ...]], ...] = (
        (("ur", urdu.ROWS), ("en", english.ROWS)) if is_urdu else (("roman", roman.ROWS), ("en", english.ROWS))
    )
    return tuple((language, act, form, re.compile(pattern)) for language, rows in tables for act, form, pattern in rows)


def _part(found: re.Match[str], text: str, name: str) -> str:
    if name not in found.re.groupindex or found.start(name) < 0:
        return ""
    return text[found.start(name) : found.end(name)].strip()


def _makes_sense(act: str, form: str, value: str, now: datetime) -> bool:
    """ "set milk to friday" moves a task; "set milk to boil" does not, so another row may explain it."""
    if act == "reschedule" and form == "" and value:
        parsed = parse(value, now=now)
        return (
            bool(parsed.due or parsed.repeat)
            and not re.sub(r"\b(?:to|repeat|due|for|on|at|by|until|till)\b", "", parsed.title).strip()
        )
    if act == "update" and form == "change":
        return not re.fullmatch(DONE_WORD, normalise(value.strip(QUOTES)))
    return True


def unquoted(text: str) -> tuple[str, bool]:
    """The text without the quotation marks around it, and whether there were any."""
    stripped = text.strip()
    if len(stripped) > 2 and stripped[0] in QUOTES and stripped[-1] in QUOTES:
        return stripped[1:-1].strip(), True
    return stripped, False
