"""A user who writes, and knows what the server acknowledged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Any

from tests.chaos.browser import Answer, Browser

BATCH = 5
ROUTERS_OWN = (404, 502, 503, 504)  # Traefik says the first until it has read its routes


class Refused(Exception):
    """An answer that acknowledges nothing. What was asked for may have been done all the same."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(str(answer))
        self.answer = answer


def acknowledged(answer: Answer, *statuses: int) -> Answer:
    """Raises Refused for what a server says that cannot do it now; fails for anything that is neither."""
    bare = "json" not in answer.headers.get("content-type", "")
    if is_a_sentence_with_a_remedy(answer) or (bare and answer.status in ROUTERS_OWN):
        raise Refused(answer)
    assert answer.status in statuses, answer
    return answer


def is_a_sentence_with_a_remedy(answer: Answer) -> bool:
    """Whether the application itself refused, as it promises to (RFC 9457)."""
    return (
        answer.status == 503
        and answer.headers["content-type"] == "application/problem+json"
        and int(answer.headers["retry-after"]) > 0
        and str(answer.body["detail"]).endswith(".")
    )


@dataclass(frozen=True)
class State:
    """What is compared of a task."""

    title: str
    done: bool = False
    deleted: bool = False

    @classmethod
    def of(cls, task: dict[str, Any]) -> State:
        return cls(task["title"], task["done"], task["deleted_at"] is not None)


@dataclass(frozen=True)
class Addition:
    """One task or a batch, under an idempotency key."""

    titles: list[str]

    def send(self, browser: Browser, *, again: bool = False) -> tuple[Answer, dict[str, State]]:
        """The answer, and the tasks that it acknowledges."""
        del again  # the key says so
        one = len(self.titles) == 1
        path = "/api/tasks" if one else "/api/tasks/batch"
        new = [{"title": title} for title in self.titles]
        answer = browser.call("POST", path, new[0] if one else {"tasks": new}, idempotency_key=self.titles[0])
        acknowledged(answer, 201 if one else 200)
        tasks = [answer.body] if one else [result["task"] for result in answer.body["results"]]
        return answer, {task["id"]: State.of(task) for task in tasks}


@dataclass(frozen=True)
class Alteration:
    """One change of one task."""

    task: str
    kind: str
    after: State

    def send(self, browser: Browser, *, again: bool = False) -> tuple[Answer, dict[str, State]]:
        path = f"/api/tasks/{self.task}"
        if self.kind == "rename":
            answer = browser.call("PATCH", path, {"title": self.after.title})
        elif self.kind == "complete":
            answer = browser.call("POST", f"{path}/complete")
        else:
            answer = browser.call("DELETE", path)
        # Whoever repeats a removal that was done, without having heard so, finds nothing.
        return acknowledged(answer, 200, 204, *([404] if again and self.kind == "delete" else [])), {
            self.task: self.after
        }


class Writer:
    """The first task is written at once, for the cookie."""

    def __init__(self, port: int, name: str, random: Random, *, host: str = "") -> None:
        self.browser = Browser(port, host=host)
        self.told: dict[str, State] = {}
        self.doubt: Addition | Alteration | None = None
        self.replayed = 0  # additions that had been done when they were asked for again
        self._newest = ""  # the task that was acknowledged last
        self._name, self._random, self._number = name, random, 0
        self._send(Addition([self._title()]))

    def write(self) -> None:
        """One write of any kind. Without an acknowledgement, for which GONE or Refused is raised, it stays in doubt."""
        alive = [task for task, state in self.told.items() if not state.deleted]
        kind = self._random.choice(("add", "add", "batch", "rename", "complete", "delete"))
        if kind in ("add", "batch") or not alive:
            self._send(Addition([self._title() for _ in range(BATCH if kind == "batch" else 1)]))
            return
        task = self._random.choice(alive)
        changes: dict[str, Any] = {
            "rename": {"title": self._title()},
            "complete": {"done": True},
            "delete": {"deleted": True},
        }
        self._send(Alteration(task, kind, replace(self.told[task], **changes[kind])))

    def insist(self) -> None:
        """What is in doubt once more, until it is acknowledged; GONE and Refused are raised as by `write`."""
        if self.doubt is not None:
            self._send(self.doubt, again=True)

    def look(self) -> None:
        """Fails when what was acknowledged last is not what is read now; GONE and Refused are raised as by `write`."""
        answer = acknowledged(self.browser.call("GET", f"/api/tasks/{self._newest}"), 200, 404)
        found = State.of(answer.body) if answer.status == 200 else None
        assert found == self.told[self._newest], f"told {self.told[self._newest]}, read {answer}"

    def verify(self) -> bool:
        """Fails when something acknowledged is lost, or something is there that nobody wrote, or wrote once only.

        What was in doubt must have been done wholly or not at all; returns whether it was done.
        """
        found = {task: State.of(values) for task, values in self.browser.tasks().items()}
        doubt, self.doubt = self.doubt, None
        for task, state in self.told.items():
            possible = {state, doubt.after} if isinstance(doubt, Alteration) and doubt.task == task else {state}
            assert found.get(task) in possible, f"told {state}, found {found.get(task)}, in doubt {doubt}"
        unknown = sorted(state.title for task, state in found.items() if task not in self.told)
        titles = sorted(doubt.titles) if isinstance(doubt, Addition) else []
        assert unknown in ([], titles), f"nobody was told of {unknown}, in doubt {doubt}"
        done = found != self.told
        self.told = found
        if isinstance(doubt, Addition):
            self._repeat(doubt, done)
        self.browser.close()  # idle until the end, when that server will be gone
        return done

    def _repeat(self, doubt: Addition, done: bool) -> None:
        """Whoever got no answer sends it again under its key: it must be there once."""
        answer, told = doubt.send(self.browser)
        assert ("idempotency-replayed" in answer.headers) == done, answer
        assert not done or told.items() <= self.told.items()
        self.told |= told
        assert self.told.keys() == self.browser.tasks().keys()

    def _send(self, write: Addition | Alteration, *, again: bool = False) -> None:
        self.doubt = write
        answer, told = write.send(self.browser, again=again)
        self.replayed += "idempotency-replayed" in answer.headers
        self.told |= told
        self.doubt, self._newest = None, [*told][-1]

    def _title(self) -> str:
        self._number += 1
        return f"{self._name}-{self._number:05}"
