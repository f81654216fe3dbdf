"""Forks servers of the application from a process that has imported it: a start costs milliseconds, not seconds.

It reads lines of JSON from its input, `{"port": 20001, "log": PATH, "settings": {"database_url": URL}}`, and answers
each with the server's process id. It ends with its input.
"""

import json
import os
import signal
import sys
from typing import Any

import uvicorn

from app.config import Settings
from app.main import create_app


def serve(port: int, log: str, settings: dict[str, Any]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    app = create_app(Settings(**{"rate_limit": "off", "log_level": "warning", **settings}))
    uvicorn.run(app, host="127.0.0.1", port=port, log_config=None, timeout_graceful_shutdown=20)


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            serve(**json.loads(line))
            os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main()
