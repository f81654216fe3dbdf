"""Two users of one server beside the model of what they must see: what the rules of test_model.py stand on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from tests.chaos.browser import Answer, Browser
from tests.chaos.model import Task, User


def as_json(values: dict[str, Any]) -> dict[str, Any]:
    return values | ({"due": {"date": str(values["due"])}} if values.get("due") else {})


class TwoUsers(RuleBasedStateMachine):
    port: ClassVar[int]
    requests: ClassVar[int] = 0

    @initialize()
    def begin(self) -> None:
        self.users = [User(), User()]
        self.browsers = [Browser(self.port), Browser(self.port)]
        self.bearers = [self.call(one, "POST", "/api/tokens", {"name": "plans"}).body["token"] for one in (0, 1)]
        self.last = 0
        for number in range(4):
            self.new(number % 2, {"title": "Milk"})

    @invariant()
    def the_api_shows_what_the_model_says(self) -> None:
        self.compare(self.last)

    def teardown(self) -> None:
        for one in range(2):
            self.compare(one)
            self.browsers[one].close()

    def compare(self, one: int) -> None:
        shown = {name: Task.of(task) for name, task in self.browsers[one].tasks().items()}
        assert shown == self.users[one].tasks

    def call(self, one: int, method: str, path: str, body: object = None, **headers: str) -> Answer:
        TwoUsers.requests += 1
        self.last = one
        return self.browsers[one].call(method, path, body, **headers)

    def tool(self, one: int, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """One call over MCP; the structured result."""
        order = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}}
        text = self.browsers[one].events("/api/mcp", order, authorization=f"Bearer {self.bearers[one]}")
        data = next(line for line in text.splitlines() if line.startswith("data: "))
        result: dict[str, Any] = json.loads(data.removeprefix("data: "))["result"]["structuredContent"]
        return result

    def new(self, one: int, values: dict[str, Any]) -> None:
        answer = self.call(one, "POST", "/api/tasks", as_json(values))
        assert answer.status == 201
        start = values.get("due") if values.get("repeat") else None
        self.users[one].change(answer.headers["undo-token"], {answer.body["id"]: Task(**values, start=start)})

    def find(self, one: int, number: int) -> tuple[int, str, Task] | None:
        """A task and its owner: one's own come first, then the other's."""
        owners = (one, 1 - one)
        everything = [(owner, name, task) for owner in owners for name, task in self.users[owner].tasks.items()]
        return everything[number % len(everything)] if everything else None

    def act(
        self,
        one: int,
        number: int,
        method: str,
        path: str,
        expect: Callable[[str, Task, Answer], None],
        body: object = None,
    ) -> None:
        """On a task that must be the caller's own and not deleted."""
        if (found := self.find(one, number)) is None:
            return
        owner, name, task = found
        answer = self.call(one, method, f"/api/tasks/{name}{path}", body)
        if owner != one or task.deleted:
            assert answer.status == 404
        else:
            assert answer.status in (200, 204)
            expect(name, task, answer)

    def changed(
        self, one: int, token: str, after: dict[str, Task], following: list[Task | None] | tuple[()] = ()
    ) -> None:
        """In the model too. The tasks that follow repeating ones get the ids that the API gave them."""
        expected = [replace(task, version=1) for task in following if task is not None]
        new: dict[str, Task] = {}
        if expected:
            shown = self.browsers[one].tasks()
            for name in shown.keys() - self.users[one].tasks.keys():
                match = next((task for task in expected if task == Task.of(shown[name])), None)
                assert match is not None, f"nobody asked for {shown[name]}"
                expected.remove(match)
                new[name] = match
            assert not expected
        self.users[one].change(token, after | new)
