"""Prometheus metrics. Routes are templates, so that ids never become labels."""

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest
from starlette.responses import Response
from starlette.types import Scope

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

requests = Counter("todo_http_requests_total", "Answered requests", ["method", "route", "status"])
seconds = Histogram("todo_http_request_seconds", "Time to the end of the answer", ["method", "route"], buckets=BUCKETS)
in_progress = Gauge("todo_http_requests_in_progress", "Requests that are being answered")
build = Gauge("todo_build_info", "Always 1; the labels name what runs", ["version", "source_digest", "database"])


def route_template(scope: Scope) -> str:
    """`/api/tasks/{task_id}` and the like; `unmatched` for paths that lead nowhere."""
    template = getattr(scope.get("route"), "path_format", None) or getattr(scope.get("route"), "path", None)
    return template or "unmatched"


def observe(scope: Scope, status: int, duration: float) -> None:
    method = scope["method"] if scope["method"] in METHODS else "OTHER"
    route = route_template(scope)
    requests.labels(method, route, str(status)).inc()
    seconds.labels(method, route).observe(duration)


async def metrics() -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
