"""The stuck-reload sentinel: open requests must never hold up a reload.

`hold` keeps a chat request and an MCP request open through the router, again and again, as browsers and assistants do.
`check` runs on every save and fails when the saved code is not served within three seconds, or does not load at all.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import json
import sys
import time
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

APP = Path(__file__).resolve().parent.parent / "backend" / "app"
LIMIT = 3.0  # seconds from the save to the served code
START_LIMIT = 60.0  # seconds in which a pod that is being replaced may not answer at all


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
    try:
        with urlopen(f"{url}/api/meta", timeout=2) as answer:
            return dict(json.load(answer))
    except (URLError, OSError, ValueError):
        return {}


def check(url: str, app: Path, limit: float = LIMIT) -> tuple[bool, str]:
    """Whether the saved code is served in time, and a sentence about it."""
    start = max(saved_at(app), time.time() - 1)  # the first look, without a save, gets the full time as well
    while True:
        wanted, found = saved_digest(app), meta(url)
        passed = time.time() - start
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


class OpenRequest:
    """A request whose body never ends, so that the server keeps it open for as long as it lives."""

    def __init__(self, url: str, path: str, headers: dict[str, str]) -> None:
        where = urlsplit(url)
        self.path = path
        self.connection = http.client.HTTPConnection(where.hostname or "", where.port or 80, timeout=600)
        self.connection.putrequest("POST", path)
        body = {"Content-Type": "application/json", "Content-Length": "1000"}
        for name, value in {**body, "Accept": "application/json, text/event-stream", **headers}.items():
            self.connection.putheader(name, value)
        self.connection.endheaders(b'{"message": "')

    def until_ended(self) -> float:
        """Seconds until the server ended it, as it must when its code is replaced."""
        started = time.monotonic()
        try:
            self.connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            pass
        finally:
            self.connection.close()
        return time.monotonic() - started


def token(url: str) -> dict[str, str]:
    """The header of a personal token of a guest of our own; MCP refuses others before it reads."""
    body = json.dumps({"name": "stuck-reload sentinel", "scope": "read"}).encode()
    request = Request(f"{url}/api/tokens", body, {"Content-Type": "application/json"})
    try:
        with urlopen(request, timeout=5) as answer:
            return {"Authorization": f"Bearer {json.load(answer)['token']}"}
    except (URLError, OSError, ValueError, KeyError):
        return {}


def hold(url: str) -> None:
    """Keep both open until told to stop."""
    headers: dict[str, str] = {}
    while True:
        try:
            headers = headers or token(url)
            held = [OpenRequest(url, "/api/chat", {}), OpenRequest(url, "/api/mcp", headers)]
        except OSError:
            time.sleep(0.5)
            continue
        print("an open chat request and an open MCP request wait for the next reload", flush=True)
        lived = held[0].until_ended()
        held[1].connection.close()
        print(f"ended by the server after {lived:.1f} s", flush=True)
        time.sleep(1 if lived < 1 else 0)


def main() -> int:
    """Hold or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("act", choices=["hold", "check"])
    parser.add_argument("--url", default="http://127.0.0.1:8080")
    options = parser.parse_args()
    if options.act == "hold":
        hold(options.url)
    well, sentence = check(options.url, APP)
    print(sentence)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
