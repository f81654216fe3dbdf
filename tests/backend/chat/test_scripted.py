"""The scripted model of one turn: asked by name in development, by nobody anywhere else."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from pydantic import SecretStr

from app.config import Settings
from app.main import create_app
from scripts.tilt_scripted_model import HEADER, scripted_model
from tests.backend.chat.conftest import Chat
from tests.backend.conftest import running

ADD = {"name": "add_task", "arguments": {"tasks": [{"title": "Scripted"}]}}
SCRIPT = {
    "conversations": [
        [
            {"said": "add milk", "replies": [{"calls": [ADD]}, {"text": "Done."}]},
            {"said": "thanks", "replies": [{"text": "Welcome."}]},
        ]
    ]
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scripted")


@pytest.fixture(scope="module")
def model(folder: Path) -> Iterator[str]:
    """A model that says the script, started as a replay starts it; its name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TODO_MODE", "local")
        patch.setenv("DATA_DIR", str(folder))
        with scripted_model(SCRIPT) as name:
            yield name


@pytest.fixture
def settings(settings: Settings, folder: Path) -> Settings:
    return settings.model_copy(update={"scripted_models": folder / "models"})


async def test_a_turn_that_asks_for_the_scripted_model_gets_it_and_every_other_turn_the_usual_engine(
    chat: Chat, model: str
) -> None:
    first = await chat.say("add milk", scripted_model=model)
    assert (first["engine"], first["text"], await chat.titles()) == ("openai_compatible", "Done.", ["Scripted"])
    assert (await chat.say("thanks", scripted_model=model))["text"] == "Welcome."
    usual = await chat.say("add bread")
    assert (usual["engine"], usual["text"]) == ("rules", "Added “Bread”.")
    meta = (await chat.client.get("/api/meta")).json()
    assert meta["engine"] == {"kind": "rules", "model": None}


@pytest.mark.parametrize(
    "name", ["", "unknown", "../models/x", "/etc/passwd", "http://169.254.169.254", "localhost:80", "a" * 41]
)
async def test_a_request_can_name_no_address_and_no_file(chat: Chat, name: str) -> None:
    refused = await chat.post("add milk", scripted_model=name)
    assert (refused.status_code, refused.json()["type"]) == (404, "urn:todo:not-found")
    assert await chat.titles() == []


async def test_what_is_no_socket_is_never_opened(chat: Chat, folder: Path, model: str) -> None:
    (folder / "models" / "file.socket").write_text(model)
    assert (await chat.post("add milk", scripted_model="file")).status_code == 404


async def test_production_answers_no_turn_with_a_scripted_model(database_url: str, model: str) -> None:
    settings = Settings(
        app_env="production",
        secret_key=SecretStr("s" * 32),
        database_url=SecretStr(database_url),
        rate_limit="off",
        log_level="warning",
    )
    async with running(create_app(settings)) as app:
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="https://localhost") as client:
            refused = await client.post("/api/chat", json={"message": "add milk"}, headers={HEADER: model})
    assert refused.status_code == 404


async def test_a_model_that_has_ended_leaves_the_turn_to_the_rules(chat: Chat, folder: Path) -> None:
    """Its socket is gone with it, unless it was killed: then the file is left, and nobody listens there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TODO_MODE", "local")
        patch.setenv("DATA_DIR", str(folder))
        with scripted_model(SCRIPT) as name:
            (folder / "models" / f"{name}.socket").rename(folder / "models" / "left.socket")
    assert not (folder / "models" / f"{name}.socket").exists()
    reply = await chat.say("add milk", scripted_model="left")
    assert (reply["engine"], [notice["code"] for notice in reply["notices"]]) == ("rules", ["unavailable"])
