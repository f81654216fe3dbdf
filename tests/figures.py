"""Sentences with numbers that tests note while they run, printed at the end of the run."""

from collections.abc import Callable

import pytest

Figure = Callable[[str], None]


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Figure:
    """Notes a sentence."""
    return lambda sentence: record_property("figure", sentence)


def show(reporter: pytest.TerminalReporter, title: str) -> None:
    passed = reporter.stats.get("passed", [])
    sentences = [value for report in passed for name, value in report.user_properties if name == "figure"]
    if sentences:
        reporter.section(title)
        for sentence in sentences:
            reporter.line(str(sentence))
