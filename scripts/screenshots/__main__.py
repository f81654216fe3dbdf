"""`make screenshots`: every view in light and dark, wide and on a phone, for docs/.

Of this checkout's production build with some tasks in it, or of the application that runs at --url.
"""

import argparse
import asyncio
import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, ViewportSize, async_playwright

from scripts.bench.production import production
from scripts.chromium import chromium
from scripts.screenshots import gallery
from scripts.screenshots.scenes import ACTS, PHONE, WIDE, Act, fill, speak_urdu

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
VIEWS = {
    "all": "/",
    "today": "/today",
    "upcoming": "/upcoming",
    "week": "/week",
    "overdue": "/overdue",
    "done": "/done",
    "settings": "/settings",
}


async def shoot(browser: Browser, url: str, theme: Literal["light", "dark"]) -> list[str]:
    """Takes all pictures of one theme; their names in order."""
    context = await browser.new_context(base_url=url, color_scheme=theme, locale="en-GB", reduced_motion="reduce")
    page = await context.new_page()
    await page.goto("/manifest.webmanifest")
    await fill(page)
    taken: list[str] = []

    async def take(name: str, size: ViewportSize, path: str = "/", act: Act | None = None) -> None:
        await page.set_viewport_size(size)
        await page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")  # no draft, a new conversation
        await page.goto(path)
        await page.wait_for_load_state("networkidle")
        if act:
            await act(page)
        await page.evaluate("document.fonts.ready")
        await page.screenshot(path=FOLDER / f"{name}-{theme}.png", animations="disabled")
        taken.append(name)

    for name, path in VIEWS.items():
        await take(name, WIDE, path)
        await take(f"{name}-phone", PHONE, path)
    for name, (size, act) in ACTS.items():
        await take(name, size, act=act)
    await context.add_cookies([{"name": "locale", "value": "ur", "url": url}])
    await take("urdu-phone", PHONE)
    await take("urdu", WIDE, act=speak_urdu)
    await context.close()
    return taken


async def shoot_all(url: str) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        names = await shoot(browser, url, "light")
        await shoot(browser, url, "dark")
        await browser.close()
    gallery.write(FOLDER, names)


@contextlib.contextmanager
def application(url: str | None) -> Iterator[str]:
    if url:
        yield url
        return
    with tempfile.TemporaryDirectory() as work, production(Path(work)) as running:
        yield running.url


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="an application that runs, instead of the production build of this checkout")
    arguments = parser.parse_args()
    if not chromium():
        print("screenshots: no chromium on PATH; install Debian's with `apt-get install chromium`", file=sys.stderr)
        return 1
    with application(arguments.url) as url:
        for old in FOLDER.glob("*.png"):
            old.unlink()
        asyncio.run(shoot_all(url))
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in docs/{FOLDER.name}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
