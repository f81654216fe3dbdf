"""The side that asks: a warm run where a zygote listens, a cold one otherwise."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

from scripts.affected_tests.project import ROOT
from scripts.affected_tests.run import Wish, run, state_folder
from scripts.affected_tests.zygote import socket_path
from warm.channel import Channel
from warm.preload import PreloadList, discovered

START_LIMIT = 30.0


def connect(folder: Path) -> Channel | None:
    """A connection to the zygote, or None when there is none."""
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(socket_path(folder)))
    except OSError:
        connection.close()
        return None
    return Channel(connection)


def ask(channel: Channel, wish: Wish, output: int | None = None, root: Path = ROOT) -> None:
    """Order a run whose output goes to this descriptor, or to this process's own."""
    where = [0, 1, 2] if output is None else [0, output, output]
    environment = {**os.environ, "AFFECTED_TESTS": "warm"}
    channel.send({"wish": asdict(wish), "folder": str(root), "environment": environment}, where)


def answer(channel: Channel) -> int | None:
    """Wait for the exit status; None when the zygote went away without one."""
    with contextlib.suppress(EOFError):
        for message, _ in channel.receive():
            return int(message["status"])
    return None


def start_zygote(*, wait: bool) -> None:
    """Start a zygote in the background."""
    folder = state_folder()
    with (folder / "zygote.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "scripts.affected_tests.zygote"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    process.returncode = 0  # it outlives this process
    deadline = time.monotonic() + START_LIMIT
    while wait and time.monotonic() < deadline:
        channel = connect(folder)
        if channel is not None:
            channel.close()
            return
        time.sleep(0.02)


def run_warm_or_cold(wish: Wish, *, cold: bool, root: Path = ROOT) -> int:
    """The exit status of the affected tests."""
    channel = None if cold else connect(state_folder())
    if channel is not None:
        with contextlib.closing(channel):
            ask(channel, wish, root=root)
            status = answer(channel)
        if status is not None:
            return status
    status = run(wish, root)
    PreloadList(state_folder()).add(discovered([]))
    if not cold:
        start_zygote(wait=False)
    return status
