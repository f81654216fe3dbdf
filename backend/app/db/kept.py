"""Statements that are asked again and again, with their text kept: SQLite answers sooner than SQLAlchemy has asked."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import Engine, Select
from sqlalchemy.dialects.sqlite.pysqlite import dialect as SQLite
from sqlalchemy.exc import DBAPIError

Bind = Callable[[Any], Any]


class Kept:
    """A statement for `Database.rows`. Its columns come as the driver gives them, so none may need a conversion."""

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement

    def ask_sqlite(self, engine: Engine, parameters: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """Its rows. Raises DBAPIError, as SQLAlchemy would."""
        text, wanted = self._sqlite
        arguments = [bind(parameters.get(name, value)) for name, value, bind in wanted]
        with engine.connect() as connection:
            cursor = connection.connection.cursor()
            try:
                cursor.execute(text, arguments)
                return cursor.fetchall()
            except sqlite3.Error as error:
                raise DBAPIError.instance(text, None, error, sqlite3.Error, hide_parameters=True) from error

    @cached_property
    def _sqlite(self) -> tuple[str, Sequence[tuple[str, Any, Bind]]]:
        """The text, and of each parameter in order its name, its value if it has one, and how a value is converted."""
        dialect = SQLite()
        made = self.statement.compile(dialect=dialect)
        binds = [(name, made.binds[name]) for name in made.positiontup or ()]
        return made.string, [
            (name, bind.value, bind.type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is)
            for name, bind in binds
        ]


def _as_it_is(value: Any) -> Any:
    return value
