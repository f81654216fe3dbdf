"""What a run says: a table, the JSON with every sample, a plot, and the page under docs/ made from that JSON."""

import json
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from scripts.bench.budgets import broken, load
from scripts.bench.series import LeftOut, Series, percentile
from scripts.bench.trees import ROOT


def _printed(*argv: str) -> str | None:
    try:
        return subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def machine() -> dict[str, Any]:
    """What it ran on and with which versions."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        "",
    )
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _printed("git", "rev-parse", "--short", "HEAD"),
        "cores": psutil.cpu_count(),
        "processor": model or platform.machine(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "node": _printed("node", "--version"),
        "uvicorn": version("uvicorn"),
        "fastapi": version("fastapi"),
        "tilt": _printed("tilt", "version"),
    }


def as_json(series: list[Series], left_out: list[LeftOut]) -> dict[str, Any]:
    faults = [fault for one in series for fault in broken(one, load().get(one.name, {}))]
    return {
        "machine": machine(),
        "series": [one.as_json() for one in series],
        "left_out": [vars(one) for one in left_out],
        "broken": faults,
    }


def over(run: dict[str, Any], earlier: dict[str, Any]) -> dict[str, Any]:
    """A run on top of an earlier one: what it measured replaces, what it left out stays, each with its own date."""
    fresh = {one["name"] for one in run["series"]}
    series = run["series"] + [one for one in earlier["series"] if one["name"] not in fresh]
    faults = [fault for one in series for fault in broken(Series(**one), load().get(one["name"], {}))]
    left = [one for one in run["left_out"] if one["why"] != "not asked for"]
    return {**run, "series": series, "broken": faults, "left_out": left}


def _number(value: float) -> str:
    return f"{value:.3f}" if value < 10 else f"{value:.1f}" if value < 1000 else f"{value:,.0f}"


def _budget(name: str) -> str:
    words = {
        "p50": "p50 ≤ {:g}",
        "p95": "p95 ≤ {:g}",
        "max": "max ≤ {:g}",
        "min": "min ≥ {:g}",
        "ratio": "≥ {:g} x the peer",
    }
    return ", ".join(words[key].format(limit) for key, limit in load().get(name, {}).items())


def rows(run: dict[str, Any]) -> list[list[str]]:
    """The table: one row a series, the ratio always as "so many times better than the peer"."""
    table = []
    for entry in run["series"]:
        one = Series(**entry)
        ratio = f"{one.ratio:.2f} x {one.peer} ({_number(percentile(one.peer_samples, 0.5))})" if one.ratio else ""
        held = "no" if broken(one, load().get(one.name, {})) else "yes" if load().get(one.name) else ""
        figures = [_number(v) for v in (one.p50, one.p95, max(one.samples))]
        table.append([one.what, one.unit, str(len(one.samples)), *figures, ratio, _budget(one.name), held])
    return table


INTRODUCTION = """
Made by `make bench ARGS=--publish` from [benchmarks.json](benchmarks.json), which has every sample. Repeat it with
`make bench`; `ARGS=--list` names the scenarios, `ARGS="backend-local --edits 40"` runs one with more edits. Nothing
here sleeps a fixed time: a save counts as served when `/api/meta` names the digest of the saved source, as painted when
Chromium has drawn the frame that shows it. Edits are made in copies of the checkout, in turn with the peer.
Of the backend, seven files are edited, each saved three times in a row, as people do; the first save of a file and the
next ones are also shown apart.
"""
HEAD = ["what", "unit", "n", "p50", "p95", "max", "against", "budget", "held"]


def markdown_table(head: list[str], table: list[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in table)])


def text_table(run: dict[str, Any]) -> str:
    table = [HEAD, *rows(run)]
    widths = [max(len(row[column]) for row in table) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table
    )


def breakdown(run: dict[str, Any]) -> str:
    """Where the time of the median goes, for the series that know it."""
    table = []
    for entry in run["series"]:
        one = Series(**entry)
        if one.parts:
            known = {name: percentile(values, 0.5) for name, values in one.parts.items()}
            rest = max(0.0, one.p50 - sum(known.values()))
            cells = ", ".join(f"{name} {_number(value)}" for name, value in known.items())
            table.append([one.what, _number(one.p50), cells, _number(rest)])
    return (
        markdown_table(["what", "p50", "medians of its parts", "the rest: file event, transfer, answer"], table)
        if table
        else ""
    )


def unmeasured(run: dict[str, Any]) -> list[str]:
    """The budgets that no series of the run answers: a promise without a figure is not held."""
    return sorted(set(load()) - {one["name"] for one in run["series"]})


def page(run: dict[str, Any]) -> str:
    """docs/BENCHMARKS.md, from nothing but the JSON of a run and the budgets."""
    about = run["machine"]
    lacking = [{"name": name, "why": f"{_budget(name)} is promised, not measured"} for name in unmeasured(run)]
    left = "\n".join(f"- {one['name']}: {one['why']}" for one in [*run["left_out"], *lacking]) or "Nothing."
    faults = "\n".join(f"- {fault}" for fault in run["broken"]) or "None."
    ran_on = (
        f"{about['cores']} cores ({about['processor']}), {about['memory_gib']} GiB, {about['system']}; "
        f"Python {about['python']}, Node {about['node']}, uvicorn {about['uvicorn']}, FastAPI {about['fastapi']}, "
        f"Tilt {about['tilt'] or 'not here'}; commit {about['commit']}, {about['when']}."
    )
    sections = [
        "# Benchmarks",
        INTRODUCTION.strip(),
        ran_on,
        markdown_table(HEAD, rows(run)),
        "![Every sample](benchmarks.svg)",
        "## Where the time goes",
        breakdown(run) or "No scenario of this run knows its parts.",
        "## Over budget",
        faults,
        "## Left out",
        left,
    ]
    return "\n\n".join(sections) + "\n"


def write(run: dict[str, Any], folder: Path, name: str) -> None:
    from scripts.bench.plot import svg

    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(run, indent=1) + "\n")
    (folder / f"{name}.svg").write_text(svg(run))
