"""Errors as RFC 9457 problems: raise `Problem` anywhere, and the client gets its fields."""

from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

MEDIA_TYPE = "application/problem+json"


class FieldError(BaseModel):
    """One thing that is wrong with the request."""

    location: str = Field(description="Where: `body.title`, `query.limit`, `line 3`", examples=["body.title"])
    message: str = Field(description="What is wrong, as a sentence for a person")
    type: str = Field(description="The kind of error, for a program", examples=["string_too_long"])


class ProblemDetails(BaseModel):
    """The body of every error (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(default="about:blank", description="Names the kind of problem", examples=["urn:todo:not-found"])
    title: str = Field(description="The kind of problem in words", examples=["Not found"])
    status: int = Field(examples=[404])
    detail: str = Field(description="This problem in one sentence", examples=["There is no such task."])
    instance: str = Field(description="The path of the request", examples=["/api/tasks/0b6f"])
    request_id: str = Field(description="Names the request in the logs")
    errors: list[FieldError] | None = None


class Problem(Exception):
    """An error that the client should see. Subclasses set the class attributes; `extra` adds members to the body."""

    status: int = 400
    slug: str = "bad-request"
    title: str = "Bad request"

    def __init__(
        self,
        detail: str,
        *,
        errors: list[FieldError] | None = None,
        headers: dict[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}
        self.extra = extra

    def body(self, *, instance: str = "", request_id: str = "") -> dict[str, Any]:
        """The JSON of this problem."""
        body: dict[str, Any] = {
            "type": f"urn:todo:{self.slug}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            "request_id": request_id,
        }
        if self.errors is not None:
            body["errors"] = [error.model_dump() for error in self.errors]
        return body | self.extra


class Unauthorized(Problem):
    status, slug, title = 401, "unauthorized", "Not signed in"


class Forbidden(Problem):
    status, slug, title = 403, "forbidden", "Not allowed"


class NotFound(Problem):
    status, slug, title = 404, "not-found", "Not found"


class Conflict(Problem):
    status, slug, title = 409, "conflict", "Conflict"


class PreconditionFailed(Problem):
    status, slug, title = 412, "precondition-failed", "It changed in the meantime"


class TooLarge(Problem):
    status, slug, title = 413, "too-large", "Too large"


class Unprocessable(Problem):
    status, slug, title = 422, "invalid", "The request is not valid"


class TooManyRequests(Problem):
    status, slug, title = 429, "too-many-requests", "Too many requests"


class Unavailable(Problem):
    status, slug, title = 503, "unavailable", "Not available for the moment"


class Unexpected(Problem):
    status, slug, title = 500, "unexpected", "An error on our side"


COMMON = (400, 401, 403, 413, 422, 429, 500, 503)  # what any route under /api may answer


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's description of these errors, for a route's `responses`."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
        }
        for status in statuses
    }
