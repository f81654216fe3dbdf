"""Which revision of the schema this code was written for, read from the migrations without loading Alembic."""

import re
from pathlib import Path

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
_REVISION = re.compile(r"^(down_revision|revision)\b[^=]*=\s*[\"'](\w+)[\"']", re.MULTILINE)


def revisions(folder: Path = MIGRATIONS) -> tuple[str, frozenset[str]]:
    """The newest revision, and all that this code knows. A database at an unknown one is newer than the code."""
    found = [_REVISION.findall(path.read_text("utf-8")) for path in (folder / "versions").glob("*.py")]
    known = {name for file in found for kind, name in file if kind == "revision"}
    replaced = {name for file in found for kind, name in file if kind == "down_revision"}
    (head,) = known - replaced
    return head, frozenset(known)
