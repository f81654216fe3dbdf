"""Logs: one JSON object a line, also for what uvicorn and libraries write."""

import logging
import os
import sys
from typing import Any

import structlog
from structlog.types import EventDict, Processor

from app.config import Settings

_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


class _Line(structlog.WriteLogger):
    """Writes its lines itself: the way through `logging` costs a request more than all its metrics."""

    def __init__(self, name: str = "todo") -> None:
        super().__init__(sys.stdout)
        self.name = name


def configure_logging(settings: Settings) -> None:
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    last = _last(settings.log_format)
    structlog.configure(
        processors=[*_SHARED, *last],
        logger_factory=_Line,
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    for old in [h for h in root.handlers if isinstance(h.formatter, structlog.stdlib.ProcessorFormatter)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(max(level, logging.INFO))
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.getLogger("uvicorn.access").disabled = True  # the request log has more: route, identity, duration
    logging.getLogger("todo").setLevel(level)


def _last(kind: str) -> list[Processor]:
    if kind == "json":
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    return [_short_request, structlog.dev.ConsoleRenderer(colors=_colours(), pad_event_to=0, pad_level=False)]


def _colours() -> bool:
    """As https://no-color.org and https://force-color.org have it."""
    return not os.environ.get("NO_COLOR") and (bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty())


def _short_request(_: Any, __: str, event: EventDict) -> EventDict:
    """On a person's screen a request is half a line."""
    event["timestamp"] = event["timestamp"][11:19]
    event.pop("logger", None)
    if event["event"] == "request":
        took = event.pop("milliseconds")
        event["event"] = f"{event.pop('method')} {event.pop('route')} {event.pop('status')} in {took} ms"
        event.pop("request_id", None)
        event.pop("identity", None)
    return event
