"""The state of the last reload: lines on the terminal and a JSON file that the application may show."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warm.failure import Failure

VARIABLE = "RELOAD_STATUS_FILE"


def say(text: str) -> None:
    """One line (or a traceback) of the supervisor on the terminal."""
    sys.stderr.write(f"warm: {text}\n")
    sys.stderr.flush()


class Status:
    """Writes the file named by RELOAD_STATUS_FILE, whole or not at all."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.preload: dict[str, Any] = {"modules": 0, "left_out": {}}
        self._state: dict[str, Any] = {}

    def ok(self, seconds: float, changed: list[str]) -> None:
        self._write({"state": "ok", "seconds": round(seconds, 4), "changed": changed})

    def failed(self, failure: Failure) -> None:
        say(f"{failure.error}\n{failure.traceback}".rstrip())
        self._write(
            {"state": "failed", "kind": failure.kind, "error": failure.error, "traceback": failure.traceback[-20000:]}
        )

    def refresh(self) -> None:
        """Write again, after the preload has changed."""
        if self._state:
            self._replace()

    def _write(self, state: dict[str, Any]) -> None:
        self._state = {**state, "since": datetime.now(UTC).isoformat(timespec="milliseconds")}
        self._replace()

    def _replace(self) -> None:
        part = self.file.with_name(f".{self.file.name}.{os.getpid()}")
        try:
            part.write_text(json.dumps({**self._state, "preload": self.preload}))
            part.replace(self.file)
        except OSError as error:
            say(f"cannot write {self.file}: {error}")
