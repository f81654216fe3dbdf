"""`python -m warm app.main:app --host 127.0.0.1 --port 8000 --watch app`."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import tempfile
from pathlib import Path

from warm.options import Options, parse
from warm.status import VARIABLE, say


def bind(options: Options) -> socket.socket:
    """The listening socket that every server inherits."""
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((options.host, options.port))
    except OSError as error:
        sys.exit(f"warm: cannot listen on {options.host}:{options.port}: {error.strerror}. Choose another --port.")
    listener.listen(2048)
    listener.setblocking(False)
    return listener


async def _supervise(options: Options, listener: socket.socket) -> None:
    from warm.supervisor import Supervisor

    await Supervisor(options, listener).run()


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    options = parse()
    if not options.fork or not hasattr(os, "fork"):
        from warm.fallback import run_reloader

        sys.exit(run_reloader(options))
    from warm.processes import adopt_orphans

    adopt_orphans()
    listener = bind(options)
    host, port = listener.getsockname()[:2]
    say(f"listening on http://{host}:{port}, watching {', '.join(map(os.path.relpath, options.watch))}")
    with tempfile.TemporaryDirectory(prefix="warm-status-") as folder:
        os.environ.setdefault(VARIABLE, str(Path(folder) / "reload.json"))
        asyncio.run(_supervise(options, listener))


if __name__ == "__main__":
    main()
