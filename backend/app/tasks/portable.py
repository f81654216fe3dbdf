"""The one condition that each database spells in its own way."""

from typing import Any

from sqlalchemy import Boolean, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class has_tag(FunctionElement[bool]):
    """Whether a JSON list of strings holds one."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: InstrumentedAttribute[list[str]], tag: str) -> None:
        super().__init__(column.expression, bindparam(None, tag, String()))


def _arguments(element: has_tag, compiler: SQLCompiler, keywords: Any) -> list[str]:
    return [compiler.process(argument, **keywords) for argument in element.clauses]


@compiles(has_tag, "sqlite")
def _sqlite(element: has_tag, compiler: SQLCompiler, **keywords: Any) -> str:
    column, tag = _arguments(element, compiler, keywords)
    return f"EXISTS (SELECT 1 FROM json_each({column}) WHERE json_each.value = {tag})"


@compiles(has_tag, "postgresql")
def _postgresql(element: has_tag, compiler: SQLCompiler, **keywords: Any) -> str:
    column, tag = _arguments(element, compiler, keywords)
    return f"jsonb_exists({column}, {tag})"
