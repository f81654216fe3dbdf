"""Where processes cannot fork: uvicorn's own reloader, with a sentence that says so."""

from __future__ import annotations

import subprocess
import sys

from warm.options import Options
from warm.status import say


def run_reloader(options: Options) -> int:
    """Run uvicorn's reloader until it ends; its exit status."""
    reason = "as asked by --no-fork" if not options.fork else f"because {sys.platform} cannot fork processes"
    say(f"using uvicorn's own reloader {reason}: a save takes seconds instead of a fraction of one")
    command = [sys.executable, "-m", "uvicorn", options.target, "--host", options.host, "--port", str(options.port)]
    command += ["--reload", "--timeout-graceful-shutdown", str(max(1, int(options.grace)))]
    for place in options.watch:
        command += ["--reload-dir", place]
    command += ["--log-level", options.log_level, *([] if options.access_log else ["--no-access-log"])]
    try:
        return subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return 130
