"""Run the provider: `python -m tests.fake_provider --port 9000`, or `--socket FILE` for one that ends with its starter.

Behind a socket it reads a line of JSON, {"conversations": [[Answer]], "always": Reply or null}, says "ready", and
serves until its standard input ends, however that comes about.
"""

from __future__ import annotations

import argparse
import signal
import socket
import sys
import threading
from pathlib import Path

import uvicorn

from tests.fake_provider.app import Provider, create_provider
from tests.fake_provider.script import Script


def serve_until_input_ends(file: Path) -> None:
    """What is said comes from standard input; the socket is there, and takes requests, from `ready` on."""
    script, provider = Script.model_validate_json(sys.stdin.readline()), Provider()
    provider.conversations, provider.always = script.conversations, script.always
    config = uvicorn.Config(create_provider(provider), log_level="warning", timeout_graceful_shutdown=0)
    server = uvicorn.Server(config)

    def wait() -> None:
        sys.stdin.read()
        server.should_exit = True

    # uvicorn ends on this signal, and then raises it once more: before the socket is removed.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(file))
        try:
            listener.listen(64)
            threading.Thread(target=wait, daemon=True).start()
            print("ready", flush=True)
            server.run(sockets=[listener])
        finally:
            file.unlink(missing_ok=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9000)
    parser.add_argument("--socket", type=Path, metavar="FILE")
    options = parser.parse_args()
    if options.socket:
        serve_until_input_ends(options.socket)
    else:
        uvicorn.run(create_provider(), host=options.host, port=options.port, log_level="warning")


if __name__ == "__main__":
    main()
