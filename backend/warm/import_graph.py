"""Which modules of the application may stay imported while others are edited.

A module may stay when its import reaches no edited module: not by an import of its own, of its packages, or of what
they import. Modules that could look at others without importing them are never kept, nor is what imports them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

LOOKS_AROUND = frozenset({"__file__", "__path__", "__spec__", "__loader__", "importlib", "pkgutil", "runpy", "inspect"})
"""Names with which code finds other modules, or reads their source. `sys.modules` is one more."""

CHANGED = "the source changed meanwhile"
REACHES = "an import inside a function reaches an edited module"


def imported(node: ast.Import | ast.ImportFrom, package: str) -> Iterator[str]:
    """Every module that a statement in `package` may import, with the dots of relative imports resolved."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    base = node.module or ""
    if node.level:
        parents = package.split(".")
        base = ".".join([*parents[: len(parents) - node.level + 1], *([base] if base else [])])
    yield base
    yield from (f"{base}.{alias.name}" for alias in node.names)


class _Imports(ast.NodeVisitor):
    """The modules that a file imports when it is imported itself; with `deep`, those of its functions too."""

    def __init__(self, package: str, *, deep: bool) -> None:
        self.package, self.deep = package, deep
        self.found: set[str] = set()
        self.looks_around = False
        self._inside = 0

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        for name in imported(node, self.package):
            self.looks_around |= name.split(".")[0] in LOOKS_AROUND
            if self.deep or not self._inside:
                self.found.add(name)

    visit_ImportFrom = visit_Import

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
        self._inside += 1
        self.generic_visit(node)
        self._inside -= 1

    visit_AsyncFunctionDef = visit_FunctionDef
    visit_Lambda = visit_FunctionDef

    def visit_Name(self, node: ast.Name) -> None:
        self.looks_around |= node.id in LOOKS_AROUND

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.looks_around |= node.attr == "modules" and isinstance(node.value, ast.Name) and node.value.id == "sys"
        self.generic_visit(node)


def _needs(name: str, file: str, *, deep: bool) -> tuple[set[str], bool]:
    """What the import of a module imports, and whether it looks around."""
    is_package = Path(file).stem == "__init__"
    package = name if is_package else name.rpartition(".")[0]
    seen = _Imports(package, deep=deep)
    seen.visit(ast.parse(Path(file).read_bytes()))
    while package:  # the packages that a module is in are imported before it
        seen.found.add(package)
        package = package.rpartition(".")[0]
    seen.found.discard(name)
    return seen.found, seen.looks_around


def kept(own: Mapping[str, str], edited: Iterable[str], *, target: str, deep: bool) -> list[str]:
    """The modules of `own` (name to file) that may stay when the files `edited` change, in the order of `own`.

    `target` holds the application and is always imported anew. Raises OSError or SyntaxError for a file that cannot be
    read just now.
    """
    needs: dict[str, set[str]] = {}
    touched = set(edited)
    gone = {target}
    for name, file in own.items():
        needs[name], looks_around = _needs(name, file, deep=deep)
        if looks_around or file in touched:
            gone.add(name)
    before = 0
    while len(gone) != before:
        before = len(gone)
        gone |= {name for name in own if not needs[name].isdisjoint(gone)}
    return [name for name in own if name not in gone]
