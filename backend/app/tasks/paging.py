"""Pages of tasks as JSON: what is asked most often, so past sessions and models, in one question to the database."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam

from app.db import Database
from app.db.kept import Kept
from app.tasks import cursor as cursors
from app.tasks import listing
from app.tasks.listing import ListQuery, Place
from app.tasks.model import Task
from app.tasks.rendering import page_json
from app.tasks.urgency import Clock

Question = tuple[Kept | Select[Any], Mapping[str, Any]]
UTC_ZONE = ZoneInfo("UTC")


def begin(query: ListQuery, clock: Clock, secret: str) -> tuple[Clock, Place | None]:
    """The clock of the first page, and where this one begins. Raises Unprocessable on a cursor that does not fit."""
    if not query.cursor:
        return clock, None
    then, key, number = cursors.decode(query.cursor, query.fingerprint, secret)
    return Clock(then, clock.zone), (key, number)


def cut(rows: list[Any], query: ListQuery, clock: Clock, secret: str) -> tuple[list[Any], str | None]:
    """The rows of the page, and the cursor of the next one when a row more was found."""
    if len(rows) <= query.limit:
        return rows, None
    number, *_, key = rows[query.limit - 1]
    cursor = cursors.encode(query.fingerprint, clock.now, key, number, secret, moment=query.by_moment)
    return rows[: query.limit], cursor


class TaskPages:
    """The lists of one owner."""

    def __init__(self, database: Database, owner: str, *, zone: ZoneInfo = UTC_ZONE, secret: str) -> None:
        self._database = database
        self._owner = owner
        self._zone = zone
        self._secret = secret

    async def json(self, query: ListQuery) -> bytes:
        """A `TaskPage`. Raises Unprocessable on a cursor that does not fit."""
        clock, after = begin(query, Clock.at(self._zone), self._secret)
        rows = [*await self._database.rows(*_question(query, self._owner, clock, self._database.kind, after))]
        return page_json(*cut(rows, query, clock, self._secret), clock)


def _question(query: ListQuery, owner: str, clock: Clock, database: str, after: Place | None) -> Question:
    whose = {"owner": owner, **({"key": after[0], "number": after[1]} if after else {})}
    if query.timeless:
        first = query.model_copy(update={"cursor": None}) if query.cursor else query
        return _kept(first, clock.zone, database, after is not None), whose
    return _mine(listing.page(query, owner, clock, database, after, raw=True)), whose


@lru_cache(maxsize=256)
def _kept(query: ListQuery, zone: ZoneInfo, database: str, paged: bool) -> Kept:
    """The statement of a list that depends on nobody and no moment: building it takes longer than asking it."""
    after = ("", 0) if paged else None
    return Kept(_mine(listing.page(query, "", Clock.at(zone), database, after, raw=True)))


def _mine(statement: Select[Any]) -> Select[Any]:
    return statement.where(Task.owner == bindparam("owner"))
