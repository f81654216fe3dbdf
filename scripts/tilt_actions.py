"""What the dashboard's buttons do, one subcommand a button: `python -m scripts.tilt_actions ACT`.

They take their choices from the environment, where Tilt puts what was chosen beside the button.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from scripts import tilt_database

ROOT = Path(__file__).resolve().parent.parent
NAMESPACE = os.environ.get("TODO_NAMESPACE", "todo")
PREFIX = "deployment/todo-todo-app"
ACTS: dict[str, Callable[[], int]] = {}


def act(function: Callable[[], int]) -> Callable[[], int]:
    """Make the function a subcommand of the same name."""
    ACTS[function.__name__.replace("_", "-")] = function
    return function


def kubectl(*argv: str) -> int:
    """Run kubectl in the application's namespace, its output for the log."""
    context = ["--context", os.environ["TODO_CONTEXT"]] if os.environ.get("TODO_CONTEXT") else []
    command = ["kubectl", *context, "--namespace", NAMESPACE, *argv]
    print("+", " ".join(command), flush=True)
    return subprocess.run(command, check=False).returncode


def _psql(*argv: str) -> int:
    command = ["psql", "--username", "todo", "--dbname", "todo", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", *argv]
    return kubectl("exec", f"{PREFIX}-postgresql", "--container", "postgresql", "--", *command)


def _in_cluster() -> bool:
    return os.environ.get("TODO_MODE", "cluster") != "local"


def _external() -> bool:
    return os.environ.get("TODO_DATABASE") == "external"


@act
def reset_database() -> int:
    """Empty the development database and migrate it again; a database of .env is never touched."""
    if _external():
        print("DATABASE_URL is set in .env, so the database is not this environment's to empty")
        return 1
    if not _in_cluster():
        return tilt_database.empty_file(tilt_database.data_file())
    emptied = _psql("--command", "drop schema public cascade; create schema public")
    migrate = ("--container", "backend", "--", "python", "-m", "app.db.migrate")
    return emptied or kubectl("exec", f"{PREFIX}-backend", *migrate)


@act
def database_shell() -> int:
    """Run one statement here, and say how to get a shell in a terminal."""
    statement = os.environ.get("SQL") or "select 1"
    if _external():
        return tilt_database.ask_url(statement)
    if not _in_cluster():
        file = tilt_database.data_file()
        print(f"a shell in a terminal: sqlite3 {file}", flush=True)
        return tilt_database.ask_file(file, statement)
    shell = f"kubectl -n {NAMESPACE} exec -it {PREFIX}-postgresql -- psql -U todo todo"
    print(f"a shell in a terminal: {shell}", flush=True)
    return _psql("--command", statement)


@act
def benchmark() -> int:
    """Measure one promise against its peer: by default how long a saved backend file takes to be served."""
    wanted = os.environ.get("MEASURE") or "backend-local"
    return subprocess.run([sys.executable, "-m", "scripts.bench", wanted], cwd=ROOT, check=False).returncode


@act
def rotate_secret() -> int:
    """Give the development environment a new signing key; every browser gets a new private space."""
    if os.environ.get("SECRET_KEY"):
        print("SECRET_KEY is set in the environment, which wins over .env: change it there")
        return 1
    file = ROOT / ".env"
    lines = file.read_text().splitlines() if file.exists() else []
    kept = [line for line in lines if not line.startswith("SECRET_KEY=")]
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write("\n".join([*kept, f"SECRET_KEY={secrets.token_hex(32)}"]) + "\n")
    print("a new SECRET_KEY is in .env; Tilt reads it and replaces the backend")
    return 0


@act
def scale() -> int:
    """As many pods of a half as chosen."""
    part, count = os.environ.get("PART") or "backend", os.environ.get("REPLICAS") or "1"
    return kubectl("scale", f"{PREFIX}-{part}", f"--replicas={count}") or kubectl(
        "rollout", "status", f"{PREFIX}-{part}", "--timeout=90s"
    )


@act
def kill_pod() -> int:
    """Kill a pod at once, as a node that dies would; Kubernetes and Tilt bring it back with every synced file."""
    part = os.environ.get("PART") or "backend"
    selector = f"app.kubernetes.io/component={part}"
    killed = kubectl("delete", "pod", "--selector", selector, "--grace-period=0", "--force", "--wait=false")
    return killed or kubectl("rollout", "status", f"{PREFIX}-{part}", "--timeout=120s")


@act
def free_disk() -> int:
    """Remove images that Tilt built and nobody uses any more, and show what is left."""
    pruned = subprocess.run(["tilt", "docker-prune"], cwd=ROOT, check=False).returncode
    return subprocess.run(["docker", "system", "df"], check=False).returncode or pruned


@act
def port_forwards() -> int:
    """Start Tilt's own port-forwards afresh, for the rare one that hangs."""
    return subprocess.run(["tilt", "delete", "portforwards", "--all"], check=False).returncode


def main() -> int:
    """Run one act."""
    if len(sys.argv) != 2 or sys.argv[1] not in ACTS:
        print(f"usage: python -m scripts.tilt_actions {'|'.join(ACTS)}", file=sys.stderr)
        return 2
    return ACTS[sys.argv[1]]()


if __name__ == "__main__":
    sys.exit(main())
