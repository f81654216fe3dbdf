"""Tool `list_tasks`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from app.operations.problems import Unprocessable
from app.tasks.listing import ListQuery, Sort
from app.tasks.schemas import Priority
from app.tasks.urgency import Clock
from app.tools.caller import current_caller
from app.tools.counting import count
from app.tools.schemas import Listing, Where

Word = Annotated[str, Field(max_length=200)]


async def list_tasks(
    status: Literal["open", "done", "all", "deleted"] = "open",
    query: Annotated[str, Field(max_length=200, description="Words in the title, notes or tags")] | None = None,
    priority: Priority | None = None,
    tag: Annotated[str, Field(max_length=50)] | None = None,
    due: Literal["overdue", "today", "tomorrow", "week"] | None = None,
    due_after: Annotated[str, Field(max_length=30, description="First day, included: 2026-12-03")] | None = None,
    due_before: Annotated[str, Field(max_length=30, description="Last day, included: 2026-12-03")] | None = None,
    sort: Sort = "created",
    limit: Annotated[int, Field(ge=1, le=100)] = 50,
) -> Listing:
    """Show the user's tasks. `total` and `counts` say how many there are beyond those shown."""
    where = Where(
        status=status, query=query, priority=priority, tag=tag, due=due, due_after=due_after, due_before=due_before
    )
    caller = current_caller()
    async with caller.database.read() as session:
        service = caller.service(session)
        wanted = list_query(where, service.clock, sort=sort, limit=limit)
        total, counts = await count(session, caller.identity.owner, service.clock, wanted)
        page = await service.list(wanted)
    return Listing(tasks=page.items, total=total, counts=counts)


def list_query(where: Where, clock: Clock, **more: Any) -> ListQuery:
    """The same filter for the task service. Raises Unprocessable with a sentence."""
    today = clock.wall.date()
    days = {"today": (today, today), "tomorrow": (today + timedelta(1), today + timedelta(1))}
    first, last = days.get(where.due or "", (None, None))
    if where.due == "week":
        first, last = today, today + timedelta(6 - today.weekday())
    first = _day(where.due_after) or first
    last = _day(where.due_before) or last
    fields: dict[str, Any] = {"status": where.status, "priority": where.priority, "tag": where.tag, "q": where.query}
    fields |= {"due_after": first, "due_before": last + timedelta(1) if last else None}
    if where.due == "overdue":
        fields["overdue"] = True
    try:
        return ListQuery.model_validate({name: value for name, value in (fields | more).items() if value is not None})
    except ValidationError as error:
        raise Unprocessable(f"This filter is not valid: {error.errors()[0]['msg']}.") from None


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise Unprocessable(f"“{text}” is not a date such as 2026-12-03.") from None
