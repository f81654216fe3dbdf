"""`make down`: stop what `make up` started: the processes of local mode, or what Tilt deployed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

from .local.parts import ROOT, data_dir

STOP_LIMIT = 15.0  # seconds for local mode to stop all of its parts


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


def stop_tilt() -> bool:
    """Take down what the Tiltfile deployed; False without Tilt or a cluster."""
    if shutil.which("tilt") is None or shutil.which("kubectl") is None:
        return False
    answers = subprocess.run(["kubectl", "get", "--raw", "/readyz", "--request-timeout=3s"], capture_output=True)
    return answers.returncode == 0 and subprocess.run(["tilt", "down"], cwd=ROOT).returncode == 0


def main() -> int:
    if stop_local():
        print("local mode stopped")
    elif stop_tilt():
        print("taken down from the cluster")
    else:
        print("nothing of this checkout runs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
