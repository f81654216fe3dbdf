"""Slips of the fingers in the words that decide what a sentence asks for.

Two neighbouring letters swapped, one doubled, or one but the first left out: that seldom makes another word. A wrong
letter does: "remote" is no "remove", "cancer" no "cancel", and who wants to charge a phone wants to change nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache

VERBS = frozenset(
    (
        *("cancel", "change", "check", "clear", "close", "complete", "create", "defer", "delay", "delete", "discard"),
        *("display", "edit", "erase", "find", "finish", "help", "list", "mark", "modify", "move", "postpone", "push"),
        *("remember", "remind", "remove", "rename", "reopen", "reschedule", "schedule", "search", "show", "snooze"),
        *("summarize", "summarise", "undo", "uncheck", "update", "view"),
    )
)
QUESTIONS = frozenset(("what", "when", "where", "which"))
STATES = frozenset(("complete", "completed", "done", "finished", "pending"))
# What a slip makes of those above or of an ordinal, but is a word itself.
WORDS = frozenset(
    (
        *("chang", "compete", "competed", "crate", "crete", "deer", "donne", "ease", "eight", "eras", "erse"),
        *("finis", "finnish", "firs", "fist", "later", "lats", "latte", "lsat", "pele", "sith", "summaries"),
        *("tent", "were"),
    )
)
SHORT = 5  # of a shorter word too little is left when a letter is missing


def mend_first(text: str, words: Collection[str]) -> str:
    """The text with its first word put right, if it is a slip of one of these."""
    return _mend(r"^\w+", text, words)


def mend_last(text: str, words: Collection[str]) -> str:
    """The text with its last word put right, if it is a slip of one of these."""
    return _mend(r"\w+$", text, words)


def mend_words(text: str, words: Collection[str]) -> str:
    """The text with each slip of one of these words put right."""
    return _mend(r"\w+", text, words)


def _mend(which: str, text: str, words: Collection[str]) -> str:
    meant = _meant(frozenset(words))
    return re.sub(which, lambda word: meant.get(word[0].lower(), word[0]), text)


@cache
def _meant(words: frozenset[str]) -> dict[str, str]:
    """The word that each slip stands for; a slip of two words stands for neither."""
    meant: dict[str, str] = {}
    unclear = set(words | WORDS)
    for word in words:
        for slip in set(slips(word)) - unclear:
            if slip in meant:
                unclear.add(slip)
                del meant[slip]
            else:
                meant[slip] = word
    return meant


def slips(word: str) -> Iterator[str]:
    """Every way to type it wrong that is thought of here."""
    for at in range(1, len(word)):
        yield word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
        if len(word) >= SHORT:
            yield word[:at] + word[at + 1 :]
    for at in range(len(word)):
        yield word[:at] + word[at] + word[at:]
