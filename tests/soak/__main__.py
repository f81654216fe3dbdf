"""Load on the deployed application, through the ingress and a port of 127.0.0.1: `make soak`.

The highest steady rates with one and with three backend pods, what a request costs as users, tasks and pods grow in
number, and MINUTES at half of the highest rates of one pod. The load, the router and the cluster share the machine.
"""

import argparse
import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

from scripts.bench.report import machine
from tests.soak.climb import best, highest
from tests.soak.deployment import Deployment, deployed
from tests.soak.growth import FEW, grown
from tests.soak.level import Load
from tests.soak.long import held
from tests.soak.plot import svg

KINDS = {"requests": 100.0, "turns": 10.0}  # the first rate of each that is tried
USERS = 40
TASKS = 50  # of each
PODS = (1, 3)


def main() -> int:
    parser = argparse.ArgumentParser("soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30, help="at half of the highest rates; 0 leaves it out")
    parser.add_argument("--seconds", type=float, default=10, help="of each level before that")
    parser.add_argument("--rates", type=float, nargs=2, metavar=("REQUESTS", "TURNS"), help="instead of finding them")
    parser.add_argument("--publish", type=Path, help="a folder for soak.json and soak.svg")
    given = parser.parse_args()
    found: dict[str, Any] = {"machine": machine()}
    with deployed() as deployment:
        if given.rates:
            rates = dict(zip(KINDS, given.rates, strict=True))
        else:
            found |= measured(deployment, given.seconds)
            _write(given.publish, found)
            rates = found["rates"]["1"]
        if given.minutes:
            deployment.scale(1)
            deployment.invite(USERS, TASKS)
            # Both kinds at once, so a quarter of each is half of what the pod can do.
            load = Load(rates["requests"] / 4, rates["turns"] / 4)
            print(f"{given.minutes:g} minutes of {load.requests:.0f} requests and {load.turns:.0f} turns a second")
            found["held"] = held(deployment, load, given.minutes)
            _write(given.publish, found)
            return _verdict(found["held"])
    return 0


def measured(deployment: Deployment, seconds: float) -> dict[str, Any]:
    levels: dict[str, Any] = {}
    for pods in PODS:
        deployment.scale(pods)
        deployment.invite(USERS, TASKS)
        levels[str(pods)] = {}
        for kind, first in KINDS.items():
            print(f"{kind}, {pods} pods", flush=True)
            levels[str(pods)][kind] = highest(deployment, partial(_only, kind), first, seconds)
    rates = {pods: {kind: best(tried) for kind, tried in kinds.items()} for pods, kinds in levels.items()}
    deployment.scale(1)
    print("growth", flush=True)
    growth = grown(deployment, rates["1"]["requests"] / 4, seconds)
    return {"levels": levels, "rates": rates, "growth": growth, "users_of_growth": FEW}


def _only(kind: str, rate: float) -> Load:
    return Load(**{kind: rate}, users=USERS)


def _write(folder: Path | None, found: dict[str, Any]) -> None:
    """What was measured replaces what an earlier run knew of the same."""
    if folder is None:
        return
    file = folder / "soak.json"
    earlier = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(json.dumps(earlier | found, indent=1) + "\n")
    if "growth" in found:
        (folder / "soak.svg").write_text(svg(found["growth"]))


def _verdict(held: dict[str, Any]) -> int:
    before, after = held["connections"]
    print(
        f"{held['requests']} requests, {held['failures']} failed; p50 {held['p50']:.0f} ms, p99 {held['p99']:.0f} ms; "
        f"memory {held['memory_slope']:+.1f} MiB an hour; {before} connections of the database before, {after} after; "
        f"{held['files'][0]} open files before, {held['files'][1]} after"
    )
    return 1 if held["failures"] else 0


if __name__ == "__main__":
    sys.exit(main())
