"""Lint: no save may cost a rebuild by oversight. `python -m scripts.tilt_sync_coverage [-v]`.

Tilt rebuilds an image when a saved file is among its inputs and no live-update step takes it. This evaluates the
Tiltfile, walks every build context and sorts each file: synced, fall-back (a rebuild that is meant), ignored. What is
left over fails, and so does a file that `docker build` copies and Tilt does not know of.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.tilt_eval import ROOT, Machine, evaluate, tracked_files

# Docker itself reads these; changing them means to build.
BUILD_FILES = ("Dockerfile", ".dockerignore")
SHOWN = 10


@dataclass(frozen=True)
class Verdict:
    """What saving one file does to the image: `kind` is synced, fall-back, ignored, rebuild or unknown."""

    image: str
    file: str
    kind: str


def verdicts(root: Path = ROOT) -> list[Verdict]:
    """One verdict for every file of every build context of the Tiltfile in `root`."""
    images = evaluate(machine=Machine(root=root)).of("docker_build")
    return [
        Verdict(image["ref"], f"{image['context']}/{file}", kind)
        for image in images
        for file, kind in _sort(image, root)
    ]


def _sort(image: dict[str, Any], root: Path) -> Iterable[tuple[str, str]]:
    context = image["context"]
    left_out = _patterns(root / context / ".dockerignore")
    synced = _paths(image, context, "sync", "local_path")
    meant = _paths(image, context, "fall_back_on", "files")
    for file in tracked_files(root / context):
        if file in BUILD_FILES or matches(file, left_out) or matches(file, image["ignore"]):
            yield file, "ignored"
        elif not _under(file, image["only"]):
            yield file, "unknown"
        elif _under(file, meant):
            yield file, "fall-back"
        else:
            yield file, "synced" if _under(file, synced) else "rebuild"


def _paths(image: dict[str, Any], context: str, step: str, argument: str) -> list[str]:
    found: list[str] = []
    for given in image["live_update"]:
        if given["builtin"] == step:
            value = given[argument]
            found += value if isinstance(value, list) else [value]
    return [path.removeprefix(f"{context}/") for path in found]


def _under(file: str, paths: Sequence[str]) -> bool:
    return any(file == path or file.startswith(f"{path}/") for path in paths)


def _patterns(dockerignore: Path) -> list[str]:
    lines = dockerignore.read_text().splitlines() if dockerignore.exists() else []
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def matches(file: str, patterns: Sequence[str]) -> bool:
    """Whether Docker's ignore rules leave the file out: the last pattern that fits it or a parent decides.

    https://docs.docker.com/build/concepts/context/#dockerignore-files
    """
    out = False
    for pattern in patterns:
        rule = pattern.lstrip("!").strip("/")
        if re.fullmatch(_regex(rule), file):
            out = not pattern.startswith("!")
    return out


def _regex(rule: str) -> str:
    tokens = re.split(r"(\*\*/|\*\*|\*|\?|\[[^]]*\])", rule)
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    body = "".join(known.get(token, token if token.startswith("[") else re.escape(token)) for token in tokens)
    return f"{body}(?:/.*)?"


def main() -> int:
    """Print what would cost a rebuild (with -v: every file); the exit status says whether there was any."""
    found = verdicts()
    wrong = [verdict for verdict in found if verdict.kind in ("rebuild", "unknown")]
    if "-v" in sys.argv:
        for verdict in found:
            print(f"{verdict.kind:10} {verdict.file}")
    for verdict in wrong[:SHOWN]:
        reason = "costs a rebuild: sync it" if verdict.kind == "rebuild" else "is copied by docker build alone: name it"
        print(f"{verdict.file} {reason}, ignore it or let the image fall back on it (tilt/images.tiltfile)")
    if len(wrong) > SHOWN:
        print(f"and {len(wrong) - SHOWN} more")
    if not wrong:
        counts = {kind: sum(verdict.kind == kind for verdict in found) for kind in ("synced", "fall-back", "ignored")}
        print("sync coverage: " + ", ".join(f"{count} {kind}" for kind, count in counts.items()))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
