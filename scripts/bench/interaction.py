"""From a person's act to the frame that answers it: interaction to next paint."""

from collections.abc import Callable

from playwright.sync_api import Page

from scripts.bench.browser import browser

# From the moment that the browser gives an event until the frame after its handlers has been painted, as `browser.py`
# tells that. Not the Event Timing API: Chromium without a screen dates the frames of key presses in a text area at the
# next click.
OBSERVE = """() => {
  window.__taken = [];
  const answered = ({ timeStamp }) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => window.__taken.push(performance.now() - timeStamp);
    channel.port2.postMessage(0);
  });
  for (const kind of ["pointerdown", "click", "keydown", "keyup"]) addEventListener(kind, answered, true);
}"""
STRAY = 50  # of so many the slowest is left out, as web.dev/articles/inp defines it
KEY_MS = 60  # between two keys of somebody who types fast
TO_THE_END = "() => { const box = document.querySelector('main .overflow-y-auto'); box.scrollTop = box.scrollHeight; }"
SETTLED = "() => new Promise((resolve) => requestIdleCallback(() => requestIdleCallback(resolve)))"


def load_all(page: Page, count: int) -> None:
    """Scroll on until the page has every task."""
    whole = page.get_by_text(f"{count:,} tasks", exact=True)
    while not whole.is_visible():
        page.evaluate(TO_THE_END)
        page.wait_for_timeout(20)


def acts(page: Page) -> list[Callable[[], None]]:
    """What people do in a list, each an interaction or several."""
    boxes = page.locator("#tasks input[type=checkbox]")
    rows = page.locator("#tasks article")
    return [
        lambda: boxes.nth(3).click(),
        lambda: page.keyboard.press("j"),
        lambda: page.keyboard.press("k"),
        lambda: rows.nth(5).get_by_role("button", name="More for").click(),
        lambda: page.keyboard.press("Escape"),
        lambda: page.locator("#quick-add").click(),
        lambda: page.keyboard.type("Call Ammi tomorrow !high", delay=KEY_MS),
        lambda: page.keyboard.press("Enter"),
        lambda: rows.nth(4).locator("[data-title]").click(),
        lambda: page.keyboard.press("Escape"),
        lambda: page.locator("#composer").click(),
        lambda: page.keyboard.type("What is due?", delay=KEY_MS),
        lambda: page.locator("#search").press_sequentially("number 99", delay=KEY_MS),
    ]


def interactions(url: str, cookie: str, count: int) -> list[float]:
    """Milliseconds of each event of a person in a list of `count` tasks that are all loaded."""
    with browser() as chromium:
        context = chromium.new_context(viewport={"width": 1440, "height": 900})
        name, _, value = cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": url}])
        page = context.new_page()
        page.goto(url)
        load_all(page, count)
        page.evaluate(OBSERVE)
        for act in acts(page):
            act()
            page.evaluate(SETTLED)
        taken = sorted(float(one) for one in page.evaluate("() => window.__taken"))
    return taken[: len(taken) - len(taken) // STRAY]
