"""The whole schema under fire: no 5xx, and no status or body that the schema does not name.

`make fuzz` sets FUZZ_CASES; the default run takes a few cases of each operation.
"""

import itertools
import json
import math
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.config import Settings
from app.main import create_app

CASES = int(os.environ.get("FUZZ_CASES", "150"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """A real server on a port of its own; its URL."""
    config = uvicorn.Config(create_app(settings), port=0, log_config=None, lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.mark.timeout(1200)
@pytest.mark.fuzz
def test_no_request_makes_the_api_fail_or_answer_what_is_not_documented(settings: Settings) -> None:
    with served(settings.model_copy(update={"log_level": "error"})) as url:
        schema = schemathesis.openapi.from_url(f"{url}/api/openapi.json")
        operations = [found.ok() for found in schema.get_all_operations()]
        operations.sort(key=lambda operation: "requestBody" in operation.definition.raw)  # the richest last
        tried = 0
        for left, operation in zip(range(len(operations), 0, -1), operations, strict=True):
            with guest_of(url) as guest:
                tried += attack(operation, guest, max(2, math.ceil((CASES - tried) / left)))
        assert tried >= CASES


def attack(operation: Any, guest: httpx2.Client, cases: int) -> int:
    """Valid and invalid requests, in the name of one guest, half of them about something that exists; how many.

    An operation that takes nothing is soon exhausted.
    """
    valid = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    invalid = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    known = world(guest)
    headers = {"Cookie": f"todo_guest={guest.cookies['todo_guest']}"}
    turn = itertools.count()

    @hypothesis_settings(
        max_examples=cases,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=valid | invalid)
    def run(case: Any) -> None:
        if next(turn) % 2:
            case.path_parameters.update({name: known[name] for name in case.path_parameters if name in known})
        case.call_and_validate(checks=CHECKS, headers=headers)

    run()
    return next(turn)


def guest_of(url: str) -> httpx2.Client:
    return httpx2.Client(base_url=url, headers={"Accept": "application/json"}, timeout=60)


def world(guest: httpx2.Client) -> dict[str, str]:
    """One of each kind, by the name that paths have for it."""
    task = guest.post("/api/tasks", json={"title": "There from the start"})
    turn = guest.post("/api/chat", json={"message": "delete all tasks"}).json()
    token = guest.post("/api/tokens", json={"name": "Program"}).json()
    return {
        "task_id": task.json()["id"],
        "token": task.headers["undo-token"],
        "conversation_id": turn["conversation_id"],
        "turn_id": turn["turn_id"],
        "plan_id": turn["plans"][0]["plan_id"],
        "token_id": token["id"],
    }


@pytest.mark.timeout(1200)
@pytest.mark.fuzz
def test_no_chain_of_requests_each_about_what_the_last_ones_made_makes_the_api_fail(settings: Settings) -> None:
    """Schemathesis finds which answers have the ids that other requests ask for: of tasks, turns, plans."""
    with served(settings.model_copy(update={"log_level": "error"})) as url:
        followed = set()

        class Chains(schemathesis.openapi.from_url(f"{url}/api/openapi.json").as_state_machine()):  # type: ignore[misc]
            def setup(self) -> None:
                with guest_of(url) as guest:
                    world(guest)
                    self.headers = {"Cookie": f"todo_guest={guest.cookies['todo_guest']}"}

            def get_call_kwargs(self, case: Any) -> dict[str, Any]:
                del case
                return {"headers": self.headers}

            def validate_response(self, response: Any, case: Any, **_: Any) -> None:
                case.validate_response(response, checks=CHECKS)
                if "{" in case.path and response.status_code < 300:
                    followed.add(case.operation.label)

        chains = hypothesis_settings(
            max_examples=max(4, CASES // 30),
            stateful_step_count=20,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        run_state_machine_as_test(Chains, settings=chains)
        assert len(followed) >= 3, followed


METHODS = ["initialize", "ping", "tools/list", "tools/call", "resources/read", "prompts/get", "notifications/cancelled"]
NAMES = ["add_task", "list_tasks", "complete_task", "update_task", "delete_task", "undo", "propose_plan"]
ARGUMENTS = ["tasks", "where", "title", "due", "repeat", "act", "query", "limit", "token"]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
KEYS = st.sampled_from(ARGUMENTS) | st.text()
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=12
)
TOOL_CALL = st.fixed_dictionaries({"name": st.sampled_from(NAMES) | st.text(), "arguments": JSON})
MESSAGE = st.fixed_dictionaries(
    {"jsonrpc": st.just("2.0") | JSON, "method": st.sampled_from(METHODS) | JSON},
    optional={"id": SCALARS, "params": TOOL_CALL | JSON},
)
CALL = st.fixed_dictionaries(
    {"jsonrpc": st.just("2.0"), "id": st.integers(0, 9), "method": st.just("tools/call"), "params": TOOL_CALL}
)
MCP_BODY = (CALL | MESSAGE | JSON).map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60)


@pytest.mark.timeout(1200)
@pytest.mark.fuzz
def test_no_message_makes_the_mcp_endpoint_fail(settings: Settings) -> None:
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    with served(settings.model_copy(update={"log_level": "critical"})) as url:
        token = httpx2.post(f"{url}/api/tokens", json={"name": "Program"}).json()["token"]
        with httpx2.Client(headers=headers | {"Authorization": f"Bearer {token}"}, timeout=60) as program:

            @hypothesis_settings(
                max_examples=max(20, CASES // 4),
                derandomize=True,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(body=MCP_BODY)
            def run(body: bytes) -> None:
                answer = program.post(f"{url}/api/mcp", content=body)
                assert answer.status_code < 500, (body, answer.text)

            run()
            assert program.get(f"{url}/api/tasks").status_code == 200
