"""Hybrid mode, what a machine of two cores gets: the backend in a pod, the page and the router as processes."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.ports import free_port
from tests.tilt.loop import NAMESPACE, Loop, copy_tree, edited, wait_for

DEBUGPY, INSPECTOR = 5678, 9229


def debugger_speaks() -> bool:
    """debugpy greets whoever connects; a forward without one behind it closes."""
    with socket.create_connection(("127.0.0.1", DEBUGPY), timeout=5) as connection:
        connection.settimeout(5)
        try:
            return connection.recv(16).startswith(b"Content-Length")
        except OSError:
            return False


@pytest.mark.usefixtures("images")
def test_the_page_the_debuggers_and_a_save_in_hybrid_mode(tmp_path: Path) -> None:
    copy_tree(tmp_path / "todo")
    hybrid = Loop(tmp_path / "todo", f"{NAMESPACE}-hybrid")
    ports = (f"--backend-port={free_port()}", f"--frontend-port={free_port()}")
    with hybrid.up("--mode=hybrid", "--debug", "--only=app,data,ingress,smoke,stuck-reload", *ports):
        hybrid.until("smoke", "ok", patience=300)
        with urlopen(f"http://127.0.0.1:{INSPECTOR}/json/list", timeout=10) as answer:
            (target,) = json.load(answer)
        assert "start-server" in target["url"], target  # and not what starts it, /next/dist/bin/next
        assert wait_for(debugger_speaks, hybrid.tail)

        file, pod = hybrid.root / "backend/app/main.py", hybrid.pod("backend")
        with edited(file, file.read_text() + f"\n# {time.time()}\n"):
            hybrid.until_served()
            assert hybrid.press("port-forwards") == "exit 0"
            hybrid.until_served()
        assert hybrid.pod("backend") == pod
