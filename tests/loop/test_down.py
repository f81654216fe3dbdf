"""`make down` ends the Tilt of this checkout before it takes down what that deployed, and nobody else's."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.loop.test_up import ROOT, tool

# Answers as long as that process lives; says of `tilt down` whether it does.
TILT = """alive() { kill -0 PID 2>/dev/null; }
case $1 in
get) alive && cat SESSION ;;
down) alive && echo taken down beside a running Tilt || echo taken down ;;
esac"""


@pytest.fixture
def tilt() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["sleep", "60"])
    waiting = threading.Thread(target=process.wait)  # a child that nobody waits for would never be gone
    waiting.start()
    yield process
    process.kill()
    waiting.join()


def down(tilt: subprocess.Popen[bytes], checkout: Path, folder: Path) -> str:
    """What `make down` prints where this Tilt says that it runs that checkout."""
    session = folder / "session.json"
    session.write_text(
        json.dumps({"items": [{"spec": {"tiltfilePath": f"{checkout}/Tiltfile"}, "status": {"pid": tilt.pid}}]})
    )
    tool(folder / "bin", "kubectl", "echo ok")
    tool(folder / "bin", "tilt", TILT.replace("PID", str(tilt.pid)).replace("SESSION", str(session)))
    env = {**os.environ, "PATH": f"{folder / 'bin'}:/bin", "DATA_DIR": str(folder / "data")}
    argv = [sys.executable, "-m", "scripts.down"]
    done = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_tilt_ends_before_what_it_deployed_is_taken_down(tilt: subprocess.Popen[bytes], tmp_path: Path) -> None:
    assert down(tilt, ROOT, tmp_path).splitlines() == ["taken down", "Tilt stopped; taken down from the cluster"]
    assert tilt.wait(10) < 0


def test_the_tilt_of_another_checkout_goes_on(tilt: subprocess.Popen[bytes], tmp_path: Path) -> None:
    assert "Tilt stopped" not in down(tilt, tmp_path, tmp_path)
    assert tilt.poll() is None
