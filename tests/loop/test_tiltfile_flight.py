"""The flight recorder as a whole: secrets are planted everywhere it looks, and none is in the archive."""

from __future__ import annotations

import base64
import json
import os
import tarfile
from pathlib import Path

import pytest

from app.identity.cookie import sign
from app.identity.identity import TOKEN_PREFIX
from scripts import tilt_flight

IN_THE_ENV_FILE = {"SECRET_KEY": "planted-key-of-the-env-file", "LLM_API_KEY": 'planted"quoted'}
IN_THE_ENVIRONMENT = "planted-in-the-environment"
IN_THE_CLUSTER = "planted-in-a-secret-of-the-cluster"
PASSWORD = "planted-password"
COOKIE = sign("guest-0123456789abcdef", "any key")
TOKEN = TOKEN_PREFIX + base64.urlsafe_b64encode(b"t" * 32).rstrip(b"=").decode()
LEAK = f"""
env {IN_THE_ENV_FILE["SECRET_KEY"]} and {json.dumps(IN_THE_ENV_FILE["LLM_API_KEY"])}, {IN_THE_ENVIRONMENT}
cluster {IN_THE_CLUSTER} {base64.b64encode(IN_THE_CLUSTER.encode()).decode()}
connecting to postgresql://todo:{PASSWORD}@db/todo
FATAL: password authentication failed with "{PASSWORD}"
Authorization: Bearer {TOKEN}
the token {TOKEN} was made
Cookie: todo_guest={COOKIE}
the guest {COOKIE}
"""
RED = {"metadata": {"name": "backend"}, "status": {"updateStatus": "error", "runtimeStatus": "ok"}}
PARTS = {
    "summary.html",
    "versions.txt",
    "git.txt",
    "doctor.json",
    "tilt/snapshot.json",
    "tilt/log.jsonl",
    "tilt/resources.json",
    "cluster/events.txt",
    "cluster/objects.txt",
    "cluster/pods.txt",
    "cluster/nodes.txt",
    "pods/todo-1.log",
    "pods/todo-1.previous.log",
}


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with an .env, on a machine where every command prints secrets."""
    lines = {**IN_THE_ENV_FILE, "DATABASE_URL": f"postgresql://todo:{PASSWORD}@db/todo"}
    (tmp_path / ".env").write_text("".join(f"{key}='{value}'\n" for key, value in lines.items()))
    (tmp_path / "leak").write_text(LEAK)
    secret = {"items": [{"data": {"key": base64.b64encode(IN_THE_CLUSTER.encode()).decode()}}]}
    (tmp_path / "secrets").write_text(json.dumps(secret))
    resource = RED | {"status": RED["status"] | {"buildHistory": [{"error": f"exit status 1\n{LEAK}"}]}}
    (tmp_path / "resources").write_text(json.dumps({"items": [resource], "note": LEAK}))
    (tmp_path / "bin").mkdir()
    for name in ("tilt", "kubectl", "helm", "node", "docker", "git"):
        script = f"""#!/bin/sh
cd {tmp_path}
case "$*" in
  *"get secrets"*) exec cat secrets ;;
  *"get uiresources"*) exec cat resources ;;
  *"get pods -o name"*) echo pod/todo-1 ;;
  *"snapshot create"*) exec cp leak "$3" ;;
  *) exec cat leak ;;
esac
"""
        (tmp_path / "bin" / name).write_text(script)
        (tmp_path / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    monkeypatch.setenv("SOME_TOKEN", IN_THE_ENVIRONMENT)
    monkeypatch.setattr(tilt_flight, "ROOT", tmp_path)
    monkeypatch.setattr(tilt_flight, "FOLDER", tmp_path / "flight-records")
    return tmp_path


def contents(archive: Path) -> dict[str, str]:
    with tarfile.open(archive) as packed:
        files = {name.partition("/")[2]: packed.extractfile(name) for name in packed.getnames()}
        return {name: file.read().decode() for name, file in files.items() if file}


def test_everything_is_in_the_record_and_no_secret_is(tree: Path) -> None:
    archive = tilt_flight.record("todo", 1)
    found = contents(archive)
    assert set(found) == PARTS
    assert "backend" in found["summary.html"]
    assert "password authentication failed" in found["cluster/events.txt"]
    planted = [*IN_THE_ENV_FILE.values(), IN_THE_ENVIRONMENT, IN_THE_CLUSTER, PASSWORD, COOKIE, TOKEN]
    for name, text in found.items():
        assert not [secret for secret in planted if secret in text], name
        assert "planted" not in text, name
    assert archive.stat().st_mode & 0o777 == 0o600
    assert [file for file in os.listdir(tree / "flight-records") if not file.endswith(".tar.gz")] == []


def test_the_snapshot_of_a_failed_run_is_taken_along_without_its_secrets(tree: Path) -> None:
    snapshot = tree / "tilt-snapshot.json"
    snapshot.write_text(json.dumps({"view": {"uiResources": [RED]}, "logs": LEAK}))
    found = contents(tilt_flight.record("todo", 1, snapshot))
    assert json.loads(found["tilt/snapshot.json"])["view"]["uiResources"] == [RED]
    assert "planted" not in found["tilt/snapshot.json"]


@pytest.mark.usefixtures("tree")
def test_a_resource_that_turns_red_is_recorded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    recorded: list[str] = []
    monkeypatch.setattr(tilt_flight, "record", lambda namespace, _: recorded.append(namespace))
    looks = 0

    def look_again(_: float) -> None:
        nonlocal looks
        looks += 1
        if looks == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(tilt_flight.time, "sleep", look_again)
    with pytest.raises(KeyboardInterrupt):
        tilt_flight.watch("todo", 1)
    assert recorded == ["todo"]
