"""`make screenshots`: every view in light and dark, wide and on a phone, from the application that runs at --url."""

import argparse
import asyncio
import shutil
import sys
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 740}
VIEWS = {"all": "/", "today": "/today", "upcoming": "/upcoming", "week": "/week", "settings": "/settings"}
LINES = (
    "Renew passport next month !low",
    "Read The Art of Doing Science #reading",
    "دودھ خریدیں کل",
    "Water the plants every saturday #home !low",
    "Book flights to Lahore next sunday #travel",
    "Prepare slides for the Kubernetes workshop on thursday !medium #work #talk",
    "Call Ammi tomorrow at 8:30pm !medium",
    "Buy milk, eggs and bread today at 5pm #shopping",
    "Pay rent today every month !high #home",
    "Send the invoice to the Karachi office !high #work",
)


async def fill(page: Page) -> None:
    """The tasks and the conversation that the pictures show."""
    for line in LINES:
        parsed = await (await page.request.post("/api/tasks/parse", data={"text": line})).json()
        del parsed["spans"]
        if "invoice" in line:
            parsed["due"] = {"date": str(date.today() - timedelta(days=1))}
        answer = await page.request.post("/api/tasks", data=parsed)
        if not answer.ok:
            raise SystemExit(f"{line!r} was refused: {await answer.text()}")


async def say(page: Page, *lines: str) -> None:
    for words in lines:
        await page.locator("#composer").fill(words)
        await page.keyboard.press("Enter")
        await page.locator("#composer + button[type=submit]").wait_for()
        await page.wait_for_load_state("networkidle")


async def chat(page: Page) -> None:
    await say(page, "Add call the dentist tomorrow at 10am", "delete all tasks tagged home")


async def type_line(page: Page) -> None:
    await page.locator("#quick-add").fill("Team lunch friday at 1pm #work !medium")
    await page.get_by_role("list", name="Understood").wait_for()


async def open_commands(page: Page) -> None:
    await page.get_by_role("heading", level=1).click()
    await page.keyboard.press("Control+k")
    await page.get_by_role("dialog").wait_for()


async def open_chat(page: Page) -> None:
    await page.get_by_role("navigation").get_by_role("button", name="Chat").click()
    await say(page, "what is due today?", "delete all tasks tagged home")


async def speak_urdu(page: Page) -> None:
    await say(page, "کل صبح 10 بجے ڈاکٹر کو فون کرنا شامل کرو")
    await page.locator("#quick-add").fill("کل شام 5 بجے دودھ خریدنا #گھر")
    await page.get_by_role("list", name="جو سمجھا گیا").wait_for()


Act = Callable[[Page], Awaitable[None]]
EXTRA: tuple[tuple[str, dict[str, int], Act], ...] = (
    ("chat", WIDE, chat),
    ("quick-add", WIDE, type_line),
    ("commands", WIDE, open_commands),
    ("chat-phone", PHONE, open_chat),
)


async def shoot(browser: Browser, url: str, theme: str) -> None:
    options = {"base_url": url, "color_scheme": theme, "locale": "en-GB", "viewport": WIDE}
    context = await browser.new_context(**options)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto("/")
    await fill(page)

    async def take(name: str, path: str, act: Act | None = None) -> None:
        await page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")  # no draft, a new conversation
        await page.goto(path)
        await page.wait_for_load_state("networkidle")
        if act:
            await act(page)
        await page.evaluate("document.fonts.ready")
        await page.screenshot(path=FOLDER / f"{name}-{theme}.png", animations="disabled")

    for name, path in VIEWS.items():
        await take(name, path)
    await page.set_viewport_size({"width": 360, "height": 740})
    for name, path in VIEWS.items():
        await take(f"{name}-phone", path)
    for name, size, act in EXTRA:
        await page.set_viewport_size({"width": size["width"], "height": size["height"]})
        await take(name, "/", act)
    await page.set_viewport_size({"width": 1440, "height": 900})
    await context.add_cookies([{"name": "locale", "value": "ur", "url": url}])
    await take("urdu", "/", speak_urdu)
    await context.close()


async def shoot_all(url: str, chromium: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for theme in ("light", "dark"):
            await shoot(browser, url, theme)
        await browser.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://localhost:8080")
    arguments = parser.parse_args()
    chromium = shutil.which("chromium")
    if not chromium:
        print("screenshots: no chromium on PATH; install Debian's with `apt-get install chromium`", file=sys.stderr)
        return 1
    asyncio.run(shoot_all(arguments.url, chromium))
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.name}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
