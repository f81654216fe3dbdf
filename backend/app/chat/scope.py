"""What the user's own words allow. Whatever else a model asks for waits for a confirmation, or is refused."""

# ruff: noqa: E501 - a list of words is read on one line
from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from app.engines.protocol import Focus
from app.engines.rules.reading import read
from app.tasks.quick_add.parser import normalise
from app.tools.matching import SMALL, plain

MOST_AT_ONCE = 3
READING_ACTS = frozenset({"list", "summarise", "help", "greet", "thank", "no"})
ACTING = re.compile(r"\b(?:and|then|aur|phir)\b|[,;]|اور|پھر")
# Verbs anywhere in the message: a model understands sentences that the rule engine does not.
VERBS: dict[str, re.Pattern[str]] = {
    act: re.compile(rf"(?<!\w)(?:{words})(?!\w)")
    for act, words in {
        "add": r"add|adding|create|new|remind(?:er)?|remember|forget|note|put|insert|write|schedule|need|have\s+to|must|should|"
        r"shamil|yaad|likh\w*|daal\w*|naya|شامل|یاد|لکھ\w*|نیا|درج",
        "complete": r"complet\w*|finish\w*|done|did|mark|check|tick|close|cross|bought|paid|called|sent|mukammal|khatam|pura|"
        r"poora|ho\s?ga\w+|kar\s?li\w+|مکمل|ختم|پورا|ہو|کر",
        "reopen": r"re-?open\w*|un\w+|not|isn'?t|haven'?t|again|back|incomplete|dobara|wapas|phir|دوبارہ|واپس|پھر",
        "update": r"chang\w*|renam\w*|edit\w*|updat\w*|set|make|tag\w*|label\w*|priority|urgent|important|notes?|call|replace|"
        r"correct|fix|naam|tarjeeh|zaroori|badl\w*|نام|ترجیح|ضروری|بدل\w*",
        "reschedule": r"reschedul\w*|mov\w*|postpon\w*|push\w*|delay\w*|defer\w*|snooz\w*|shift\w*|due|date|deadline|chang\w*|set|"
        r"make|updat\w*|repeat\w*|every|until|tak|multa\w+|تک|ملتوی",
        "undo": r"undo|revert|back|restore|wapas|wapis|واپس",
    }.items()
}
POINTING = re.compile(
    r"(?<!\w)(?:it|that|this|them|those|these|both|all|every\w*|ones?|first|second|third|fourth|fifth|last|\d{1,3}(?:st|nd|rd|th)?|"
    r"#\d+|sab|saa?re|wo+h?|ye+h?|us\w*|is\w*|pehl\w+|dusr\w+|doosr\w+|akhri|سب|تمام|یہ|وہ|اسے|پہل\w+|دوسر\w+|آخری|[۰-۹]+)(?!\w)"
)


class Scope:
    """The gate of one turn. `tainted` says that the model has read what others may have typed."""

    def __init__(self, message: str, now: datetime, focus: Focus) -> None:
        self.tainted = False
        self.trusted_engine = False
        self._message = normalise(message)
        self._words = [word for word in plain(message).split() if len(word) > 2 and word not in SMALL]
        self._known = {*focus.shown, *focus.touched}
        act = read(message, now).act
        self._only_reads = act in READING_ACTS and not (
            ACTING.search(self._message) and any(verb.search(self._message) for verb in VERBS.values())
        )

    def saw(self, ids: Sequence[str]) -> None:
        """Tasks that a tool has shown in this turn may be pointed at with "all" and "the second one"."""
        self._known.update(ids)

    def refuses(self, tool: str) -> bool:
        """A question changes nothing, whatever the model has read since; nor is anything undone unasked."""
        if self.trusted_engine:
            return False
        return self._only_reads or (tool == "undo" and VERBS["undo"].search(self._message) is None)

    def must_confirm(self, act: str, titles: Sequence[str], ids: Sequence[str], already_changed: int) -> bool:
        if act == "delete" or already_changed + len(titles) > MOST_AT_ONCE:
            return True
        if self.trusted_engine or not self.tainted:
            return False
        if act not in VERBS or not VERBS[act].search(self._message):
            return True
        pointing = POINTING.search(self._message) is not None and act != "add"
        return not all(
            self._mentions(title) or (pointing and index < len(ids) and ids[index] in self._known)
            for index, title in enumerate(titles)
        )

    def _mentions(self, title: str) -> bool:
        from rapidfuzz import fuzz  # its forty modules weigh 4 MB, which only a turn that acts needs

        words = [word for word in plain(title).split() if len(word) > 2 and word not in SMALL] or plain(title).split()
        return any(fuzz.ratio(word, said) >= 80 for word in words for said in self._words)
