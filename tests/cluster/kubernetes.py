"""kubectl, helm and docker as tests call them, and waiting with a deadline."""

import contextlib
import json
import os
import secrets
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from scripts.install_helm import any_helm

REPOSITORY = Path(__file__).parents[2]
CHART = REPOSITORY / "helm" / "todo-app"
KIT = Path.home() / ".cache" / "localcluster" / "bin"
# Debian's Docker client is the one with BuildKit where the local cluster is; elsewhere BuildKit is the default.
ENVIRONMENT = {**os.environ, "PATH": f"{KIT}{os.pathsep}{os.environ['PATH']}", "DOCKER_BUILDKIT": "1"}


T = TypeVar("T")


class Failed(Exception):
    """A command ended with an error; the message is what it printed."""


def run(*command: str | Path, given: str | None = None, seconds: float = 300, **env: str) -> str:
    """What the command printed; raises Failed with its errors."""
    done = subprocess.run(
        [str(part) for part in command],
        input=given,
        capture_output=True,
        text=True,
        timeout=seconds,
        cwd=REPOSITORY,
        env={**ENVIRONMENT, **env},
    )
    if done.returncode:
        raise Failed(f"{' '.join(map(str, command[:4]))}: {done.stderr or done.stdout}")
    return done.stdout


def kubectl(*arguments: str, given: str | None = None) -> str:
    return run("kubectl", *arguments, given=given)


def get(*arguments: str) -> Any:
    """`kubectl get` as objects: the list's items, or the one object."""
    answer = json.loads(kubectl("get", *arguments, "-o", "json"))
    return answer.get("items", answer)


def helm(*arguments: str, values: dict[str, Any] | None = None, seconds: float = 300) -> str:
    layers = () if values is None else ("--values", "-")
    return run(any_helm(), *arguments, *layers, given=json.dumps(values), seconds=seconds)


def rollback_flag() -> str:
    """Helm 4 renamed --atomic."""
    return "--rollback-on-failure" if helm("version", "--short").startswith("v4") else "--atomic"


def wait_until(what: str, ready: Callable[[], T], seconds: float, every: float = 0.3) -> T:
    """The first true value of ready(); fails with what was waited for and the last value or error."""
    deadline = time.monotonic() + seconds
    while True:
        last: object
        try:
            if value := ready():
                return value
            last = value
        except (OSError, Failed, AssertionError) as error:
            last = error
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not happen within {seconds:.0f} s; last: {last}")
        time.sleep(every)


@contextlib.contextmanager
def namespace(label: str) -> Iterator[str]:
    """A namespace that admits restricted pods only; deleted with everything in it."""
    name = f"todo-{label}-{secrets.token_hex(3)}"
    kubectl("create", "namespace", name)
    try:
        levels = [f"pod-security.kubernetes.io/{mode}=restricted" for mode in ("enforce", "warn", "audit")]
        kubectl("label", "namespace", name, *levels)
        yield name
    finally:
        kubectl("delete", "namespace", name, "--wait=false")
