"""Somebody who saves the sample application's files in every way, and remembers every source that ever stood there."""

from __future__ import annotations

import hashlib
from pathlib import Path
from random import Random
from threading import Event

BROKEN = (
    "VALUE = = 1\n",
    "VALUE = missing\n",
    "import nothing_of_that_name\n",
    "raise SystemExit(4)\n",
    "import os\nos._exit(5)\n",
)
BURST = 20
LONGEST_PAUSE = 0.05  # seconds between the saves of a burst


class Editor:
    """`value` is what the newest good save of first.py says; `journal` tells what was done."""

    def __init__(self, app: Path, random: Random) -> None:
        self.app, self.random = app, random
        self.value = 1000
        self.journal: list[str] = []
        self.sources = {self.source()}
        self._good = {path.name: path.read_text() for path in app.glob("*.py")}

    def act(self) -> None:
        """One save, or twenty; each of the rarer kinds as often as the others."""
        rare = [self.break_, self.delete, self.rename, self.replace, self.repeat, self.burst]
        self.random.choice([*[self.save] * 4, *rare])()

    def save(self) -> None:
        self._write("first.py", self._next())

    def break_(self) -> None:
        self._write(self.random.choice(("first.py", "second.py")), self.random.choice(BROKEN))

    def delete(self) -> None:
        name = self.random.choice(sorted(self._good))
        (self.app / name).unlink(missing_ok=True)
        self._done(f"delete {name}")

    def rename(self) -> None:
        """A module that nothing imports gets another name; the first time it is made."""
        target = self.app / f"extra_{len(self.journal)}.py"
        there = [*self.app.glob("extra_*.py")]
        if there:
            there[0].rename(target)
        else:
            target.touch()
        self._done(f"rename to {target.name}")

    def replace(self) -> None:
        """As careful editors save: a file beside it, renamed over it."""
        beside = self.app / "first.py~"
        beside.write_text(self._next())
        beside.rename(self.app / "first.py")
        self._done(f"replace first.py: {self.value}")

    def repeat(self) -> None:
        self._write("second.py", self._good["second.py"])

    def burst(self) -> None:
        pause = self.random.uniform(0, LONGEST_PAUSE)
        for _ in range(BURST):
            self.save()
            Event().wait(pause)

    def mend(self) -> None:
        """What is broken or deleted becomes good again, in any order, and first.py says something new."""
        wrong = [name for name, text in self._good.items() if self._read(name) != text]
        self.random.shuffle(wrong)
        for name in wrong:
            self._write(name, self._good[name])
        self.save()

    def source(self) -> str:
        """The digest of what stands there now, as the sample application counts it."""
        seen = hashlib.sha256()
        for file in sorted(self.app.glob("*.py")):
            seen.update(file.name.encode() + file.read_bytes())
        return seen.hexdigest()

    def _next(self) -> str:
        self.value += 1
        self._good["first.py"] = f"VALUE = {self.value}\n"
        return self._good["first.py"]

    def _read(self, name: str) -> str | None:
        path = self.app / name
        return path.read_text() if path.exists() else None

    def _write(self, name: str, text: str) -> None:
        (self.app / name).write_text(text)
        self._done(f"write {name}: {text.strip()!r}")

    def _done(self, what: str) -> None:
        self.journal.append(what)
        self.sources.add(self.source())
