"""What the command line asks for."""

from __future__ import annotations

import argparse
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Options:
    """Paths are absolute; times are seconds."""

    target: str
    host: str = "127.0.0.1"
    port: int = 8000
    watch: list[str] = field(default_factory=list)
    on_change: list[list[str]] = field(default_factory=list)
    grace: float = 1.0
    patience: float = 10.0
    start_limit: float = 20.0
    debug: int | None = None
    log_level: str = "info"
    access_log: bool = True
    cache: str | None = None
    alive_path: str = "/health"
    burst: float = 1.0
    keep: bool = True
    fork: bool = True

    @property
    def roots(self) -> list[Path]:
        return [Path(place) for place in self.watch]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def parse(arguments: list[str] | None = None) -> Options:
    """Options from a command line."""
    parser = argparse.ArgumentParser("warm", description="Serve an ASGI application; a save is served by a fork.")
    parser.add_argument("target", help="module:attribute of the ASGI application, such as app.main:app")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--watch", action="append", metavar="PATH", help="folder or file to watch (repeatable)")
    parser.add_argument(
        "--on-change",
        nargs=2,
        action="append",
        default=[],
        metavar=("PATH", "COMMAND"),
        help="run COMMAND when a file below PATH changed, then reload (repeatable)",
    )
    parser.add_argument("--grace", type=float, default=1.0, help="seconds that open streams get in a reload")
    parser.add_argument("--patience", type=float, default=10.0, help="seconds that unanswered requests get in a reload")
    parser.add_argument("--start-limit", type=float, default=20.0, help="seconds that new code may take to start")
    parser.add_argument("--debug", type=int, metavar="PORT", help="debugpy listens here in every new server")
    parser.add_argument("--log-level", default="info")
    parser.add_argument("--no-access-log", dest="access_log", action="store_false")
    parser.add_argument("--cache", help="folder for compiled code and the preload list (default: the user's cache)")
    parser.add_argument("--alive-path", default="/health", help="answers 200 while no code has started yet")
    parser.add_argument("--burst", type=float, default=1.0, help="seconds within which saves are taken together")
    parser.add_argument(
        "--no-keep", dest="keep", action="store_false", help="import the whole application on every save"
    )
    parser.add_argument("--no-fork", dest="fork", action="store_false", help="use uvicorn's own reloader")
    given = vars(parser.parse_args(arguments))
    module, _, attribute = given["target"].partition(":")
    if not module or not attribute:
        parser.error(f'"{given["target"]}" is not of the form module:attribute, such as app.main:app')
    given["watch"] = [_existing(parser, place) for place in given["watch"] or ["."]]
    given["on_change"] = [[_existing(parser, place), command] for place, command in given["on_change"]]
    return Options(**given)


def _existing(parser: argparse.ArgumentParser, place: str) -> str:
    path = Path(place).resolve()
    if not path.exists():
        parser.error(f"{place} does not exist here ({Path.cwd()})")
    return str(path)
