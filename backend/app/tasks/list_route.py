"""GET /api/tasks, which is asked more than all the rest.

It reads its own parameters: FastAPI would take longer over them than the database over the page.
"""

from collections.abc import Callable, Coroutine
from functools import lru_cache
from typing import Annotated, Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import Field, TypeAdapter, ValidationError
from starlette.datastructures import QueryParams

from app.identity.identity import identify
from app.operations.errors import invalid
from app.operations.problems import Problem
from app.tasks.due import ZoneName, zone
from app.tasks.listing import ListQuery
from app.tasks.paging import TaskPages

WHERE = "Where the caller is: decides what “today” is. By default UTC"
_zone_name: TypeAdapter[str | None] = TypeAdapter(
    Annotated[ZoneName | None, Field(title="Time-Zone", description=WHERE)]
)
LIST_PARAMETERS: list[dict[str, Any]] = [
    {"name": name, "in": "query", "required": False, "schema": schema}
    | ({"description": schema["description"]} if "description" in schema else {})
    for name, schema in ListQuery.model_json_schema()["properties"].items()
] + [{"name": "time-zone", "in": "header", "required": False, "schema": _zone_name.json_schema(), "description": WHERE}]


class ListRoute(APIRoute):
    """Hands the request over as it is (fastapi.tiangolo.com/how-to/custom-request-and-route)."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        return list_tasks


async def list_tasks(request: Request) -> Response:
    """A page of tasks, filtered and sorted."""
    identity = await identify(request)
    try:
        query = _query(request.scope["query_string"])
    except ValidationError as error:
        raise _wrong("query", error) from None
    try:
        name = _zone_name.validate_python(request.headers.get("time-zone"))
    except ValidationError as error:
        raise _wrong("header", error, "time-zone") from None
    secret = request.app.state.settings.secret_key.get_secret_value()
    pages = TaskPages(request.app.state.database, identity.owner, zone=zone(name or "UTC"), secret=secret)
    return Response(await pages.json(query), media_type="application/json")


@lru_cache(maxsize=256)
def _query(text: bytes) -> ListQuery:
    """Whoever looks at a list looks at it again."""
    return ListQuery.model_validate(dict(QueryParams(text)))


def _wrong(part: str, error: ValidationError, *name: str) -> Problem:
    found = error.errors(include_input=False, include_url=False)
    return invalid([each | {"loc": (part, *name, *each["loc"])} for each in found])
