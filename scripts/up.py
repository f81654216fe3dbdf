"""`make up`: choose the best way to run the application here, say why, and run it.

    python -m scripts.up [--mode auto|cluster|hybrid|local] [--port 8080] [--no-tests]

`auto` takes the cluster when Docker, a local Kubernetes and Tilt are all there, and local processes otherwise. With
fewer than four cores the frontend stays out of the cluster (hybrid), where `next dev` and Kubernetes would compete.
Mode, port and context of the git-ignored tilt-settings.yaml count as Tilt counts them: until something else is asked.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
CLUSTER_CORES = 4
TILT_FLOOR = (0, 37, 5)  # older ones serve their API to any web page
LOCAL_CONTEXT = re.compile(r"minikube|kind-.+|k3d-.+|docker-desktop|rancher-desktop|orbstack|colima.*")


def personal() -> dict[str, Any]:
    """What this person's own tilt-settings.yaml says."""
    file = ROOT / "tilt-settings.yaml"
    return (yaml.safe_load(file.read_text()) or {}) if file.exists() else {}


def wanted(name: str, default: str) -> str:
    """A setting by its name: of the environment, of one's own settings, or the default."""
    return os.environ.get(name.upper()) or str(personal().get(name, default))


def printed(*argv: str, seconds: float = 5) -> str | None:
    """What a command prints, or None when it is missing, fails or takes too long."""
    if shutil.which(argv[0]) is None:
        return None
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=seconds)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def tilt_obstacle() -> str | None:
    text = printed("tilt", "version")
    if text is None:
        return "Tilt is not installed"
    numbers = re.search(r"v?(\d+)\.(\d+)\.(\d+)", text)
    if numbers is None or tuple(map(int, numbers.groups())) < TILT_FLOOR:
        return f"Tilt is older than {'.'.join(map(str, TILT_FLOOR))} ({text.split(',')[0]})"
    return None


def docker_obstacle() -> str | None:
    if shutil.which("docker") is None:
        return "Docker is not installed"
    return (
        None if printed("docker", "version", "--format", "{{.Server.Version}}") else "the Docker daemon does not answer"
    )


def cluster_obstacle() -> str | None:
    if shutil.which("kubectl") is None:
        return "kubectl is not installed"
    context = printed("kubectl", "config", "current-context")
    if not context:
        return "kubectl has no current context (`minikube start` makes one)"
    if not LOCAL_CONTEXT.fullmatch(context) and context != personal().get("context"):
        return f"the kube context is `{context}`, which is not a local cluster (kubectl config use-context minikube)"
    if printed("kubectl", "get", "--raw", "/readyz", "--request-timeout=3s") is None:
        return f"the cluster `{context}` does not answer (`minikube start`)"
    return None


def obstacles() -> list[str]:
    """Why cluster mode is not possible here; empty when it is."""
    found = (check() for check in (docker_obstacle, cluster_obstacle, tilt_obstacle))
    return [reason for reason in found if reason]


def choose(mode: str) -> tuple[str, str]:
    """The mode and the reason in words. Raises SystemExit when the asked-for mode is not possible."""
    if mode == "local":
        return "local", "asked for"
    reasons = obstacles()
    if mode == "auto":
        if reasons:
            return "local", "; ".join(reasons)
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        if cores < CLUSTER_CORES:
            return "hybrid", f"a local cluster and Tilt are here, with {cores} cores; MODE=cluster puts all into pods"
        return "cluster", "Docker, a local cluster and Tilt are all here"
    if reasons:
        sys.exit(f"error: {mode} mode is not possible: {'; '.join(reasons)}. `MODE=local make up` needs none of it.")
    return mode, "asked for"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make up", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    modes = ("auto", "cluster", "hybrid", "local")
    parser.add_argument("--mode", default=wanted("mode", "auto"), help="auto, cluster, hybrid or local")
    parser.add_argument("--port", default=wanted("port", "8080"), help="where the page answers")
    parser.add_argument("--no-tests", action="store_true", help="do not run the affected tests on save")
    args = parser.parse_args()
    if args.mode not in modes:
        sys.exit(f"error: MODE={args.mode} is not a mode: use one of {', '.join(modes)}.")
    if not args.port.isdigit() or not 0 < int(args.port) < 65536:
        sys.exit(f"error: PORT={args.port} is not a port: use a number from 1 to 65535.")
    mode, why = choose(args.mode)
    print(f"{mode} mode: {why}", flush=True)
    if mode == "local":
        from .local.run import local

        return local(int(args.port), tests=not args.no_tests)
    # Tilt says in its own terminal only where its dashboard is.
    subprocess.Popen([sys.executable, "-m", "scripts.follow", f"--port={args.port}", f"--beside={os.getpid()}"])
    os.execvp("tilt", ["tilt", "up", "--", f"--mode={mode}", f"--port={args.port}"])


if __name__ == "__main__":
    sys.exit(main())
