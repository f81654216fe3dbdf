"""The terminal of local mode: one prefix and one colour a part, and the summary at the end."""

import os
import sys
from typing import Any

COLOURS = {"router": "35", "backend": "36", "frontend": "33", "tests": "32", "up": "1"}
WIDTH = max(map(len, COLOURS))


def coloured(text: str, colour: str) -> str:
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return text
    return f"\033[{colour}m{text}\033[0m"


def say(name: str, line: str) -> None:
    print(f"{coloured(name.ljust(WIDTH), COLOURS.get(name, '0'))} │ {line}", flush=True)


def summary(url: str, meta: dict[str, Any], seconds: float, *rest: tuple[str, str]) -> str:
    """What runs, on what, and how to upgrade each part in place; then the rest, each a name and a text."""
    engine, database = meta["engine"], meta["database"]["kind"]
    rules = engine["kind"] == "rules"
    rows = [
        ("page", f"{url}   (first page {seconds:.1f} s after the command)"),
        ("API docs", f"{url}/api/docs"),
        ("engine", "rules; set LLM_API_KEY in .env for a model" if rules else f"{engine['model']} ({engine['kind']})"),
        ("database", "SQLite in .data; set DATABASE_URL in .env for PostgreSQL" if database == "sqlite" else database),
        *rest,
    ]
    return "\n".join(f"  {coloured(name.ljust(9), '1')} {text}" for name, text in rows)
