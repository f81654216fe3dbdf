"""A pytest plugin that records what each test executes and reads."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path
from typing import Any

import coverage
import pytest
from coverage.numbits import numbits_to_nums

from scripts.affected_tests.project import FINE, Project
from scripts.affected_tests.record import BACKEND, Entry, Record

EVERY = "*"
"""The context of what is not one test's own: imports, and fixtures that several tests share."""


class Recorder:
    """Runs coverage with one context for each test; an audit hook notes files and processes."""

    def __init__(self, project: Project, record: Record, chosen: set[str] | None) -> None:
        self.project, self.record, self.chosen = project, record, chosen
        self.context = EVERY
        self.read: dict[str, set[str]] = defaultdict(set)
        self.outcomes: dict[str, bool] = {}
        self.collected: set[str] = set()
        self.seen: set[str] = set()
        self.files: set[str] = set()
        self.broken_files: set[str] = set()
        self._data_file = record.file.with_suffix(f".{os.getpid()}.coverage")
        self.coverage = coverage.Coverage(
            data_file=str(self._data_file),
            config_file=False,
            source=[str(project.root / FINE)],
            concurrency=["thread", "greenlet"],
        )
        self.coverage.set_option("run:core", "ctrace")
        self._root = str(project.root) + os.sep
        self._listening = True
        self._terminal: pytest.TerminalReporter | None = None

    def start(self) -> None:
        """Begin before the application is imported."""
        sys.addaudithook(self._audit)
        self.coverage.start()
        self.coverage.switch_context(EVERY)

    def _switch(self, context: str) -> None:
        self.context = context
        self.coverage.switch_context(context)

    # What pytest calls

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """The details come at the end; which test is red is said at once."""
        self._terminal = session.config.pluginmanager.get_plugin("terminalreporter")

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Generator[None, Any, Any]:
        before = self.context
        if isinstance(collector, pytest.File):
            self._switch(f"{EVERY}{collector.nodeid}")
        report = yield
        self._switch(before)
        if report.failed:
            self.broken_files.add(collector.nodeid.partition("::")[0])
        elif isinstance(collector, pytest.File):
            self.files.add(collector.nodeid)
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        self.seen = {item.nodeid for item in items}
        if self.chosen is None:
            return
        known = set(self.record.entries)
        left = [item for item in items if item.nodeid in known and item.nodeid not in self.chosen]
        items[:] = [item for item in items if item.nodeid not in known or item.nodeid in self.chosen]
        config.hook.pytest_deselected(items=left)
        self._begin_with_the_particular(items)

    def _begin_with_the_particular(self, items: list[pytest.Item]) -> None:
        """Files with a test that runs little besides the change come first: a mistake shows there soonest."""
        breadth: dict[str, int] = {}
        for item in items:
            file, entry = item.nodeid.partition("::")[0], self.record.entries.get(item.nodeid)
            width = len(entry.functions) if entry else 0
            breadth[file] = min(width, breadth.get(file, width))
        items.sort(key=lambda item: breadth[item.nodeid.partition("::")[0]])

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.collected = {item.nodeid for item in session.items}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        self._switch(item.nodeid)
        try:
            return (yield)
        finally:
            self._switch(EVERY)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
        before = self.context
        if fixturedef.scope != "function":
            self._switch(EVERY)
        try:
            return (yield)
        finally:
            self._switch(before)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        passed = self.outcomes.get(report.nodeid, True)
        self.outcomes[report.nodeid] = passed and not report.failed
        if report.failed and self._terminal:
            crash = getattr(report.longrepr, "reprcrash", None)
            why = str(crash.message if crash else report.longreprtext).strip().partition("\n")[0]
            self._terminal.ensure_newline()
            self._terminal.write_line(f"red: {report.nodeid}: {why[:160]}")

    # What the interpreter calls

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._listening:
            return
        if event == "open":
            path, mode, _flags = arguments
            if isinstance(path, str | os.PathLike) and not (isinstance(mode, str) and set(mode) & set("wax+")):
                self._note(os.fspath(path))
        elif event in {"os.listdir", "os.scandir"}:
            if isinstance(arguments[0], str) and self.context != EVERY:
                self._note(arguments[0])
        elif event in {"subprocess.Popen", "os.posix_spawn", "os.exec"}:
            self._note_process(arguments[0], arguments[1])

    def _note(self, path: str) -> None:
        if isinstance(path, bytes) or "__pycache__" in path or "/." in path:
            return
        path = os.path.abspath(path)
        if path.startswith(self._root):
            relative = path.removeprefix(self._root)
            imported = relative.endswith(".py") and self.context.startswith(EVERY)
            if not imported and not relative.startswith(("frontend/node_modules", "frontend/.next")):
                self.read[self.context].add(relative)

    def _note_process(self, executable: Any, words: Any) -> None:
        command = [os.fsdecode(word) for word in ([executable] if executable else []) + list(words or [])]
        if any("python" in Path(word).name or word.startswith(self._root + ".venv") for word in command[:3]):
            self.read[self.context].add(BACKEND)
        for word in command[1:]:
            if word.startswith(self._root):
                self._note(word)

    # Afterwards

    def finish(self) -> None:
        """Write the new entries, unless the source changed while the tests ran."""
        self.coverage.stop()
        self._listening = False
        changed = self.project.changed_since()
        same_configuration = self.project.configuration_now() == self.project.configuration
        executed = self._executed()
        shared = self.read[EVERY]
        for test in self.collected:
            file = test.partition("::")[0]
            closure = self.project.closure(file)
            functions = executed.get(test, set())
            files = self.read[test] | shared | self.read[EVERY + file]
            passed = self.outcomes.get(test, False) and not closure & changed and same_configuration
            digests = {path: self.project.backend if path == BACKEND else self.project.digest(path) for path in files}
            bodies = {name: self.project.body(name) for name in functions}
            self.record.entries[test] = Entry(passed, self.project.closure_key(file), bodies, digests)
        self._forget()
        self.record.configuration = self.project.configuration
        self.record.write()

    def _forget(self) -> None:
        """Drop tests that are gone, and have files that did not import tried again."""
        for test in list(self.record.entries):
            file = test.partition("::")[0]
            if file in self.broken_files:
                self.record.entries[test].passed = False
            elif not (self.project.root / file).exists() or (file in self.files and test not in self.seen):
                del self.record.entries[test]
        self.record.files = (self.record.files | self.files) - self.broken_files

    def _executed(self) -> dict[str, set[str]]:
        """Test to the functions that it executed; those executed for several tests at once count for every test."""
        self.coverage.save()
        executed: dict[str, set[str]] = defaultdict(set)
        everyone: set[str] = set()
        with contextlib.closing(sqlite3.connect(self._data_file)) as data:  # its schema is documented by coverage
            rows = data.execute(
                "select file.path, context.context, line_bits.numbits from line_bits "
                "join file on file.id = line_bits.file_id join context on context.id = line_bits.context_id"
            )
            functions: dict[str, dict[int, str]] = {}
            for measured, context, bits in rows:
                if measured not in functions:
                    functions[measured] = self._functions_by_line(measured)
                by_line = functions[measured]
                names = {by_line[line] for line in numbits_to_nums(bits) if line in by_line}
                (everyone if not context or context.startswith(EVERY) else executed[context]).update(names)
        self._data_file.unlink()
        for test in self.collected:
            executed[test] |= everyone
        return executed

    def _functions_by_line(self, measured: str) -> dict[int, str]:
        path = os.path.relpath(measured, self.project.root)
        source = self.project.sources.get(path)
        bodies = source.bodies.items() if source else ()
        return {line: f"{path}::{name}" for name, body in bodies for line in range(body.first, body.last + 1)}
