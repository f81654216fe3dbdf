"""k8s/minikube-setup.sh as a user runs it: from nothing to the page, again, and away."""

import os
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
    preload("postgres:17")
    secret = tmp_path / "env"
    secret.write_text("# a comment\nLLM_API_KEY='never-printed-llm-key'\nexport LLM_MODEL=small\nDATABASE_URL=\n")
    yield {"NAMESPACE": NAMESPACE, "HOST": HOST, "ENV_FILE": str(secret), "LLM_BASE_URL": ""}
    kubectl("delete", "namespace", NAMESPACE, "--ignore-not-found", "--wait=false")


def setup(settings: dict[str, str], *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    env = {**ENVIRONMENT, **settings, **env}
    return subprocess.run(["bash", SCRIPT, *arguments], env=env, capture_output=True, text=True, timeout=500)


def test_from_nothing_to_the_page_again_and_away(settings: dict[str, str]):
    first = setup(settings)
    assert first.returncode == 0, first.stdout + first.stderr
    assert "/api/health answers" in first.stdout
    assert "never-printed" not in first.stdout + first.stderr
    made = get("secret", "todo", "-n", NAMESPACE)["data"]
    assert set(made) == {"LLM_API_KEY", "SECRET_KEY", "POSTGRES_PASSWORD"}
    assert get("configmap", "todo-todo-app-config", "-n", NAMESPACE)["data"]["LLM_MODEL"] == "small"

    pods = {pod["metadata"]["name"] for pod in get("pods", "-n", NAMESPACE)}
    second = setup(settings)
    assert second.returncode == 0, second.stdout + second.stderr
    assert get("secret", "todo", "-n", NAMESPACE)["data"] == made, "a second run keeps the keys it made"
    assert {pod["metadata"]["name"] for pod in get("pods", "-n", NAMESPACE)} == pods, "and starts no new pod"

    gone = setup(settings, "--delete")
    assert gone.returncode == 0, gone.stdout + gone.stderr
    assert NAMESPACE not in {entry["metadata"]["name"] for entry in get("namespaces")}
    assert setup(settings, "--delete").returncode == 0, "there is nothing left to do, and that is fine"


@pytest.mark.parametrize("tool", ["docker", "minikube", "kubectl", "helm"])
def test_a_missing_or_broken_tool_is_one_sentence_with_a_remedy(settings: dict[str, str], tmp_path: Path, tool: str):
    broken = tmp_path / tool
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    done = setup(settings, PATH=f"{tmp_path}{os.pathsep}{ENVIRONMENT['PATH']}")
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith(f"minikube-setup: {tool} does not answer")
    assert "https://" in line


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
