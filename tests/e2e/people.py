"""What people do on the page, named as they would say it."""

import re

from playwright.async_api import Locator, Page, expect


def tasks(page: Page) -> Locator:
    return page.get_by_role("list", name="Tasks")


def task(page: Page, title: str) -> Locator:
    return page.get_by_role("article", name=title, exact=True)


async def add(page: Page, line: str, title: str | None = None) -> Locator:
    """Types a line into quick-add; waits until the server has the task."""
    async with page.expect_response(lambda answer: answer.url.endswith("/api/tasks") and answer.status == 201):
        await page.get_by_label("Add a task").fill(line)
        await expect(page.get_by_role("button", name="Add", exact=True)).to_be_enabled()
        await page.keyboard.press("Enter")
    added = task(page, title or line)
    await expect(added).to_be_visible()
    await expect(added).to_have_attribute("aria-busy", "false")
    return added


async def say(page: Page, words: str) -> None:
    """Tells the chat something and waits for the end of its answer."""
    await page.get_by_label("Tell me what to do…").fill(words)
    await expect(page.get_by_role("button", name="Send", exact=True)).to_be_enabled()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    await expect(page.get_by_role("log")).to_contain_text(words)


async def toast(page: Page, words: str | re.Pattern[str]) -> Locator:
    shown = page.locator("[data-sonner-toast]").filter(has_text=words)
    await expect(shown.first).to_be_visible()
    return shown.first
