"""`tilt ci`: everything built, deployed, tested, and asked through the ingress in one run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tilt.loop import Loop

WIDTH = 13  # of the column in which Tilt names the resource of a line


@pytest.mark.slow
@pytest.mark.usefixtures("images")
def test_one_run_builds_deploys_tests_and_asks_the_application(tree: Path) -> None:
    loop = Loop(tree)
    try:
        run = loop.tilt(
            "ci", "--web-mode=prod", f"--port={loop.tilt_port}", "--timeout=14m", "--", *loop.flags, timeout=870
        )
        (tree.parent / "tilt-ci.log").write_text(run.stdout + run.stderr)
        assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
        assert "SUCCESS" in run.stdout
        for name in ("backend-tests", "frontend-tests", "chart-tests", "loop-tests", "lint", "smoke", "chat-replay"):
            shown = name if len(name) <= WIDTH else f"{name[: WIDTH - 1]}…"
            assert f"{shown} │" in run.stdout, name
    finally:
        loop.down()
