"""The buttons of the database, where it is a file and where it is somebody else's, and of the signing key."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from scripts import tilt_actions
from scripts.tilt_eval import ROOT, Machine, evaluate


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """The migrated database of local mode, held open as the running backend holds it."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("TODO_MODE", "local")
    subprocess.run([sys.executable, "-m", "app.db.migrate"], cwd=ROOT / "backend", env=os.environ, check=True)
    with closing(sqlite3.connect(tmp_path / "todo.db", isolation_level=None)) as connection:
        yield connection


def test_the_file_is_emptied_under_the_backend_that_has_it_open(opened: sqlite3.Connection) -> None:
    opened.execute("create table left_over (x)")
    opened.execute("insert into left_over values (1)")
    (revision,) = opened.execute("select version_num from alembic_version").fetchone()
    assert tilt_actions.reset_database() == 0
    tables = {name for (name,) in opened.execute("select name from sqlite_master where type = 'table'")}
    assert "left_over" not in tables
    assert opened.execute("select count(*) from tasks").fetchone() == (0,)
    assert opened.execute("select version_num from alembic_version").fetchone() == (revision,)


@pytest.mark.usefixtures("opened")
def test_the_file_can_be_asked_and_a_mistake_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (field,) = [
        spec["text"]["default_value"]
        for spec in evaluate("--mode=local").of("v1alpha1.ui_input_spec")
        if spec["name"] == "SQL"
    ]
    monkeypatch.setenv("SQL", field)
    assert tilt_actions.database_shell() == 0
    assert "tasks" in capfd.readouterr().out.splitlines()
    monkeypatch.setenv("SQL", "selekt")
    assert tilt_actions.database_shell() == 1
    assert "syntax error" in capfd.readouterr().out


def test_a_database_of_ones_own_is_never_emptied_and_asked_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.db"
    with closing(sqlite3.connect(file)) as mine, mine:
        mine.execute("create table kept (x)")
    monkeypatch.setenv("TODO_DATABASE", "external")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    monkeypatch.setenv("SQL", "select name from sqlite_master")
    assert tilt_actions.reset_database() == 1
    assert "not this environment's to empty" in capsys.readouterr().out
    assert tilt_actions.database_shell() == 0
    assert capsys.readouterr().out == "kept\n"


def test_the_buttons_know_whose_database_it_is() -> None:
    machine = Machine(files={".env": "DATABASE_URL=postgresql://me:pw@db.example/todo\n", "tilt-settings.yaml": "{}"})
    (command,) = [each for each in evaluate(machine=machine).of("v1alpha1.cmd") if each["name"] == "reset-database"]
    assert "TODO_DATABASE=external" in command["env"]
    assert "pw" not in str(command)


def test_a_new_signing_key_goes_where_it_counts_and_keeps_the_other_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tilt_actions, "ROOT", tmp_path)
    monkeypatch.setenv("SECRET_KEY", "of-the-codespace")
    assert tilt_actions.rotate_secret() == 1
    monkeypatch.delenv("SECRET_KEY")
    (tmp_path / ".env").write_text("SECRET_KEY=old\nLLM_MODEL=small\n")
    assert tilt_actions.rotate_secret() == 0
    kept, key = (tmp_path / ".env").read_text().splitlines()
    assert kept == "LLM_MODEL=small"
    assert len(key.removeprefix("SECRET_KEY=")) == 64
