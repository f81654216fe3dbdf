"""A person's browser: Debian's Chromium, one fresh visitor a test, and nothing wrong on its console."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from scripts.chromium import chromium

CHROMIUM = chromium()
# The same browser without the windows that nobody sees: a third less work. It is a package of its own in Debian.
WITHOUT_WINDOWS = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or CHROMIUM
# What a browser says of requests that failed; the stories that break the server on purpose cause them.
EXPECTED = ("Failed to load resource", "Failed to fetch RSC payload", "ERR_INTERNET_DISCONNECTED", "WebSocket")

expect.set_options(timeout=30_000)  # of a busy machine

NewPage = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="session")
def url(request: pytest.FixtureRequest) -> str:
    """The origin under test: E2E_URL, or the application as it is deployed."""
    given = os.environ.get("E2E_URL")
    return given or str(request.getfixturevalue("application").url)


@asynccontextmanager
async def launched(path: str | None) -> AsyncIterator[Browser]:
    if path is None:
        pytest.skip("no browser is on PATH (apt-get install chromium)")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with launched(WITHOUT_WINDOWS) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def new_page(browser: Browser, url: str) -> AsyncIterator[NewPage]:
    """Opens pages, each a visitor of its own; fails the test when one of them complains on its console."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    async def open_page(path: str = "/", **options: object) -> Page:
        size = {"width": 1440, "height": 900}
        # What a service worker fetches, no story could answer in the server's place.
        usual = {"viewport": size, "locale": "en-GB", "reduced_motion": "reduce", "service_workers": "block"}
        context = await browser.new_context(base_url=url, **usual | options)  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(30_000)
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{error}\n{error.stack}"))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        await page.goto(path, timeout=60_000)
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert [said for said in complaints if not any(known in said for known in EXPECTED)] == []


@pytest_asyncio.fixture(loop_scope="session")
async def page(new_page: NewPage) -> Page:
    return await new_page()
