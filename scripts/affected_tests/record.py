"""What each test depended on when it ran last, and whether it passed."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.affected_tests.project import Project

BACKEND = "*backend"
"""Stands for all code of the project, where a test starts Python processes."""


@dataclass
class Entry:
    """One test: `functions` and `files` map what it used to the digest of that time."""

    passed: bool
    closure: str
    functions: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def holds(self, project: Project, closure: str) -> bool:
        """Whether it passed and nothing that it used has changed."""
        return (
            self.passed
            and self.closure == closure
            and all(project.body(name) == digest for name, digest in self.functions.items())
            and all(
                (project.backend if path == BACKEND else project.digest(path)) == digest
                for path, digest in self.files.items()
            )
        )


class Record:
    """The entries of one set of pytest arguments, in a file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.configuration: dict[str, str] = {}
        self.entries: dict[str, Entry] = {}
        self.files: set[str] = set()
        """The test files that were collected, with or without tests."""
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError, IndexError):
            kept: dict[str, Any] = json.loads(file.read_text())
            names = kept["names"]
            for test, (passed, closure, functions, files) in kept["tests"].items():
                pairs = [dict(names[number] for number in numbers) for numbers in (functions, files)]
                self.entries[test] = Entry(passed, closure, *pairs)
            self.configuration, self.files = dict(kept["configuration"]), set(kept["files"])

    def write(self) -> None:
        numbers: dict[tuple[str, str], int] = {}

        def number(pairs: dict[str, str]) -> list[int]:
            return [numbers.setdefault(pair, len(numbers)) for pair in pairs.items()]

        tests = {
            test: [entry.passed, entry.closure, number(entry.functions), number(entry.files)]
            for test, entry in self.entries.items()
        }
        kept = {"configuration": self.configuration, "names": list(numbers), "tests": tests}
        part = self.file.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps({**kept, "files": sorted(self.files)}))
        part.replace(self.file)

    def changed_configuration(self, project: Project) -> list[str]:
        """The files that count for every test and are not as they were."""
        now = project.configuration
        return sorted(
            name for name in now.keys() | self.configuration.keys() if now.get(name) != self.configuration.get(name)
        )

    def affected(self, project: Project) -> list[str] | None:
        """The tests whose entry does not hold any more. None: all of them, since configuration has changed."""
        if not self.entries or self.changed_configuration(project):
            return None
        keys: dict[str, str] = {}
        stale = []
        for test, entry in self.entries.items():
            file = test.partition("::")[0]
            if file not in keys:
                keys[file] = project.closure_key(file)
            if not entry.holds(project, keys[file]):
                stale.append(test)
        return stale
