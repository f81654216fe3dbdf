"""k8s/minikube-setup.sh as a user runs it: from nothing to the page, again, and away."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.images import local_registry, preload
from tests.cluster.kubernetes import ENVIRONMENT, REPOSITORY, get, kubectl, run

SCRIPT = REPOSITORY / "k8s" / "minikube-setup.sh"
NAMESPACE, HOST = "todo-setup-script", "setup-script.localhost"


@pytest.fixture
def settings(cluster: None, tmp_path: Path) -> Iterator[dict[str, str]]:  # noqa: ARG001
    secret = tmp_path / "env"
    secret.write_text("# a comment\nLLM_API_KEY='never-printed-llm-key'\nexport LLM_MODEL=small\nDATABASE_URL=\n")
    yield {"NAMESPACE": NAMESPACE, "HOST": HOST, "ENV_FILE": str(secret), "LLM_BASE_URL": ""}
    kubectl("delete", "namespace", NAMESPACE, "--ignore-not-found", "--wait=false")


def shim(folder: Path, tool: str, script: str) -> str:
    """A PATH on which this script stands before the tool; `$REAL` inside it is the tool itself."""
    real = shutil.which(tool, path=ENVIRONMENT["PATH"])
    (folder / tool).write_text(f"#!/bin/sh\nREAL={real}\n{script}\n")
    (folder / tool).chmod(0o755)
    return f"{folder}{os.pathsep}{ENVIRONMENT['PATH']}"


def setup(settings: dict[str, str], *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    env = {**ENVIRONMENT, **settings, **env}
    return subprocess.run(["bash", SCRIPT, *arguments], env=env, capture_output=True, text=True, timeout=500)


def listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def running() -> tuple[set[str], set[str]]:
    """The pods' names, and the templates that they are made of."""
    pods = [pod["metadata"] for pod in get("pods", "-n", NAMESPACE)]
    return {pod["name"] for pod in pods}, {pod["labels"]["pod-template-hash"] for pod in pods}


def test_from_nothing_to_the_page_again_and_away(settings: dict[str, str]):
    preload("postgres:17")
    first = setup(settings)
    assert first.returncode == 0, first.stdout + first.stderr
    assert "/api/health answers" in first.stdout
    assert "kubectl top pods answers" in first.stdout
    assert "never-printed" not in first.stdout + first.stderr
    made = get("secret", "todo", "-n", NAMESPACE)["data"]
    assert set(made) == {"LLM_API_KEY", "SECRET_KEY", "POSTGRES_PASSWORD"}
    assert get("configmap", "todo-todo-app-config", "-n", NAMESPACE)["data"]["LLM_MODEL"] == "small"

    pods, templates = running()
    second = setup(settings)
    assert second.returncode == 0, second.stdout + second.stderr
    assert get("secret", "todo", "-n", NAMESPACE)["data"] == made, "a second run keeps the keys it made"
    assert not listens(18080), "and leaves no forward behind"
    still, same = running()
    assert same == templates, "and changes no pod's template"
    assert pods <= still, "and replaces no pod; the autoscaler may have added one"

    gone = setup(settings, "--delete")
    assert gone.returncode == 0, gone.stdout + gone.stderr
    assert NAMESPACE not in {entry["metadata"]["name"] for entry in get("namespaces")}
    assert setup(settings, "--delete").returncode == 0, "there is nothing left to do, and that is fine"


@pytest.mark.parametrize("tool", ["docker", "minikube", "kubectl", "helm"])
def test_a_missing_or_broken_tool_is_one_sentence_with_a_remedy(settings: dict[str, str], tmp_path: Path, tool: str):
    done = setup(settings, PATH=shim(tmp_path, tool, "exit 1"))
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith(f"minikube-setup: {tool} does not answer")
    assert "https://" in line


def test_a_tool_that_is_too_old_is_named_with_both_versions(settings: dict[str, str], tmp_path: Path):
    done = setup(settings, PATH=shim(tmp_path, "helm", "echo v3.10.2+g50f003e"))
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("minikube-setup: helm 3.10.2 is too old, 3.18 is needed; see https://")


def test_a_step_that_fails_is_named_with_what_to_do_about_it(settings: dict[str, str], tmp_path: Path):
    script = 'case $1 in build) echo "no space left on device" >&2; exit 1 ;; esac; exec "$REAL" "$@"'
    done = setup(settings, PATH=shim(tmp_path, "docker", script))
    assert done.returncode == 1
    assert "no space left on device" in done.stderr
    assert "minikube-setup: failed while building todo-backend:" in done.stderr
    assert "docker build backend repeats it" in done.stderr


def test_an_unknown_argument_changes_nothing(settings: dict[str, str]):
    done = setup(settings, "--destroy")
    assert (done.returncode, done.stdout) == (1, "")
    assert "unknown argument --destroy" in done.stderr


def test_the_loaded_images_can_be_removed_again():
    if local_registry():
        listed = run("minikube", "image", "ls").split()
        ours = [name for name in listed if "/todo-" in name and not name.startswith("localhost")]
        if ours:
            run("minikube", "image", "rm", *ours)
