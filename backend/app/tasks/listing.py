"""What a list of tasks can be asked for, as a model and as SQL."""

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy import ColumnElement, Select, Text, and_, bindparam, cast, func, select, tuple_, type_coerce
from sqlalchemy.types import NullType

from app.tasks import cursor as cursors
from app.tasks.due import FIRST_DAY, LAST_DAY
from app.tasks.model import PRIORITIES, Task
from app.tasks.portable import has_tag
from app.tasks.schemas import Priority, Tag
from app.tasks.search import matches
from app.tasks.urgency import Clock, overdue_sql, urgency_sql

Status = Literal["open", "done", "all", "deleted"]
Sort = Literal["created", "due", "priority", "urgency", "title"]
Order = Literal["asc", "desc"]
NATURAL: dict[Sort, Order] = {
    "created": "desc",
    "due": "asc",
    "priority": "desc",
    "urgency": "desc",
    "title": "asc",
}


# All but what only the database needs. Rows are lighter than objects, and a list changes nothing.
HIDDEN = ("owner", "search_text", "repeat_from", "moved_from")
COLUMNS = [column for column in Task.__table__.c if column.name not in HIDDEN]
# The same as the driver gives them: a list as JSON needs few of them as Python values.
RAW_COLUMNS = [
    (cast(column, Text) if column.name == "tags" else type_coerce(column, NullType())).label(column.name)
    for column in COLUMNS
]
Place = tuple[Any, int]  # the sort key and the number of the row that a page begins behind


def _read(value: Any) -> Any:
    """A day has ten characters. Left to itself Pydantic would take midnight for a day as well."""
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("must be written like 2026-12-03 or 2026-12-03T17:00:00Z") from None


def _storable(value: date | datetime) -> date | datetime:
    if not FIRST_DAY.year <= value.year <= LAST_DAY.year:
        raise ValueError(f"must be between {FIRST_DAY} and {LAST_DAY}")
    if isinstance(value, datetime):
        return value.replace(tzinfo=value.tzinfo or UTC)
    return value


Moment = Annotated[
    date | datetime,
    BeforeValidator(_read),
    AfterValidator(_storable),
    Field(examples=["2026-12-03", "2026-12-03T17:00:00Z"]),
]


class ListQuery(BaseModel):
    """The query string of GET /api/tasks."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    status: Status = "all"
    priority: Priority | None = None
    tag: Tag | None = None
    q: str | None = Field(default=None, max_length=200, description="Words that title, notes or tags begin with")
    due_after: Moment | None = Field(default=None, description="Due on this day or at this moment, or later")
    due_before: Moment | None = Field(default=None, description="Due before this day or moment")
    overdue: bool | None = Field(default=None, description="Open and past its due")
    sort: Sort = "created"
    order: Order | None = Field(default=None, description="By default the natural one: newest, due next, highest first")
    limit: int = Field(default=50, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=2000, description="`next_cursor` of the page before")

    @property
    def ascending(self) -> bool:
        return (self.order or NATURAL[self.sort]) == "asc"

    @property
    def by_moment(self) -> bool:
        return self.sort in ("created", "due")

    @property
    def timeless(self) -> bool:
        """Whether it says the same in SQL whoever asks, and whenever."""
        return self.q is None and self.overdue is None and self.sort != "urgency"

    @property
    def fingerprint(self) -> str:
        return _fingerprint(self)


@lru_cache(maxsize=256)
def _fingerprint(query: ListQuery) -> str:
    return cursors.fingerprint([v for k, v in query if k not in ("limit", "cursor")])


def filters(query: ListQuery, owner: str, clock: Clock, database: str) -> list[ColumnElement[bool]]:
    """The conditions of a list besides its owner."""
    found: list[ColumnElement[bool] | None] = [
        Task.deleted_at.is_not(None) if query.status == "deleted" else Task.deleted_at.is_(None),
        Task.done.is_(query.status == "done") if query.status in ("open", "done") else None,
        Task.priority == PRIORITIES.index(query.priority) if query.priority else None,
        has_tag(Task.tags, query.tag) if query.tag else None,
        matches(owner, query.q, database) if query.q else None,
        _due(query.due_after) if query.due_after else None,
        ~_due(query.due_before) & Task.due_date.is_not(None) if query.due_before else None,
    ]
    if query.overdue is not None:
        late = overdue_sql(clock)
        found.append(late if query.overdue else ~late)
    return [condition for condition in found if condition is not None]


def _due(start: date | datetime) -> ColumnElement[bool]:
    """Due at that day or moment or later; a task without a due never is."""
    if isinstance(start, datetime):
        return and_(Task.due_date.is_not(None), Task.due_sort >= start)
    return and_(Task.due_date.is_not(None), Task.due_date >= start)


def sort_key(query: ListQuery, clock: Clock) -> ColumnElement[Any]:
    match query.sort:
        case "created":
            return Task.created_at.expression
        case "due":
            return Task.due_sort.expression
        case "priority":
            return Task.priority.expression
        case "title":
            return func.lower(Task.title)
        case "urgency":
            return urgency_sql(clock)


def page(query: ListQuery, owner: str, clock: Clock, database: str, after: Place | None, *, raw: bool) -> Select[Any]:
    """One page of columns, and one row more, which tells whether there is another page.

    The place is a parameter by the names `key` and `number`, so that a statement can be kept.
    """
    key = sort_key(query, clock)
    columns = [*RAW_COLUMNS, type_coerce(key, NullType())] if raw else [*COLUMNS, key]
    statement = select(*columns[:-1], columns[-1].label("sort_key"))
    statement = statement.where(*filters(query, owner, clock, database)).limit(query.limit + 1)
    if after is not None:
        there = tuple_(bindparam("key", after[0], key.type), bindparam("number", after[1]))
        here = tuple_(key, Task.number)
        statement = statement.where(here > there if query.ascending else here < there)
    if query.ascending:
        return statement.order_by(key.asc(), Task.number.asc())
    return statement.order_by(key.desc(), Task.number.desc())
