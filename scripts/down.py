"""`make down`: stop what `make up` started: the processes of local mode, or Tilt and what it deployed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from .local.parts import ROOT, data_dir
from .status import tilt_port

STOP_LIMIT = 15.0  # seconds for local mode, or for Tilt, to stop all of its parts


def stop_local() -> bool:
    """Stop this checkout's local mode; False when none runs. Raises SystemExit when it does not end."""
    state = data_dir() / "local.json"
    try:
        pid = int(json.loads(state.read_text())["pid"])
        os.kill(pid, signal.SIGTERM)
    except (OSError, ValueError, KeyError):
        return False
    deadline = time.monotonic() + STOP_LIMIT
    while state.exists():
        if time.monotonic() > deadline:
            sys.exit(
                f"error: local mode (pid {pid}) did not stop within {STOP_LIMIT:.0f} s; look at it with `make logs`."
            )
        time.sleep(0.05)
    return True


def tilt_here() -> int | None:
    """The process of the Tilt that runs this checkout, as it says itself; None where there is none."""
    if shutil.which("tilt") is None:
        return None
    argv = ["tilt", "get", "session", "--port", str(tilt_port()), "-o", "json"]
    asked = subprocess.run(argv, capture_output=True, text=True)
    sessions = json.loads(asked.stdout)["items"] if asked.returncode == 0 else []
    pids = [each["status"]["pid"] for each in sessions if Path(each["spec"]["tiltfilePath"]) == ROOT / "Tiltfile"]
    return int(pids[0]) if pids else None


def stop_tilt() -> bool:
    """Stop this checkout's Tilt, which holds the ports and deploys again; False when none runs.

    Raises SystemExit when it does not end.
    """
    pid = tilt_here()
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_LIMIT
    while tilt_here() == pid:
        if time.monotonic() > deadline:
            sys.exit(f"error: Tilt (pid {pid}) did not stop within {STOP_LIMIT:.0f} s; end it with `kill {pid}`.")
        time.sleep(0.05)
    return True


def take_down() -> bool:
    """Take down what the Tiltfile deployed; False without Tilt or a cluster."""
    if shutil.which("tilt") is None or shutil.which("kubectl") is None:
        return False
    answers = subprocess.run(["kubectl", "get", "--raw", "/readyz", "--request-timeout=3s"], capture_output=True)
    return answers.returncode == 0 and subprocess.run(["tilt", "down"], cwd=ROOT).returncode == 0


def main() -> int:
    if stop_local():
        print("local mode stopped")
        return 0
    done = ["Tilt stopped"] * stop_tilt() + ["taken down from the cluster"] * take_down()
    print("; ".join(done) or "nothing of this checkout runs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
