"""Which code is running: a digest of the source that was loaded."""

import hashlib
from pathlib import Path


def source_digest(root: Path) -> str:
    """16 hex digits over the path and content of every Python file below `root`."""
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py"), key=lambda p: p.relative_to(root).as_posix()):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
