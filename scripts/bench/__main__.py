"""`make bench`: measure every promise against its named peer, and fail past scripts/budgets.toml.

    python -m scripts.bench [SCENARIO ...] [--edits 20] [--publish] [--list]

Results go to .data/bench/latest.{json,svg}; --publish writes docs/benchmarks.{json,svg} and docs/BENCHMARKS.md.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

from scripts.bench import (
    api,
    backend,
    chat,
    cluster,
    footprint,
    frontend,
    growth,
    imports,
    page,
    report,
    rollout,
    startup,
    verdict,
)
from scripts.bench.series import LeftOut, Series
from scripts.bench.trees import ROOT
from scripts.chromium import chromium

Scenario = Callable[[int, Path], list[Series]]


def no_chromium() -> str | None:
    return None if chromium() else "Chromium is not installed (apt install chromium)"


def no_docker() -> str | None:
    if shutil.which("docker") is None or subprocess.run(["docker", "info"], capture_output=True).returncode:
        return "the Docker daemon does not answer"
    return None


def always() -> str | None:
    return None


SCENARIOS: dict[str, tuple[Scenario, Callable[[], str | None]]] = {
    "backend-local": (backend.save_to_served, always),
    "frontend-local": (frontend.save_to_painted, no_chromium),
    "tests": (verdict.save_to_verdict, always),
    "up-local": (startup.first_page, always),
    "list-rate": (api.list_rate, always),
    "rule-turn": (api.rule_turn, always),
    "first-event": (chat.first_event, always),
    "streams": (chat.streams, always),
    "stream-memory": (chat.stream_memory, always),
    "import": (growth.import_of_many, always),
    "growth": (growth.growth, always),
    "import-own": (imports.own_import, always),
    "memory": (footprint.memory, always),
    "page": (page.page, no_chromium),
    "images": (footprint.image_sizes, no_docker),
    "cluster-backend": (cluster.save_to_served, cluster.obstacle),
    "cluster-frontend": (cluster.save_to_painted, lambda: no_chromium() or cluster.obstacle()),
    "cluster-starts": (cluster.starts, cluster.obstacle),
    "rollout": (rollout.lost_requests, cluster.obstacle),
}


def measure(wanted: list[str], edits: int) -> tuple[list[Series], list[LeftOut]]:
    """Run the scenarios one after another; one that fails is left out with its reason, the others go on."""
    series: list[Series] = []
    left_out: list[LeftOut] = []
    for name, (scenario, obstacle) in SCENARIOS.items():
        if name not in wanted:
            left_out.append(LeftOut(name, "not asked for"))
            continue
        if why := obstacle():
            left_out.append(LeftOut(name, why))
            continue
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix="todo-bench-") as work:
            try:
                series += scenario(edits, Path(work))
            except Exception as error:
                traceback.print_exc()
                left_out.append(LeftOut(name, f"failed: {error}".splitlines()[0]))
                kept = ROOT / ".data" / "bench" / f"failed-{name}"
                shutil.copytree(work, kept, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.db*"))
    return series, left_out


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="make bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("scenarios", nargs="*", help="which ones; all without")
    parser.add_argument("--edits", type=int, default=20, help="saves a scenario (default 20)")
    parser.add_argument("--publish", action="store_true", help="write docs/benchmarks.json, .svg and BENCHMARKS.md")
    parser.add_argument("--list", action="store_true", help="name the scenarios and what keeps one from running here")
    args = parser.parse_args()
    if args.list:
        for name, (_, obstacle) in SCENARIOS.items():
            print(f"{name:15} {obstacle() or 'runs here'}")
        return 0
    unknown = [name for name in args.scenarios if name not in SCENARIOS]
    if unknown:
        sys.exit(f"error: no scenario is called {', '.join(unknown)}; there are {', '.join(SCENARIOS)}.")
    series, left_out = measure(args.scenarios or list(SCENARIOS), args.edits)
    run = report.as_json(series, left_out)
    report.write(run, ROOT / ".data" / "bench", "latest")
    print(report.text_table(run))
    for one in left_out:
        print(f"left out: {one.name}: {one.why}")
    for fault in run["broken"]:
        print(f"over budget: {fault}")
    if args.publish:
        published = ROOT / "docs" / "benchmarks.json"
        if published.exists():
            run = report.over(run, json.loads(published.read_text()))
        report.write(run, ROOT / "docs", "benchmarks")
        (ROOT / "docs" / "BENCHMARKS.md").write_text(report.page(run))
    failed = bool(run["broken"]) or any(one.why.startswith("failed") for one in left_out)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
