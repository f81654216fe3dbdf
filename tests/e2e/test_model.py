"""A person who talks with a model: a scripted one, on a real backend behind the page."""

import asyncio
from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect
from pydantic import SecretStr

from app.config import Settings
from app.db.migrate import upgrade
from app.db.url import DatabaseUrl
from app.main import create_app
from scripts.bench.production import Production
from scripts.bench.servers import answered, started
from scripts.bench.trees import ROOT
from scripts.local import router
from scripts.local.ports import free_port
from tests.e2e.people import say, task
from tests.fake_provider.script import Call, Reply
from tests.fake_provider.server import RunningProvider, running_provider, serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture(scope="module")
def provider() -> Iterator[RunningProvider]:
    with running_provider() as running:
        yield running


@pytest.fixture(scope="module")
def url(application: Production, provider: RunningProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The deployed page in front of a backend of its own, which has a model."""
    work, port = tmp_path_factory.mktemp("model"), free_port()
    database = f"sqlite:///{work / 'todo.db'}"
    upgrade(DatabaseUrl.parse(database))
    settings = Settings(
        database_url=SecretStr(database),
        rate_limit="off",
        log_level="warning",
        llm_api_key=SecretStr("sk-test"),
        llm_base_url=provider.base_url,
        llm_model="scripted",
    )
    with serving(create_app(settings)) as backend:
        targets = {"BACKEND_URL": backend, "FRONTEND_URL": f"http://127.0.0.1:{application.page}"}
        with started(router.command(port), ROOT, targets, work / "router.log"):
            answered(port, "/api/health")
            yield f"http://localhost:{port}"


async def test_a_model_acts_asks_first_hands_over_when_it_fails_is_stopped_and_left_alone_when_busy(
    page: Page, provider: RunningProvider
) -> None:
    log, script = page.get_by_role("log"), provider.provider.script
    tasks = [{"title": "Buy milk"}, {"title": "Buy bread"}]
    script.append(Reply(text="Let me see. ", calls=[Call(name="add_task", arguments={"tasks": tasks})]))
    script.append(Reply(text="Both are on **your list**."))
    await say(page, "we are out of milk and bread, note that down")
    await expect(task(page, "Buy milk")).to_be_visible()
    await expect(task(page, "Buy bread")).to_be_visible()
    await expect(log.locator("strong")).to_have_text("your list")
    await expect(log).not_to_contain_text("Answered by the built-in rules")

    script.append(Reply(calls=[Call(name="delete_task", arguments={"tasks": ["Buy bread"]})]))
    script.append(Reply(text="Shall I?"))
    await say(page, "delete the bread")
    await page.get_by_role("button", name="Confirm", exact=True).click()
    await expect(task(page, "Buy bread")).to_have_count(0)

    script.append(Reply(text="I will add that for you at once", cut_after=2))
    await say(page, "add call Ammi")
    await expect(log).to_contain_text("Answered by the built-in rules, because the model's answer broke off.")
    await expect(task(page, "Call Ammi")).to_have_count(1)
    await expect(task(page, "Buy milk")).to_have_count(1)

    script.append(Reply(text="Once upon a time " * 400, token_delay=0.01))
    await page.get_by_label("Tell me what to do…").fill("tell me a story")
    await page.keyboard.press("Enter")
    await expect(log).to_contain_text("Once upon a time")
    await page.get_by_role("button", name="Stop").click()
    async with asyncio.timeout(10):
        while not provider.provider.closed_early:  # noqa: ASYNC110 - the server lives in another thread
            await asyncio.sleep(0.01)

    script.append(Reply(status=429, retry_after="1800"))
    await say(page, "add call Abba")
    await expect(log).to_contain_text("because the model has too much to do right now. It is asked again at")
    asked = len(provider.provider.requests)
    await say(page, "add call Nani")
    await expect(task(page, "Call Nani")).to_have_count(1)
    assert len(provider.provider.requests) == asked
