"""What strangers' bytes reach, each as a function of bytes: an error that is no refusal is a bug.

`tests.hostile.fuzz` drives them with atheris for as long as one likes, `test_targets.py` with Hypothesis for a moment.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, TextIOWrapper

import httpx2
from pydantic import ValidationError

from app.engines.openai_compatible import OpenAICompatible
from app.engines.protocol import Briefing, EngineFailure, Focus, Message, TextDelta, ToolCall, ToolSpec
from app.engines.rules import Rules
from app.operations.problems import Unprocessable
from app.tasks import cursor
from app.tasks.due import FIRST_DAY, LAST_DAY
from app.tasks.quick_add import parse
from app.tasks.recurrence import next_date, normalise_rule
from app.tasks.schemas import TaskCreate
from app.tasks.transfer.formats import FORMATS, FormatName
from app.tasks.transfer.rows import Row

Target = Callable[[bytes], None]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SECRET = "only-for-tests-" * 3
TOOLS = [ToolSpec(name, "", {"type": "object"}) for name in ("add_task", "list_tasks", "complete_task", "undo")]
BRIEFING = Briefing(NOW, "Asia/Karachi", Focus(shown=("0b6f0c1e-5f1e-4f4e-9f6e-1d2c3b4a5968",)))


def grammar(data: bytes) -> None:
    """Any line is a task: its title is never empty when the line is not, and its spans lie in the line."""
    text = data.decode("utf-8", "ignore")
    parsed = parse(text, now=NOW, time_zone="Asia/Karachi")
    assert all(0 <= span.start < span.end <= len(text) for span in parsed.spans)
    if parsed.repeat:
        assert normalise_rule(parsed.repeat) == parsed.repeat


def sentences(data: bytes) -> None:
    """The rule engine answers anything a person may say: with text, or with calls of tools that there are."""
    deltas = asyncio.run(_answer(Rules(), data.decode("utf-8", "ignore")))
    assert deltas
    json.dumps([delta.arguments for delta in deltas if isinstance(delta, ToolCall)])


def provider(data: bytes) -> None:
    """Any stream of a model's server ends in text and calls that can be stored and sent on, or in EngineFailure."""

    async def body() -> AsyncIterator[bytes]:
        for start in range(0, len(data), 64):
            yield data[start : start + 64]

    def respond(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=body())

    engine = OpenAICompatible(
        api_key="k", base_url="http://model.test/v1", transport=httpx2.MockTransport(respond), timeout=1
    )
    with suppress(EngineFailure):
        for delta in asyncio.run(_answer(engine, "hello")):
            text = delta.text if isinstance(delta, TextDelta) else repr(delta)
            assert "\0" not in text
            text.encode()
            if isinstance(delta, ToolCall):
                json.dumps(delta.arguments, ensure_ascii=False, allow_nan=False).encode()


async def _answer(engine: Rules | OpenAICompatible, said: str) -> list[object]:
    try:
        return [delta async for delta in engine.stream([Message("user", said)], TOOLS, BRIEFING)]
    finally:
        await engine.close()


def cursors(data: bytes) -> None:
    """No cursor but one that was given out is read; one that was comes back the same."""
    text = data.decode("latin-1")
    with suppress(Unprocessable):
        cursor.decode(text, "query", SECRET)
        raise AssertionError("a cursor that nobody gave out")
    given = cursor.encode(text, NOW, text, len(data), SECRET, moment=False)
    assert cursor.decode(given, text, SECRET) == (NOW, text, len(data))


def rules(data: bytes) -> None:
    """A repeat that is accepted says the same when it is read again, and its days go forward and end."""
    try:
        rule = normalise_rule(data.decode("utf-8", "ignore"))
    except ValueError:
        return
    assert normalise_rule(rule) == rule
    for start in (FIRST_DAY, date(2024, 2, 29), date(2026, 1, 31), LAST_DAY):
        after = start
        for _ in range(4):
            day = next_date(rule, start, after)
            if day is None:
                break
            assert after < day <= LAST_DAY
            after = day + timedelta(days=100)


def created(data: bytes) -> None:
    """A body of a new task is refused or can be stored."""
    with suppress(ValidationError):
        task = TaskCreate.model_validate_json(data)
        assert "\0" not in task.title + task.notes
        (task.title + task.notes + "".join(task.tags)).encode()


def _imports(name: FormatName) -> Target:
    def target(data: bytes) -> None:
        file = TextIOWrapper(BytesIO(data), encoding="utf-8-sig", newline="")
        with suppress(UnicodeDecodeError, ValueError):
            for line, values in FORMATS[name].read(file):
                assert line.startswith("line ")
                with suppress(ValidationError):
                    _come_back(name, Row.model_validate(values))

    target.__doc__ = f"Any {name} file is refused with its line, or its tasks can be stored and exported again."
    return target


def _come_back(name: FormatName, row: Row) -> None:
    stored = row.values("owner", NOW)
    assert "\0" not in stored["title"] + stored["notes"]
    text = FORMATS[name].head() + FORMATS[name].item(row, True) + FORMATS[name].tail
    again = [values for _, values in FORMATS[name].read(TextIOWrapper(BytesIO(text.encode()), newline=""))]
    assert len(again) == 1, text
    assert Row.model_validate(again[0]).title == row.title


TARGETS: dict[str, Target] = {
    "grammar": grammar,
    "sentences": sentences,
    "provider": provider,
    "cursors": cursors,
    "rules": rules,
    "created": created,
    "import-json": _imports("json"),
    "import-csv": _imports("csv"),
    "import-ics": _imports("ics"),
}
