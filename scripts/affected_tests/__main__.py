"""`python -m scripts.affected_tests [paths]`: green or red by its exit status."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from scripts.affected_tests.project import ROOT
from scripts.affected_tests.run import DEFAULT_PATHS, NOT_ON_SAVE, Wish


def main() -> int:
    parser = argparse.ArgumentParser(
        "affected_tests", description="Run the tests that the last changes touch. Words after -- go to pytest."
    )
    parser.add_argument("paths", nargs="*", default=list(DEFAULT_PATHS), help="folders or files below tests/")
    parser.add_argument("-m", dest="marker", default=NOT_ON_SAVE, help="pytest's marker expression")
    parser.add_argument("--all", dest="everything", action="store_true", help="run every test, and record it")
    parser.add_argument("--cold", action="store_true", help="run in this process, without a zygote")
    parser.add_argument("--watch", action="store_true", help="run on every save until interrupted")
    parser.add_argument("--root", type=Path, default=ROOT, help="the project, where it is not this one")
    words = sys.argv[1:]
    extra = words[words.index("--") + 1 :] if "--" in words else []
    given = parser.parse_args(words[: len(words) - len(extra) - 1] if "--" in words else words)
    os.chdir(given.root)
    wish = Wish(tuple(given.paths), given.marker, given.everything, tuple(extra))
    if given.watch:
        from scripts.affected_tests.watch import follow

        return follow(wish)
    from scripts.affected_tests.client import run_warm_or_cold

    return run_warm_or_cold(wish, cold=given.cold, root=given.root)


if __name__ == "__main__":
    sys.exit(main())
