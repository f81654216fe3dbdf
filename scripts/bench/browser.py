"""A real Chromium that says when it has painted a marked element."""

import contextlib
from collections.abc import Iterator

from playwright.sync_api import Browser, Page, sync_playwright

from scripts.chromium import chromium

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
]

# Resolves with the time, in milliseconds since the epoch, of the frame after the mark came into the document:
# a message posted from requestAnimationFrame is handled when that frame has been painted.
PAINTED = """(mark) => new Promise((resolve, reject) => {
  const limit = setTimeout(() => reject(new Error('not painted within 30 s: ' + mark)), 30000);
  const painted = () => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { clearTimeout(limit); resolve(performance.timeOrigin + performance.now()); };
    channel.port2.postMessage(0);
  });
  const there = () => document.querySelector(`[data-bench="${mark}"]`);
  if (there()) return painted();
  const observer = new MutationObserver(() => { if (there()) { observer.disconnect(); painted(); } });
  observer.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-bench'] });
})"""


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            yield started
        finally:
            started.close()


@contextlib.contextmanager
def opened(url: str) -> Iterator[Page]:
    """A page of the application, hydrated: it has listed its tasks."""
    with browser() as started:
        page = started.new_page(viewport={"width": 1280, "height": 900})
        with page.expect_response("**/api/tasks?*", timeout=120_000):
            page.goto(url, timeout=120_000)
        yield page


def expect_mark(page: Page, mark: str) -> None:
    """Begin to watch for the mark; `painted` collects the answer."""
    page.evaluate(f"(mark) => {{ window.__painted = ({PAINTED})(mark); window.__painted.catch(() => {{}}); }}", mark)


def painted(page: Page) -> float:
    """The moment the expected mark was painted, in milliseconds since the epoch."""
    return float(page.evaluate("() => window.__painted"))
