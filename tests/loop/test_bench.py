"""The benchmark says what it measured, holds it to the budgets, and leaves the checkout alone."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from scripts.bench import budgets, edits, report
from scripts.bench.digest import source_digest
from scripts.bench.plot import svg
from scripts.bench.series import Series, percentile
from scripts.bench.trees import copy_of_checkout

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("share", "value"), [(0.5, 5.0), (0.95, 10.0), (1.0, 10.0), (0.01, 1.0)])
def test_a_percentile_is_a_value_that_was_measured(share: float, value: float) -> None:
    assert percentile([float(n) for n in range(10, 0, -1)], share) == value


def test_a_ratio_says_how_many_times_better() -> None:
    assert Series("a", "time", "s", [0.2], "peer", [1.0]).ratio == pytest.approx(5)
    assert Series("b", "rate", "1/s", [40.0], "peer", [100.0], higher_is_better=True).ratio == pytest.approx(0.4)
    assert Series("c", "alone", "s", [0.2]).ratio is None


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"p50": 0.1}, "p50 0.2 s is over the budget of 0.1"),
        ({"p95": 0.3}, "p95 0.4 s is over"),
        ({"max": 0.3}, "max 0.4 s is over"),
        ({"min": 0.3}, "0.2 s is under the promised 0.3"),
        ({"ratio": 6}, "5.00 times peer is under the promised 6"),
    ],
)
def test_a_broken_promise_is_one_sentence(limits: dict[str, float], said: str) -> None:
    faults = budgets.broken(Series("a", "time", "s", [0.2, 0.2, 0.4], "peer", [1.0]), limits)
    assert len(faults) == 1
    assert said in faults[0]


def test_a_kept_promise_is_silent() -> None:
    kept = {"p50": 0.2, "p95": 0.4, "max": 0.4, "min": 0.2, "ratio": 5}
    assert budgets.broken(Series("a", "time", "s", [0.2, 0.2, 0.4], "peer", [1.0]), kept) == []


def test_every_budget_belongs_to_a_series_that_is_measured() -> None:
    sources = "".join(path.read_text() for path in (ROOT / "scripts" / "bench").glob("*.py"))
    named = set(re.findall(r'Series\(\s*f?"([^"]+)"', sources))
    patterns = [re.compile(re.sub(r"\\\{.*?\\\}", ".+", re.escape(name))) for name in named]
    for budget in tomllib.loads((ROOT / "scripts" / "budgets.toml").read_text()):
        assert any(pattern.fullmatch(budget) for pattern in patterns), budget


def test_a_promise_without_a_figure_is_said_to_be_unmeasured() -> None:
    published = json.loads((ROOT / "docs" / "benchmarks.json").read_text())
    published["series"] = [one for one in published["series"] if one["name"] != "backend-local"]
    said = report.page(published).split("## Left out")[1]
    assert "- backend-local: p50 ≤ 0.25, ≥ 5 x the peer is promised, not measured" in said


def test_edits_are_made_in_a_copy_that_vanishes() -> None:
    before = source_digest(ROOT / "backend" / "app")
    with copy_of_checkout("test") as tree:
        for number in range(len(edits.BACKEND_FILES) * edits.IN_A_ROW):
            _, digest = edits.save_backend(tree / "backend", number)
            assert digest == source_digest(tree / "backend" / "app") != before
        component = edits.Component(tree / "frontend" / "src" / "app" / "layout.tsx")
        component.save("mark-1")
        component.save("mark-2")
        assert component.path.read_text().count("data-bench=") == 1
        assert not (tree / ".env").exists()
    assert not tree.exists()
    assert source_digest(ROOT / "backend" / "app") == before


def test_the_digest_is_the_one_the_application_names() -> None:
    code = (
        "from pathlib import Path; from app.operations.source import source_digest; print(source_digest(Path('app')))"
    )
    argv = [sys.executable, "-c", code]
    named = subprocess.run(argv, cwd=ROOT / "backend", capture_output=True, text=True, check=True).stdout.strip()
    assert source_digest(ROOT / "backend" / "app") == named


def test_the_published_page_is_what_its_samples_say() -> None:
    run = json.loads((ROOT / "docs" / "benchmarks.json").read_text())
    assert (ROOT / "docs" / "BENCHMARKS.md").read_text() == report.page(run)
    assert (ROOT / "docs" / "benchmarks.svg").read_text() == svg(run)


def test_an_unknown_scenario_is_one_sentence() -> None:
    done = subprocess.run([sys.executable, "-m", "scripts.bench", "speed"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("error: no scenario is called speed; there are backend-local")
