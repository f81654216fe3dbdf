"""From what somebody calls a task to the task: an id, "#2", or a title with a typo."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Sequence
from typing import Literal

from app.operations.problems import NotFound
from app.tasks.listing import ListQuery
from app.tasks.schemas import TaskOut
from app.tasks.service import TaskService
from app.tools.schemas import Candidate, Failure

PAGE, MOST_PAGES = 100, 10
CLOSE_WORD, CLOSE_TITLE = 80, 84
MOST_CANDIDATES = 5
POSITION = re.compile(r"#\s?(\d{1,3})")
JOIN = re.compile(r"\s*(?:,\s*and\s+|,|;|\s+and\s+|\s+aur\s+|،|\s+اور\s+)\s*", re.IGNORECASE)
SMALL = frozenset(
    (
        *("the", "a", "an", "to", "my", "our", "for", "of", "on", "in", "at", "task", "todo", "item", "please"),
        *("ka", "ki", "ke", "ko"),
    )
)
Wish = Literal["open", "done"] | None


class Matcher:
    """The tasks of one caller, read at most once however many references there are."""

    def __init__(self, service: TaskService, wish: Wish = None) -> None:
        self._service, self._wish = service, wish
        self._all: list[TaskOut] | None = None

    async def resolve(self, references: Sequence[str]) -> tuple[list[TaskOut], list[Failure]]:
        """The tasks in the order of the references, each once, and a failure for each that means none or several."""
        found: dict[uuid.UUID, TaskOut] = {}
        failed: list[Failure] = []
        for reference in references:
            for result in await self._several(reference.strip()):
                if isinstance(result, Failure):
                    failed.append(result)
                else:
                    found.setdefault(result.id, result)
        return list(found.values()), failed

    async def _several(self, reference: str) -> list[TaskOut | Failure]:
        """One task, or one for each part of "milk and bread" when no title has both."""
        whole = await self._one(reference)
        parts = [part for part in JOIN.split(reference) if part]
        if isinstance(whole, TaskOut) or whole.reason != "not_found" or len(parts) < 2:
            return [whole]
        each = [await self._one(part) for part in parts]
        return [whole] if all(isinstance(result, Failure) for result in each) else each

    async def _one(self, reference: str) -> TaskOut | Failure:
        if (identity := _identity(reference)) is not None:
            return await self._by_id(identity, reference)
        if position := POSITION.fullmatch(reference):
            listed = (await self._service.list(ListQuery(status="open", limit=PAGE))).items
            number = int(position[1])
            return listed[number - 1] if 0 < number <= len(listed) else _not_found(reference)
        tasks = await self._tasks()
        best = _best(reference, tasks)
        preferred = [task for task in best if self._wish is None or task.done == (self._wish == "done")]
        best = preferred or best
        if len(best) == 1:
            return best[0]
        return _ambiguous(reference, best) if best else _not_found(reference)

    async def _by_id(self, identity: uuid.UUID, reference: str) -> TaskOut | Failure:
        try:
            task = await self._service.get(identity)
        except NotFound:
            return _not_found(reference)
        return task if task.deleted_at is None else _not_found(reference)

    async def _tasks(self) -> list[TaskOut]:
        if self._all is None:
            self._all = await every_task(self._service, ListQuery(status="all", limit=PAGE))
        return self._all


async def every_task(service: TaskService, query: ListQuery) -> list[TaskOut]:
    """All tasks of a list, up to a thousand."""
    tasks: list[TaskOut] = []
    for _ in range(MOST_PAGES):
        page = await service.list(query)
        tasks += page.items
        if page.next_cursor is None:
            break
        query = query.model_copy(update={"cursor": page.next_cursor})
    return tasks


def plain(text: str) -> str:
    """Compatibility forms, case and punctuation taken away, so that look-alikes of one letter are one letter."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[^\w\s]", " ", folded).split())


def _best(reference: str, tasks: list[TaskOut]) -> list[TaskOut]:
    from rapidfuzz import fuzz  # only here: its forty modules weigh 4 MB

    wanted = plain(reference)
    if not wanted:
        return []
    titles = [(plain(task.title), task) for task in tasks]
    words = [word for word in wanted.split() if word not in SMALL] or wanted.split()
    for matches in (
        lambda title: title == wanted,
        lambda title: all(_holds(title, word, exact=True) for word in words),
        lambda title: all(_holds(title, word, exact=False) for word in words),
        lambda title: fuzz.ratio(title, wanted) >= CLOSE_TITLE or fuzz.token_sort_ratio(title, wanted) >= CLOSE_TITLE,
    ):
        if best := [task for title, task in titles if matches(title)]:
            return best
    return []


def _holds(title: str, word: str, *, exact: bool) -> bool:
    if exact:
        return any(other == word for other in title.split())
    from rapidfuzz import fuzz

    return any(
        (len(word) > 2 and other.startswith(word)) or (len(word) > 3 and fuzz.ratio(other, word) >= CLOSE_WORD)
        for other in title.split()
    )


def _identity(reference: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(reference)
    except ValueError:
        return None


def _not_found(reference: str) -> Failure:
    return Failure(reference=reference, reason="not_found", message=f"No task matches “{reference}”.")


def _ambiguous(reference: str, tasks: list[TaskOut]) -> Failure:
    candidates = [Candidate(id=task.id, title=task.title) for task in tasks[:MOST_CANDIDATES]]
    titles = ", ".join(f"“{task.title}”" for task in tasks[:MOST_CANDIDATES])
    message = f"“{reference}” could be any of {titles}. Ask the user which one."
    return Failure(reference=reference, reason="ambiguous", message=message, candidates=candidates)
