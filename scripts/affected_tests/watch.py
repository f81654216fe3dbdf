"""`--watch`: one verdict for every save, and the output of what failed."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import tempfile
import threading
from typing import IO

from watchfiles import watch

from scripts.affected_tests.client import answer, ask, connect, start_zygote
from scripts.affected_tests.project import CODE, ROOT
from scripts.affected_tests.run import Wish, state_folder
from warm import tree


def _saves(saves: queue.Queue[str]) -> None:
    for changes in watch(*(ROOT / folder for folder in CODE), watch_filter=None, debounce=100, step=10):
        names = sorted({os.path.relpath(path, ROOT) for _, path in changes})
        counting = [name for name in names if tree.counts(name)]
        if counting:
            saves.put(counting[0])


def follow(wish: Wish) -> int:
    """Run on every save until interrupted."""
    saves: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_saves, args=(saves,), daemon=True).start()
    saves.put("")
    try:
        while True:
            name = saves.get()
            while not saves.empty():
                name = saves.get()
            _one(wish, name)
    except KeyboardInterrupt:
        return 0


def _one(wish: Wish, name: str) -> None:
    with tempfile.TemporaryFile() as output:
        status = _run(wish, output)
        output.seek(0)
        text = output.read().decode(errors="replace").rstrip()
    verdict = text.rpartition("\n")[2]
    if status:
        print(text)
    print(f"{'red' if status else 'green'}: {name + ': ' if name else ''}{verdict}", flush=True)


def _run(wish: Wish, output: IO[bytes]) -> int:
    channel = connect(state_folder())
    if channel is None:
        start_zygote(wait=True)
        channel = connect(state_folder())
    if channel is not None:
        try:
            ask(channel, wish, output.fileno())
            status = answer(channel)
        finally:
            channel.close()
        if status is not None:
            return status
    words = ["--all"] if wish.everything else []
    command = [sys.executable, "-m", "scripts.affected_tests", "--cold", *words, "-m", wish.marker, *wish.paths]
    return subprocess.run([*command, "--", *wish.extra], cwd=ROOT, stdout=output, stderr=output, check=False).returncode
