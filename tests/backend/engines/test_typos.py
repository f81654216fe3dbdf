"""Slips of the fingers: which words they stand for, and that none of them makes a title into a deletion."""

from datetime import UTC, datetime

import pytest

from app.engines.rules.reading import read
from app.engines.rules.typos import VERBS, WORDS, slips

NOW = datetime(2026, 11, 25, tzinfo=UTC)
DELETING = [verb for verb in sorted(VERBS) if read(f"{verb} milk", NOW).act == "delete"]
OTHERS = sorted(VERBS.difference(DELETING))


def test_a_verb_that_deletes_is_understood_whichever_way_it_slips() -> None:
    assert {"delete", "remove", "erase", "cancel", "clear"} <= set(DELETING)
    acts = {slip: read(f"{slip} milk", NOW).act for verb in DELETING for slip in slips(verb)}
    assert {slip for slip, act in acts.items() if act != "delete"} <= WORDS


@pytest.mark.parametrize("verb", OTHERS)
def test_no_slip_of_another_verb_deletes(verb: str) -> None:
    assert "delete" not in {read(f"{slip} milk", NOW).act for slip in slips(verb)}


@pytest.mark.parametrize("word", sorted(WORDS))
def test_what_is_a_word_is_no_slip(word: str) -> None:
    assert read(f"{word} milk", NOW).act == "unknown"
