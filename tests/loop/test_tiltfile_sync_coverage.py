"""The lint of the live-update rules: every file of a build context has a verdict, and oversight fails."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scripts import tilt_sync_coverage
from scripts.tilt_eval import ROOT
from scripts.tilt_sync_coverage import matches, verdicts

TREE = {
    "backend/.dockerignore": "tests\n*.md\n**/*.log\n!keep.log\n",
    "backend/app/main.py": "",
    "backend/migrations/0001.py": "",
    "backend/requirements.txt": "",
    "backend/warm/server.py": "",
    "backend/README.md": "",
    "backend/tests/test_x.py": "",
    "frontend/src/app/page.tsx": "",
    "frontend/next.config.ts": "",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "Tiltfile", tmp_path)
    shutil.copytree(ROOT / "tilt", tmp_path / "tilt")
    for name, text in TREE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def kinds(root: Path) -> dict[str, str]:
    return {verdict.file: verdict.kind for verdict in verdicts(root)}


def test_every_file_of_a_context_has_a_verdict(tree: Path) -> None:
    assert kinds(tree) == {
        "backend/.dockerignore": "ignored",
        "backend/README.md": "ignored",
        "backend/tests/test_x.py": "ignored",
        "backend/app/main.py": "synced",
        "backend/migrations/0001.py": "synced",
        "backend/requirements.txt": "synced",
        "backend/warm/server.py": "fall-back",
        "frontend/src/app/page.tsx": "synced",
        "frontend/next.config.ts": "synced",
    }


def test_a_file_that_docker_copies_and_tilt_does_not_know_is_found(tree: Path) -> None:
    (tree / "backend" / "gunicorn.conf.py").touch()
    assert kinds(tree)["backend/gunicorn.conf.py"] == "unknown"


def test_an_input_that_no_step_takes_is_found(tree: Path) -> None:
    images = tree / "tilt" / "images.tiltfile"
    images.write_text(images.read_text().replace("            sync('backend/alembic.ini', '/app/alembic.ini'),\n", ""))
    (tree / "backend" / "alembic.ini").touch()
    assert kinds(tree)["backend/alembic.ini"] == "rebuild"


@pytest.mark.parametrize("name", ["app/main.py~", "app/.main.py.swp", "app/4913", "app/sedAb12Cd", "app/.#main.py"])
def test_what_editors_write_before_they_rename_costs_nothing(name: str, tree: Path) -> None:
    (tree / "backend" / name).touch()
    assert kinds(tree)[f"backend/{name}"] == "ignored"


@pytest.mark.parametrize(
    ("file", "patterns", "out"),
    [
        ("a/b.pyc", ["**/*.pyc"], True),
        ("b.pyc", ["**/*.pyc"], True),
        ("a/b.md", ["*.md"], False),
        ("tests/x/y.py", ["tests"], True),
        ("tests_x.py", ["tests"], False),
        ("keep.log", ["*.log", "!keep.log"], False),
        ("a.py[c]", ["*.py[cod]"], False),
        ("a.pyc", ["*.py[cod]"], True),
    ],
)
def test_ignore_rules_read_as_docker_reads_them(file: str, patterns: list[str], out: bool) -> None:
    assert matches(file, patterns) is out


def test_this_tree_passes() -> None:
    assert [verdict for verdict in verdicts() if verdict.kind in ("rebuild", "unknown")] == []


def test_the_lint_fails_and_names_the_file_and_what_to_do(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tilt_sync_coverage, "verdicts", lambda: verdicts(tree))
    monkeypatch.setattr("sys.argv", ["tilt_sync_coverage"])
    assert tilt_sync_coverage.main() == 0
    (tree / "frontend" / "sentry.config.ts").touch()
    assert tilt_sync_coverage.main() == 1
    said = capsys.readouterr().out.splitlines()[-1]
    assert said.startswith("frontend/sentry.config.ts")
    assert "tilt/images.tiltfile" in said
