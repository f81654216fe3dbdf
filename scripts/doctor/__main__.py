"""`python -m scripts.doctor [--json] [--fix] [--mode cluster|hybrid|local] [--only NAME]`.

Exit status 1 when something is broken, 0 when there are at most warnings.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from scripts.status import tilt_port

from . import application, cluster, configuration, database, machine, streaming, tools
from .check import CHECKS, Finding, Line, Machine, examine

# The order of the report: what everything needs first, the running application last.
SUBJECTS = [module.__name__ for module in (tools, machine, cluster, configuration, database, application, streaming)]
CHECKS.sort(key=lambda each: SUBJECTS.index(each.ask.__module__))
MODES = ("cluster", "hybrid", "local")
MARKS = {"ok": "✓", "warn": "!", "fail": "✗", "skip": "–"}
COLOURS = {"ok": 32, "warn": 33, "fail": 31, "skip": 90}


def likely_mode(machine: Machine) -> str:
    """The one of MODE; otherwise local where there is no Tilt: then nobody wants to hear about clusters."""
    wanted = machine.env.get("MODE", "")
    return wanted if wanted in MODES else "cluster" if machine.which("tilt") else "local"


def likely_port(machine: Machine) -> int:
    """Where the page answers: the PORT asked for, that of the running local mode, one's own or the usual one."""
    data = Path(machine.env.get("DATA_DIR") or machine.root / ".data")
    try:
        running = int(json.loads((data / "local.json").read_text())["ports"]["public"])
    except (OSError, ValueError, KeyError):
        running = int(machine.tilt_settings.get("port", 8080))
    return int(machine.env.get("PORT") or running)


def report(lines: Sequence[Line], seconds: float) -> str:
    """The report for people: a line a check, a remedy under what is not well."""
    width = max((len(line.name) for line in lines), default=0)
    written = []
    for line in lines:
        written.append(f"{_mark(line.finding)} {line.name:{width}}  {line.finding.text}")
        if line.finding.remedy:
            written.append(f"  {'':{width}}  → {line.finding.remedy}")
    count = {status: sum(line.finding.status == status for line in lines) for status in MARKS}
    said = f"{count['ok']} well, {count['warn']} to look at, {count['fail']} broken, {count['skip']} left out"
    written.append(f"{said}; {seconds:.1f} s")
    return "\n".join(written)


def _mark(finding: Finding) -> str:
    mark = MARKS[finding.status]
    return f"\033[{COLOURS[finding.status]}m{mark}\033[0m" if sys.stdout.isatty() else mark


def repair(lines: Sequence[Line], machine: Machine) -> list[str]:
    """Carry out the safe fixes; returns the names of what was attempted."""
    attempted = []
    for line in lines:
        if line.finding.fix and line.finding.status in ("warn", "fail"):
            print(f"{line.name}: {' '.join(line.finding.fix)}", flush=True)
            subprocess.run(line.finding.fix, cwd=machine.root, env=dict(machine.env), check=False)
            attempted.append(line.name)
    return attempted


def main() -> int:
    """Ask, repair when told to, report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="for tools: {mode, ok, seconds, checks: [...]}")
    parser.add_argument("--fix", action="store_true", help="carry out the fixes that are safe, then ask again")
    parser.add_argument("--mode", choices=MODES, help="what is wanted; guessed by default")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="ask this one alone; repeatable")
    parser.add_argument("--port", type=int, help="where the page answers; found out by default")
    options = parser.parse_args()
    here = Machine(tilt_port=tilt_port())
    here = replace(here, port=options.port or likely_port(here))
    mode = options.mode or likely_mode(here)
    started = time.monotonic()
    lines = examine(here, mode=mode, only=tuple(options.only))
    if options.fix and repair(lines, here):
        lines = examine(here, mode=mode, only=tuple(options.only))
    seconds = time.monotonic() - started
    broken = any(line.finding.status == "fail" for line in lines)
    if options.json:
        checks = [line.as_dict() for line in lines]
        print(json.dumps({"mode": mode, "ok": not broken, "seconds": round(seconds, 2), "checks": checks}, indent=2))
    else:
        print(report(lines, seconds))
    return 1 if broken else 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # a check that is still waiting for somebody must not hold up the report
