"""The views for everybody: axe finds nothing in either theme or direction, and nothing is cut off on a small screen."""

from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import NewPage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
PATHS = ("/", "/today", "/upcoming", "/week", "/overdue", "/done", "/settings")
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# Of all that axe looks at, a theme changes the colours.
COLOURS = ("color-contrast",)
APP = {"en": "Todo", "ur": "ٹوڈو"}
# A dialog that is still fading in has neither its colours nor its place, and a colour that fades in a parent makes its
# children fade after it. Endless animations are not waited for.
LOOK = """async ([where, runOnly]) => {
  const moving = () => document.getAnimations().filter((a) => Number.isFinite(a.effect.getComputedTiming().endTime));
  while (moving().length > 0) {
    await Promise.allSettled(moving().map((a) => a.finished));
    await new Promise(requestAnimationFrame);
  }
  return (await axe.run(where, { runOnly, resultTypes: ["violations"] })).violations;
}"""
# A phone; and a small laptop's window at 200 %, which is a page of half its size (WCAG 1.4.4 and 1.4.10).
SMALL = ({"width": 360, "height": 740}, {"width": 640, "height": 400})
# What is looked at is what comes to rest; each frame until then costs a tenth of a second without a graphics card.
STILL = "* { transition: none !important; animation: none !important; }"
MOVING = "document.getAnimations().filter((a) => a.effect.getComputedTiming().duration > 10).length"
LONG = "A title that is quite a bit longer than a phone is wide, as titles are"
LINES = ("Pay rent today #home !high", "Call Ammi tomorrow at 5pm", f"{LONG} today #shop !low", "Read", "Old")


async def violations(page: Page, where: str, rules: tuple[str, ...] = RULES, part: str = "html") -> list[str]:
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE)
    found: list[dict[str, Any]] = await page.evaluate(LOOK, [part, list(rules)])
    return [f"{where} {one['id']}: {[node['html'][:120] for node in one['nodes']]}" for one in found]


async def overflows(page: Page, where: str) -> list[str]:
    """The small screens on which something is wider than the page; the page is wide again afterwards."""
    usual, found = page.viewport_size, []
    for size in SMALL:
        await page.set_viewport_size(size)  # type: ignore[arg-type]
        if await page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            found.append(f"{where} is wider than {size['width']}")
    assert usual is not None
    await page.set_viewport_size(usual)
    return found


async def fill(page: Page) -> None:
    late = {"title": "Send invoice", "priority": "medium", "due": {"date": "2026-01-02"}}
    assert (await page.request.post("/api/tasks", data=late)).ok
    for line in LINES:
        parsed = await page.request.post("/api/tasks/parse", data={"text": line})
        task = await parsed.json()
        del task["spans"]
        made = await page.request.post("/api/tasks", data=task)
    assert (await page.request.post(f"/api/tasks/{(await made.json())['id']}/complete")).ok


@pytest.mark.parametrize("locale", ["en", "ur"])
async def test_every_view_is_clean_in_both_themes_and_whole_on_a_small_screen(
    new_page: NewPage, url: str, locale: str
) -> None:
    page = await new_page("/manifest.webmanifest")
    await fill(page)
    await page.context.add_cookies([{"name": "locale", "value": locale, "url": url}])
    await page.goto("/")
    await page.add_style_tag(content=STILL)
    found: list[str] = []
    for path in PATHS:
        await page.locator(f"a[href='{path}']:visible").first.click()
        await page.wait_for_url(path)
        await expect(page.locator("main .animate-pulse")).to_have_count(0)
        heading = page.get_by_role("heading", level=1)
        await expect(heading).to_have_count(1)
        await expect(page).to_have_title(f"{await heading.inner_text()} · {APP[locale]}")
        part = "html" if path == "/" else "main"  # what stands around a view is the same around all of them
        await page.emulate_media(color_scheme="light")
        found += await violations(page, path, RULES, part)
        await page.emulate_media(color_scheme="dark")
        found += await violations(page, f"{path} dark", COLOURS, part)
        found += await overflows(page, path)
    assert found == []


async def test_dialogs_and_a_conversation_are_clean_and_nothing_moves(new_page: NewPage) -> None:
    page = await new_page("/")
    await page.get_by_label("Tell me what to do…").fill("add buy milk tomorrow")
    await page.keyboard.press("Enter")
    row = page.get_by_role("article", name="Buy milk")
    await row.wait_for()
    assert await page.evaluate(MOVING) == 0  # for whoever asked for less of it
    await page.add_style_tag(content=STILL)
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
