"""The application as it is deployed: the page's production build, which is made once for each state of its sources."""

import contextlib
import fcntl
import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

from scripts.bench.api import uvicorn
from scripts.bench.production import Production, build, served

ROOT = Path(__file__).resolve().parents[1]
FRONTEND = ROOT / "frontend"
TARGET = ".next-deployed"
STAMP = ROOT / ".data" / "deployed-page"  # what the folder was built of; its lock is held by all who serve the folder


def sources() -> str:
    """The digest of all that a build reads: what git knows or would add in the frontend, as it is now."""
    argv = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(argv, cwd=FRONTEND, capture_output=True, check=True).stdout.decode()
    seen = hashlib.sha256()
    for name in sorted(filter(None, listed.split("\0"))):
        if (FRONTEND / name).is_file():
            seen.update(name.encode() + b"\0" + hashlib.sha256((FRONTEND / name).read_bytes()).digest())
    return seen.hexdigest()


@contextlib.contextmanager
def built() -> Iterator[Path]:
    """The folder of the server, which nobody builds anew while the block runs."""
    STAMP.parent.mkdir(exist_ok=True)
    wanted = sources()
    with STAMP.open("a+") as stamp:

        def is_current() -> bool:
            return STAMP.read_text() == wanted

        fcntl.flock(stamp, fcntl.LOCK_SH)
        while not is_current():
            fcntl.flock(stamp, fcntl.LOCK_EX)  # gives the other lock back first, so that no two wait for each other
            if not is_current():
                stamp.truncate(0)
                build(FRONTEND, STAMP.with_suffix(".log"), TARGET)
                stamp.write(wanted)
                stamp.flush()
            fcntl.flock(stamp, fcntl.LOCK_SH)
        yield FRONTEND / TARGET / "standalone"


@contextlib.contextmanager
def deployed(work: Path, **settings: str) -> Iterator[Production]:
    """The page, the backend with these settings and the router; data and logs go to a folder of the test's."""
    usual = {"RATE_LIMIT": "1200/minute", **settings}
    with (
        built() as folder,
        uvicorn("app.main:app", ROOT / "backend", work, work / "backend.log", **usual) as backend,
        served(folder, backend, work) as running,
    ):
        yield running
