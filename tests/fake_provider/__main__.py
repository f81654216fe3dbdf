"""Run the provider: `python -m tests.fake_provider --port 9000`."""

from __future__ import annotations

import argparse

import uvicorn

from tests.fake_provider.app import create_provider


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9000)
    options = parser.parse_args()
    uvicorn.run(create_provider(), host=options.host, port=options.port, log_level="warning")


if __name__ == "__main__":
    main()
