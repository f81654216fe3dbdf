"""One Python file, taken apart: its functions' bodies, the rest, and what it imports."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from warm.import_graph import imported


@dataclass(frozen=True)
class Body:
    """The body of an outermost function: its lines and a hash that ignores position, comments and layout."""

    first: int
    last: int
    digest: str


@dataclass(frozen=True)
class Source:
    """`digest` is of the whole file; `skeleton` of everything but function bodies: what importing it runs."""

    digest: str
    skeleton: str
    bodies: dict[str, Body]
    names: frozenset[str]
    """Dotted names that may be modules it imports, with every name in a string that looks like one."""

    def to_json(self) -> list[Any]:
        bodies = {name: [body.first, body.last, body.digest] for name, body in self.bodies.items()}
        return [self.digest, self.skeleton, bodies, sorted(self.names)]

    @classmethod
    def from_json(cls, kept: list[Any]) -> Source:
        digest, skeleton, bodies, names = kept
        return cls(digest, skeleton, {name: Body(*body) for name, body in bodies.items()}, frozenset(names))


Function = ast.FunctionDef | ast.AsyncFunctionDef


def short(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def read(data: bytes, module: str, *, package: bool) -> Source:
    """Take apart the source of a module of this dotted name. A file that does not parse is one whole."""
    digest = short(data)
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError):
        return Source(digest, digest, {}, frozenset())
    names = frozenset(_names(tree, module if package else module.rpartition(".")[0]))
    bodies: dict[str, Body] = {}
    for name, function in _functions(tree, ""):
        if _keeps_state(function):
            continue  # its result may serve tests that never execute it
        body = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
        if not body or body[0].lineno == function.lineno:
            continue
        key = name
        while key in bodies:  # the same name again, as with property setters and overloads
            key += "'"
        dumped = "".join(ast.dump(statement) for statement in body)
        bodies[key] = Body(body[0].lineno, body[-1].end_lineno or body[-1].lineno, short(dumped.encode()))
        function.body = [part for part in function.body if part not in body] or [ast.Pass()]
    return Source(digest, short(ast.dump(tree).encode()), bodies, names)


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, Function]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield f"{prefix}{child.name}", child
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")
        elif isinstance(child, ast.stmt | ast.excepthandler):
            yield from _functions(child, prefix)


def _keeps_state(function: Function) -> bool:
    decorated = any("cache" in ast.unparse(decorator).lower() for decorator in function.decorator_list)
    return decorated or any(isinstance(node, ast.Global) for node in ast.walk(function))


def _names(tree: ast.AST, package: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from imported(node, package)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and 2 < len(node.value) < 80:
            name = node.value.partition(":")[0]
            if all(part.isidentifier() for part in name.split(".")):
                yield name
