"""Drives one target with atheris, which learns from the branches that an input reaches.

    uv pip install atheris
    python -m tests.hostile.fuzz provider --seconds 600

It is not among the locked packages: it exists for Linux and a few Pythons only.
What it found stays in .data/fuzz/TARGET; an input that breaks the target is printed, and the exit status is not 0.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["app", "json", "csv"], enable_loader_override=False):
    from tests.hostile.targets import TARGETS

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = Path(__file__).with_name("examples")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=int, default=600)
    options = parser.parse_args()
    learnt = ROOT / ".data" / "fuzz" / options.target
    learnt.mkdir(parents=True, exist_ok=True)
    limits = [f"-runs={options.seconds}", "-timeout=3600", "-rss_limit_mb=2048", "-print_final_stats=1"]
    places = [f"-artifact_prefix={learnt}/crash-", str(learnt), str(EXAMPLES / options.target)]
    atheris.Setup([sys.argv[0], "-max_len=4096", *limits, *places], TARGETS[options.target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
