"""docs/KUBERNETES_SETUP.md: its commands, run as they stand there, in a namespace of the test's own."""

import json
import re
import secrets
import subprocess
from pathlib import Path

import pytest

from tests.cluster.images import Images
from tests.cluster.kubernetes import CHART, ENVIRONMENT, REPOSITORY, kubectl
from tests.cluster.release import Release, merged

PAGE = REPOSITORY / "docs" / "KUBERNETES_SETUP.md"
BLOCK = re.compile(r"(?:<!-- (?P<how>.+?) -->\n)?```sh\n(?P<commands>.+?)```", re.DOTALL)
HERE = "run by tests/cluster/test_documentation.py"


def blocks() -> list[tuple[str, str]]:
    """How each block of commands is tested, and the commands."""
    return [(found["how"] or "", found["commands"]) for found in BLOCK.finditer(PAGE.read_text())]


def test_every_command_of_the_page_is_run_by_a_test_or_says_why_not():
    for how, commands in blocks():
        tested = how.startswith("run by ") and (REPOSITORY / how.removeprefix("run by ")).exists()
        assert tested or how.startswith("not run in CI"), commands


@pytest.fixture
def place(built: Images, tmp_path: Path):
    """A name for the page's namespace, and the values file that the page asks the reader to write."""
    release = Release(f"todo-docs-{secrets.token_hex(3)}", "todo", 0, built)
    (tmp_path / "values.yaml").write_text(json.dumps(merged(release.values(), {"tests": {"enabled": True}})))
    yield release.namespace
    kubectl("delete", "namespace", release.namespace, "--ignore-not-found", "--wait=false")


def test_the_commands_of_the_page_work_in_their_order(place: str, tmp_path: Path):
    ours = [commands for how, commands in blocks() if how == HERE]
    install = next(commands for commands in ours if "create namespace" in commands)
    for commands in [install, *(block for block in ours if block is not install)]:
        script = re.sub(r"(-n|namespace) todo\b", rf"\1 {place}", commands).replace("helm/todo-app", str(CHART))
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=tmp_path,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, f"{commands}\n{done.stdout}{done.stderr}"
    assert (tmp_path / "todo.dump").stat().st_size > 1000
