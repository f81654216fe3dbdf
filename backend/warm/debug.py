"""`--debug PORT`: debugpy in every new server, on one port."""

from __future__ import annotations

import threading
import time

from warm.status import say

WAIT = 10.0


def listen_soon(host: str, port: int) -> None:
    """Listen as soon as the server before has let go of the port; an editor that reconnects keeps its breakpoints."""
    threading.Thread(target=_listen, args=(host, port), daemon=True, name="warm-debug").start()


def _listen(host: str, port: int) -> None:
    try:
        import debugpy
    except ImportError:
        say("--debug needs debugpy, which is not installed: pip install debugpy")
        return
    deadline = time.monotonic() + WAIT
    while True:
        try:
            debugpy.listen((host, port))
        except (RuntimeError, OSError) as error:
            if time.monotonic() > deadline:
                say(f"debugpy cannot listen on port {port}: {error}")
                return
            time.sleep(0.05)
        else:
            say(f"debugpy listens on port {port}")
            return
