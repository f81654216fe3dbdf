"""The committed schema is the one that this code serves, and shows an example of all that goes in and comes out."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from httpx2 import AsyncClient
from jsonschema_rs import validator_for

from app.main import app
from app.tasks.examples import FILES, IMPORTED, LINE, PARSED, RENT, TASK

COMMITTED = Path(__file__).resolve().parents[3] / "frontend" / "openapi.json"


def test_the_committed_schema_is_not_stale() -> None:
    stale = "run `python -m scripts.openapi` and `npm run types` in frontend/"
    assert json.loads(COMMITTED.read_text("utf-8")) == json.loads(json.dumps(app.openapi())), stale


def bodies(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every body of a request, and of an answer that is no error: where it is, and its media type object."""
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            answers = {code: answer for code, answer in operation["responses"].items() if code.startswith("2")}
            for part, body in {"request": operation.get("requestBody", {}), **answers}.items():
                for kind, content in body.get("content", {}).items():
                    yield f"{method} {path} {part} {kind}", content


def examples(schema: dict[str, Any], content: dict[str, Any]) -> list[Any]:
    """Those of the body itself, or those of the model that it is."""
    if "example" in content:
        return [content["example"]]
    name = content["schema"].get("$ref", "").rpartition("/")[2]
    found: list[Any] = schema["components"]["schemas"].get(name, {}).get("examples", [])
    return found


def test_every_body_has_an_example_that_keeps_to_its_schema() -> None:
    schema = json.loads(json.dumps(app.openapi()))
    for where, content in bodies(schema):
        found = examples(schema, content)
        assert found, f"{where} has no example"
        validator = validator_for({**content["schema"], "components": schema["components"]}, validate_formats=True)
        for example in found:
            assert [str(error) for error in validator.iter_errors(example)] == [], where


async def test_the_api_answers_what_the_examples_say(client: AsyncClient) -> None:
    parsed = await client.post("/api/tasks/parse", json=LINE)
    assert parsed.json() == PARSED
    created = (await client.post("/api/tasks", json=RENT)).json()
    assert created.keys() == TASK.keys()
    assert {name: created[name] for name in RENT} == RENT
    for kind, file in FILES.items():
        body = file if isinstance(file, str) else json.dumps(file)
        assert (await client.post("/api/import", content=body, headers={"Content-Type": kind})).json() == IMPORTED, kind
