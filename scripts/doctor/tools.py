"""The commands that the loop is made of, each with the oldest version that works."""

from __future__ import annotations

import re
import sys

from scripts.chromium import chromium

from .check import Finding, Machine, check, fail, ok, warn

Version = tuple[int, ...]


def version_in(text: str) -> Version | None:
    """The first dotted number in the text."""
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
    return tuple(int(part) for part in found.groups() if part) if found else None


def _tool(machine: Machine, floor: Version, remedy: str, *argv: str) -> Finding:
    name = argv[0]
    if machine.which(name) is None:
        return fail(f"{name} is not on PATH", remedy)
    printed = machine.run(*argv)
    version = version_in(printed or "")
    dotted = ".".join(map(str, floor))
    if version is None:
        return fail(f"{name} does not run", remedy)
    if version < floor:
        return fail(f"{name} {'.'.join(map(str, version))} is older than {dotted}", remedy)
    return ok(f"{name} {'.'.join(map(str, version))}")


@check("python")
def python(machine: Machine) -> Finding:
    """The environment of the lock file, made by a Python that the code runs on."""
    here = machine.root / ".venv" / "bin" / "python"
    if not here.exists():
        return fail(".venv is missing", "make install", "make", "install")
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        return fail(
            f"Python {sys.version.split()[0]} is not 3.11 to 3.13", "install one of them, remove .venv, make install"
        )
    return ok(f"Python {sys.version.split()[0]}")


@check("node")
def node(machine: Machine) -> Finding:
    return _tool(machine, (20, 9), "install Node.js 20.9 or newer: https://nodejs.org", "node", "--version")


@check("tilt", cluster=True)
def tilt(machine: Machine) -> Finding:
    """Older ones let a web page run commands through Tilt's API."""
    return _tool(machine, (0, 37, 5), ".devcontainer/install-tools.sh (Linux) or brew install tilt", "tilt", "version")


@check("kubectl", cluster=True)
def kubectl(machine: Machine) -> Finding:
    return _tool(
        machine,
        (1, 28),
        ".devcontainer/install-tools.sh (Linux) or brew install kubectl",
        "kubectl",
        "version",
        "--client",
    )


@check("helm", cluster=True)
def helm(machine: Machine) -> Finding:
    return _tool(
        machine, (3, 14), ".devcontainer/install-tools.sh (Linux) or brew install helm", "helm", "version", "--short"
    )


@check("browser")
def browser(machine: Machine) -> Finding:
    """Only the browser tests and the benchmarks of the page need one."""
    found = chromium(machine.env, machine.which)
    if found and not machine.which(found):
        return warn(f"CHROMIUM names {found}, which is not there", "correct CHROMIUM, or leave it empty")
    if not found:
        return warn("no Chromium or Chrome; the browser tests cannot run", "apt install chromium, or set CHROMIUM")
    return ok(found)
