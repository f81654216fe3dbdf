"""axe finds nothing on any view, light and dark, from left to right and from right to left."""

import re

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.e2e.conftest import NewPage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
PATHS = ("/", "/today", "/upcoming", "/week", "/overdue", "/done", "/settings")
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# A dialog that is still fading in has neither its colours nor its place; endless animations are not waited for.
AT_REST = """() => Promise.allSettled(document.getAnimations()
  .filter((a) => Number.isFinite(a.effect.getComputedTiming().endTime)).map((a) => a.finished)).then(() => null)"""
LINES = (
    "Pay rent today #home !high",
    "Call Ammi tomorrow at 5pm",
    "Read",
    "Old !low",
)


async def violations(page: Page, where: str) -> list[str]:
    await page.evaluate(AT_REST)
    report = await Axe().run(page, options=RULES)
    return [f"{where} {v['id']}: {[n['html'][:120] for n in v['nodes']]}" for v in report.response["violations"]]


@pytest.mark.parametrize("locale", ["en", "ur"])
async def test_axe_is_content_with_every_view(new_page: NewPage, url: str, locale: str) -> None:
    page = await new_page("/")
    late = {"title": "Send invoice", "priority": "medium", "due": {"date": "2026-01-02"}}
    assert (await page.request.post("/api/tasks", data=late)).ok
    for line in LINES:
        parsed = await page.request.post("/api/tasks/parse", data={"text": line})
        task = await parsed.json()
        del task["spans"]
        assert (await page.request.post("/api/tasks", data=task)).ok
    tasks = (await (await page.request.get("/api/tasks?status=open")).json())["items"]
    assert (await page.request.post(f"/api/tasks/{tasks[0]['id']}/complete")).ok
    await page.context.add_cookies([{"name": "locale", "value": locale, "url": url}])
    await page.goto("/")
    found: list[str] = []
    for path in PATHS:
        await page.locator(f"a[href='{path}']:visible").first.click()
        await page.wait_for_url(path)
        await expect(page.locator("main .animate-pulse")).to_have_count(0)
        await expect(page).to_have_title(re.compile("."))
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found += await violations(page, f"{path} {scheme}")
    assert found == []


async def test_axe_is_content_with_dialogs_and_a_conversation(new_page: NewPage) -> None:
    page = await new_page("/")
    await page.get_by_label("Tell me what to do…").fill("add buy milk tomorrow")
    await page.keyboard.press("Enter")
    row = page.get_by_role("article", name="Buy milk")
    await row.wait_for()
    found: list[str] = []
    found += await violations(page, "conversation")
    await row.hover()
    await row.get_by_role("button", name="More for").click()
    await page.get_by_role("menuitem", name="Edit").click()
    await page.get_by_label("Notes").wait_for()
    found += await violations(page, "task")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.get_by_role("heading", level=1).click()
    for key, name in (("?", "Keyboard shortcuts"), ("Control+k", "Commands")):
        await page.keyboard.press(key)
        await page.get_by_role("dialog", name=name).wait_for()
        found += await violations(page, name)
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog", name=name)).to_have_count(0)
    assert found == []


async def test_at_twice_the_size_nothing_is_cut_off_and_nothing_moves(new_page: NewPage) -> None:
    """200 % of a small laptop's window is a page of half its size (WCAG 1.4.4 and 1.4.10)."""
    page = await new_page("/", viewport={"width": 640, "height": 400}, device_scale_factor=2)
    for path in ("/", "/week", "/settings"):
        await page.goto(path)
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await expect(page.locator("main .animate-pulse")).to_have_count(0)
        assert await page.evaluate("document.documentElement.scrollWidth") <= 640, path
    await page.goto("/")
    await page.get_by_label("Add a task").fill("Read tomorrow")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("article", name="Read")).to_be_visible()
    moving = "document.getAnimations().filter((a) => a.effect.getComputedTiming().duration > 10).length"
    assert await page.evaluate(moving) == 0
