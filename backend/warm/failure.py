"""What went wrong, in one line and as a traceback, without the frames that the developer cannot change."""

from __future__ import annotations

import asyncio
import importlib
import os
import traceback
from dataclasses import dataclass
from types import FrameType
from typing import Any

OWN = os.path.dirname(os.path.abspath(__file__)) + os.sep
IMPORTLIB = os.path.dirname(importlib.__file__) + os.sep


@dataclass(frozen=True)
class Failure:
    """Why new code does not serve. `kind` is import, startup, timeout, exit or command."""

    kind: str
    error: str
    traceback: str


def _shown(path: str) -> str:
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative


def _ours(path: str) -> bool:
    return path.startswith((OWN, "<frozen importlib", IMPORTLIB))


def of_exception(kind: str, error: BaseException) -> Failure:
    """The failure that an exception means; named after the innermost line of the project."""
    whole = traceback.TracebackException.from_exception(error)
    link: traceback.TracebackException | None = whole
    while link is not None:
        link.stack = traceback.StackSummary.from_list([frame for frame in link.stack if not _ours(frame.filename)])
        link = link.__cause__ or link.__context__
    if isinstance(error, SyntaxError) and error.filename:
        where, line = error.filename, error.lineno
        said = error.msg
    else:
        here = [frame for frame in whole.stack if not os.path.relpath(frame.filename).startswith("..")]
        here = [frame for frame in here if "site-packages" not in frame.filename] or list(whole.stack)
        where, line = (here[-1].filename, here[-1].lineno) if here else ("", None)
        said = str(error).strip().split("\n")[0]
    place = f" ({_shown(where)}, line {line})" if where else ""
    return Failure(kind, f"{type(error).__name__}: {said}{place}", "".join(whole.format()).rstrip())


def of_frame(frame: FrameType | None) -> str:
    """Where the main thread is, as a traceback."""
    frames = [line for line in traceback.extract_stack(frame) if not _ours(line.filename)]
    return "".join(traceback.StackSummary.from_list(frames).format()).rstrip()


def of_task(task: asyncio.Task[Any]) -> str:
    """Where a waiting task is: the lines of the project that await each other."""
    waiting: Any = task.get_coro()
    lines = []
    while waiting is not None:
        frame = getattr(waiting, "cr_frame", None) or getattr(waiting, "gi_frame", None)
        if frame is not None and not _ours(frame.f_code.co_filename):
            lines.append(traceback.FrameSummary(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))
        waiting = getattr(waiting, "cr_await", None) or getattr(waiting, "gi_yieldfrom", None)
    return "".join(["\n", *traceback.StackSummary.from_list(lines).format()]) if lines else ""
