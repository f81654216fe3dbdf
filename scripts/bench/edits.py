"""Edits of real files, in a copy of the checkout: what a developer saves, and what then must answer."""

import re
import time
from collections.abc import Iterable
from pathlib import Path

from scripts.bench.digest import source_digest
from scripts.bench.series import Series

# A route, a service, a model, a parser, an engine and the page that wires them: near the leaves and near the root.
BACKEND_FILES = (
    "app/tasks/service.py",
    "app/tasks/routes.py",
    "app/tasks/urgency.py",
    "app/chat/turns.py",
    "app/operations/routes.py",
    "app/config.py",
    "app/main.py",
)
IN_A_ROW = 3
"""Saves of one file before the next one's turn: people save what they work on more than once."""


def save_backend(backend: Path, number: int) -> tuple[float, str]:
    """Append a line to one of the files: the moment just before the save, and the digest that must answer."""
    path = backend / BACKEND_FILES[number // IN_A_ROW % len(BACKEND_FILES)]
    text = path.read_text() + f"\n# bench {number}\n"
    before = time.monotonic()
    path.write_text(text)
    return before, source_digest(backend / "app")


def by_turn(series: Series, numbers: Iterable[int]) -> list[Series]:
    """A series of saves, and after it the saves of a file that was not saved just before, and of one that was."""
    turns: dict[bool, list[float]] = {True: [], False: []}
    for number, took in zip(numbers, series.samples, strict=True):
        turns[number % IN_A_ROW == 0].append(took)
    return [
        series,
        Series(f"{series.name}-another", f"{series.what}: the first save of a file", series.unit, turns[True]),
        Series(f"{series.name}-again", f"{series.what}: the same file again", series.unit, turns[False]),
    ]


class Component:
    """A React component whose first element gets a mark, so that the browser can tell which version it painted."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.original = path.read_text()
        found = re.search(r"return \(?\s*<([a-z]\w*)\b", self.original)
        if found is None:
            raise ValueError(f"{path.name} returns no element that could be marked")
        self.position = found.end()

    def save(self, mark: str) -> float:
        """Write the component with a new mark; the moment before, as milliseconds since the epoch."""
        text = f'{self.original[: self.position]} data-bench="{mark}"{self.original[self.position :]}'
        before = time.time() * 1000
        self.path.write_text(text)
        return before
