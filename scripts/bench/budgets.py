"""The promises: scripts/budgets.toml, one table a series, and which of them a run breaks."""

import tomllib
from pathlib import Path

from scripts.bench.series import Series

BUDGETS = Path(__file__).resolve().parents[1] / "budgets.toml"


def load(path: Path = BUDGETS) -> dict[str, dict[str, float]]:
    """Series name to limits: `p50`, `p95` and `max` are upper bounds, `min` and `ratio` are lower ones."""
    return tomllib.loads(path.read_text())


def broken(series: Series, limits: dict[str, float]) -> list[str]:
    """One sentence for each promise that these samples do not keep."""
    measured = {"p50": series.p50, "p95": series.p95, "max": max(series.samples)}
    faults = [
        f"{series.name}: {key} {measured[key]:.3g} {series.unit} is over the budget of {limit:g}"
        for key, limit in limits.items()
        if key in measured and measured[key] > limit
    ]
    lowest = limits.get("min")
    if lowest is not None and min(series.samples) < lowest:
        faults.append(f"{series.name}: {min(series.samples):.3g} {series.unit} is under the promised {lowest:g}")
    wanted = limits.get("ratio")
    if wanted is not None and series.ratio is not None and series.ratio < wanted:
        faults.append(f"{series.name}: {series.ratio:.2f} times {series.peer} is under the promised {wanted:g}")
    return faults
