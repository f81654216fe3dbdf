"""The whole schema under fire: no 5xx, and no status or body that the schema does not name.

`make fuzz` sets FUZZ_CASES; the default run takes a few cases of each operation.
"""

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
# A turn of the chat streams and has tests of its own; MCP is not described by OpenAPI.
LEFT_OUT = ("/api/chat", "/api/mcp")


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
        operations = [operation for operation in operations if not operation.path.startswith(LEFT_OUT)]
        guest = httpx2.post(f"{url}/api/tasks", json={"title": "There from the start"})
        for operation in operations:
            attack(operation, guest, max(2, CASES // len(operations)))


def attack(operation: Any, guest: httpx2.Response, cases: int) -> None:
    """Valid and invalid requests, in the name of one guest, half of them about a task that exists."""
    valid = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    invalid = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    headers = {"Cookie": f"todo_guest={guest.cookies['todo_guest']}"}
    turn = iter(range(10**9))

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
        if "task_id" in (case.path_parameters or {}) and next(turn) % 2:
            case.path_parameters["task_id"] = guest.json()["id"]
        case.call_and_validate(checks=CHECKS, headers=headers)

    run()
