"""From a person's act to the frame that answers it, as the Event Timing API has it (interaction to next paint)."""

from collections.abc import Callable

from playwright.sync_api import Page

from scripts.bench.browser import browser

# Every interaction's longest event. Chromium gives durations in steps of 8 ms.
OBSERVE = """() => {
  window.__taken = new Map();
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries())
      if (interactionId) window.__taken.set(interactionId, Math.max(duration, window.__taken.get(interactionId) ?? 0));
  }).observe({ type: "event", durationThreshold: 16 });
}"""
KEY_MS = 60  # between two keys of somebody who types fast
# An interaction that was painted within 16 ms is not reported, and counts as that.
SHORTEST_MS = 16.0
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
    return [
        lambda: boxes.nth(3).click(),
        lambda: page.keyboard.press("j"),
        lambda: page.keyboard.press("k"),
        lambda: page.locator("#quick-add").click(),
        lambda: page.keyboard.type("Call Ammi tomorrow !high", delay=KEY_MS),
        lambda: page.keyboard.press("Enter"),
        lambda: page.locator("#tasks article").nth(4).hover(),
        lambda: page.locator("#tasks [data-title]").nth(4).click(),
        lambda: page.keyboard.press("Escape"),
        lambda: page.locator("#composer").click(),
        lambda: page.keyboard.type("What is due?", delay=KEY_MS),
        lambda: page.locator("#search").press_sequentially("number 99", delay=KEY_MS),
    ]


def interactions(url: str, cookie: str, count: int) -> list[float]:
    """Milliseconds of each interaction in a list of `count` tasks that are all loaded."""
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
        taken = page.evaluate("() => [...window.__taken.values()]")
        counted = page.evaluate("() => performance.interactionCount")
    return [*map(float, taken), *[SHORTEST_MS] * max(0, int(counted) - len(taken))]
