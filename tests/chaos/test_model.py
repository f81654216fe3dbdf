"""Two users who do anything in any order: after each request the API shows what the model says, and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from tests.chaos.bounds import EXAMPLES, SEED, STEPS
from tests.chaos.browser import Answer
from tests.chaos.model import DAILY, Plan, Task
from tests.chaos.server import Nursery, running
from tests.chaos.two_users import TwoUsers, as_json
from tests.figures import Figure

FAR = date(2090, 1, 1)  # what was missed is not repeated, and nothing is missed so far ahead
Act = Literal["complete", "reopen", "delete"]

who = st.sampled_from((0, 1))
# Mostly the same few tasks, so that requests meet; far out are those of the other user.
which = st.sampled_from((0, 0, 0, 1, 1, 2, 5, 20))
newest = st.sampled_from((0, 0, 0, 1, 2, 5, 20))  # of one's own first, then of the other's
dates = st.integers(0, 9).map(lambda days: FAR + timedelta(days=days))
fields: dict[str, st.SearchStrategy[Any]] = {
    "title": st.sampled_from(("Milk", "Bread", "دودھ")),
    "priority": st.sampled_from(("none", "low", "high")),
    "tags": st.sampled_from(((), ("home",), ("home", "work"))),
}
times: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    dates.map(lambda day: {"due": day}),
    dates.map(lambda day: {"due": day, "repeat": DAILY}),
    st.sampled_from(({"due": None}, {"repeat": None}, {"due": None, "repeat": None})),
)
patches = st.builds(
    lambda some, time: some | time, st.fixed_dictionaries({}, optional=fields | {"done": st.booleans()}), times
)


class AnyRequests(TwoUsers):
    @rule(one=who, new=st.fixed_dictionaries(fields), day=st.none() | dates, repeats=st.booleans())
    def add(self, one: int, new: dict[str, Any], day: date | None, repeats: bool) -> None:
        self.new(one, {**new, "due": day, "repeat": DAILY if repeats and day else None})

    @rule(one=who, number=which, changes=patches, behind=st.sampled_from((None, 0, 0, 1)))
    def patch(self, one: int, number: int, changes: dict[str, Any], behind: int | None) -> None:
        """`behind` is how many versions the If-Match is old; without one there is none."""
        if (found := self.find(one, number)) is None:
            return
        owner, name, task = found
        headers = {} if behind is None else {"if_match": f'"{task.version - behind}"'}
        answer = self.call(one, "PATCH", f"/api/tasks/{name}", as_json(changes), **headers)
        after = task.patched(changes)
        if owner != one or task.deleted:
            assert answer.status == 404
        elif behind:
            assert answer.status == 412
            assert Task.of(answer.body["current"]) == task
        elif after is None:
            assert answer.status == 422
        else:
            assert answer.status == 200
            following = None
            if changes.get("done", task.done):
                after, following = after.completed()
            elif task.done:
                after = replace(after, done=False)
            self.changed(one, answer.headers["undo-token"], {name: after}, [following])

    @rule(one=who, number=which)
    def complete(self, one: int, number: int) -> None:
        def expect(name: str, task: Task, answer: Answer) -> None:
            assert ("undo-token" in answer.headers) == (not task.done)
            if not task.done:
                after, following = task.completed()
                self.changed(one, answer.headers["undo-token"], {name: after}, [following])

        self.act(one, number, "POST", "/complete", expect)

    @rule(one=who, number=which)
    def reopen(self, one: int, number: int) -> None:
        def expect(name: str, task: Task, answer: Answer) -> None:
            assert ("undo-token" in answer.headers) == task.done
            if task.done:
                self.changed(one, answer.headers["undo-token"], {name: replace(task, done=False)})

        self.act(one, number, "POST", "/reopen", expect)

    @rule(one=who, number=which, day=dates)
    def reschedule(self, one: int, number: int, day: date) -> None:
        def expect(name: str, task: Task, answer: Answer) -> None:
            self.changed(one, answer.headers["undo-token"], {name: replace(task, due=day)})

        self.act(one, number, "POST", "/reschedule", expect, {"due": {"date": str(day)}})

    @rule(one=who, number=which)
    def delete(self, one: int, number: int) -> None:
        def expect(name: str, task: Task, answer: Answer) -> None:
            self.changed(one, answer.headers["undo-token"], {name: replace(task, deleted=True)})

        self.act(one, number, "DELETE", "", expect)

    @rule(one=who, number=which)
    def restore(self, one: int, number: int) -> None:
        if (found := self.find(one, number)) is None:
            return
        owner, name, task = found
        answer = self.call(one, "POST", f"/api/tasks/{name}/restore")
        assert answer.status == (404 if owner != one else 200 if task.deleted else 409)
        if answer.status == 200:
            self.changed(one, answer.headers["undo-token"], {name: replace(task, deleted=False)})

    @rule(one=who, number=newest)
    def undo(self, one: int, number: int) -> None:
        tokens = [*reversed(self.users[one].changes), *self.users[1 - one].changes]
        if tokens:
            token = tokens[number % len(tokens)]
            assert self.call(one, "POST", f"/api/undo/{token}").status == self.users[one].undo(token)

    @rule(
        one=who, act=st.sampled_from(("complete", "reopen", "delete")), numbers=st.sets(which, min_size=1, max_size=3)
    )
    def propose(self, one: int, act: Act, numbers: set[int]) -> None:
        """Nothing happens yet, and what it would not change is left out of it."""
        mine = self.users[one].tasks
        chosen = sorted({[*mine][number % len(mine)] for number in numbers}) if mine else []
        if not chosen:
            return
        outcome = self.tool(one, "propose_plan", {"act": act, "tasks": chosen})
        left_out = {"complete": True, "reopen": False, "delete": None}[act]
        fitting = [name for name in chosen if not mine[name].deleted and mine[name].done is not left_out]
        shown = {name: mine[name].version for name in fitting}
        assert (outcome["plan"] is None) == (not shown), outcome
        if shown:
            assert {task["id"] for task in outcome["plan"]["tasks"]} == shown.keys()
            self.users[one].plans[outcome["plan"]["plan_id"]] = Plan(act, shown)

    @rule(one=who, number=newest, word=st.sampled_from(("confirm", "confirm", "cancel")))
    def settle(self, one: int, number: int, word: str) -> None:
        plans = [(owner, name) for owner in (one, 1 - one) for name in reversed(self.users[owner].plans)]
        if not plans:
            return
        owner, name = plans[number % len(plans)]
        plan, user = self.users[owner].plans[name], self.users[one]
        answer = self.call(one, "POST", f"/api/plans/{name}/{word}")
        if owner != one:
            assert answer.status == 404
        elif plan.settled or (word == "confirm" and not user.holds(plan)):
            assert answer.status == 409
        elif word == "cancel":
            assert answer.status == 204
            plan.settled = True
        else:
            assert answer.status == 200
            plan.settled = True
            self.carry_out(one, plan, answer.body["undo_token"])

    def carry_out(self, one: int, plan: Plan, token: str) -> None:
        after, following = {}, []
        for name in plan.shown:
            task = self.users[one].tasks[name]
            if plan.act == "complete":
                after[name], next_one = task.completed()
                following.append(next_one)
            else:
                after[name] = replace(task, done=False) if plan.act == "reopen" else replace(task, deleted=True)
        self.changed(one, token, after, following)


@pytest.mark.timeout(7200)
def test_tasks_undo_and_plans_are_what_the_model_says_after_any_requests_of_two_users(
    nursery: Nursery, database: Path, tmp_path: Path, figure: Figure
) -> None:
    TwoUsers.requests = 0
    with running(nursery, database, tmp_path) as server:
        TwoUsers.port = server.port
        run_state_machine_as_test(
            seed(SEED)(AnyRequests),
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                database=None,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    figure(f"{EXAMPLES} histories of {STEPS} steps, {TwoUsers.requests} requests: every state as the model says")
