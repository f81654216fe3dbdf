"""The stuck-reload sentinel: open streams, such as those that `scripts.tilt_streams` holds, must not hold up a reload.

It runs on every save and fails when the saved code is not served within three seconds, or does not load at all.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

APP = Path(__file__).resolve().parent.parent / "backend" / "app"
LIMIT = 3.0  # seconds from the save to the served code
START_LIMIT = 60.0  # seconds in which there may be nobody, while a pod is replaced


def saved_digest(app: Path) -> str:
    """The digest that /api/meta names once the code in `app` is served."""
    total = hashlib.sha256()
    for path in sorted(app.rglob("*.py"), key=lambda each: each.relative_to(app).as_posix()):
        total.update(path.relative_to(app).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()[:16]


def saved_at(app: Path) -> float:
    """When the newest file was saved, in seconds since 1970."""
    return max(path.stat().st_mtime for path in app.rglob("*.py"))


def meta(url: str) -> dict[str, Any]:
    """/api/meta, or nothing while nobody answers."""
    return _asked(url, 2) or {}


def _asked(url: str, patience: float) -> dict[str, Any] | None:
    """/api/meta, nothing where there is nobody, None where somebody took the request and does not answer it."""
    try:
        with urlopen(f"{url}/api/meta", timeout=patience) as answer:
            return dict(json.load(answer))
    except TimeoutError:
        return None
    except (URLError, OSError, ValueError):
        return {}


def check(url: str, app: Path, limit: float = LIMIT) -> tuple[bool, str]:
    """Whether the saved code is served in time, and a sentence about it."""
    start = max(saved_at(app), time.time() - 1)  # the first look, without a save, gets the full time as well
    while True:
        wanted, found = saved_digest(app), _asked(url, min(limit, 2))
        passed = time.time() - start
        if found is None:
            if passed > limit:
                return False, f"{wanted} is not served {limit:.0f} s after the save, nothing is: a reload is stuck"
            continue
        if found.get("source_digest") == wanted:
            return True, f"{wanted} is served, {passed:.2f} s after the save"
        reload = found.get("reload") or {}
        if reload.get("state") == "failed" and passed > limit / 2:
            return False, f"the save does not load, older code serves: {reload.get('error')}"
        if found and passed > limit:
            serving = found.get("source_digest")
            return False, f"{wanted} is not served {limit:.0f} s after the save (still {serving}): a reload is stuck"
        if not found and passed > START_LIMIT:
            return False, f"nobody answers on {url}"
        time.sleep(0.05)


def main() -> int:
    """Say how the last save went."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8080")
    well, sentence = check(parser.parse_args().url, APP)
    print(sentence)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
