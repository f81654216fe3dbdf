"""What `make up` shows while Tilt starts: one line a part with its state and, when the page answers, the links.

`python -m scripts.follow --port 8080` ends by itself then, or when the Tilt that it was started beside is gone.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator

from scripts.codespace import forwarded_host
from scripts.local import console
from scripts.local.readiness import meta
from scripts.status import Report, from_tilt, tilt_port

# The page answers when these are well; the rest may still be at work.
PAGE = ({"backend", "frontend", "ingress"}, {"backend", "frontend", "router"})


def news(known: dict[str, str], report: Report, seconds: float) -> Iterator[str]:
    """A line for each part that became well or red since the last look; `known` remembers."""
    for part in report.resources:
        if part.state in ("ok", "error") and known.get(part.name) != part.state:
            known[part.name] = part.state
            why = part.why.splitlines()[0] if part.why else "see the dashboard"
            yield f"{part.name} ready after {seconds:.1f} s" if part.state == "ok" else f"{part.name} is red: {why}"


def page_answers(report: Report) -> bool:
    well = {part.name for part in report.resources if part.state == "ok"}
    return any(parts <= well for parts in PAGE)


def dashboard(tilt_port: int) -> str:
    """Where a browser reaches Tilt, also in a Codespace."""
    host = forwarded_host(tilt_port, os.environ)
    return f"https://{host}" if host else f"http://localhost:{tilt_port}"


def main() -> int:
    """Follow the Tilt that the parent of this process is about to become."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--port", type=int, default=8080, help="where the page answers")
    parser.add_argument("--tilt-port", type=int, default=tilt_port())
    parser.add_argument("--beside", type=int, default=os.getppid(), help="the process with which this one ends")
    options = parser.parse_args()
    started = time.monotonic() - max(0.0, time.time() - float(os.environ.get("UP_STARTED") or time.time()))
    known: dict[str, str] = {}
    while os.getppid() == options.beside:
        report, seconds = from_tilt(options.tilt_port), time.monotonic() - started
        for line in news(known, report, seconds) if report else ():
            console.say("up", line)
        if report and page_answers(report):
            stop = ("stop", "Ctrl-C, then `make down` takes it out of the cluster")
            rest = (("dashboard", dashboard(options.tilt_port)), stop)
            print("\n" + console.summary(report.url, meta(options.port), seconds, *rest) + "\n")
            return 0
        time.sleep(min(0.5 + seconds / 20, 5))  # where only some parts were asked for, the page never answers
    return 1


if __name__ == "__main__":
    sys.exit(main())
