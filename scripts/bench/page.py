"""The page in production: what it loads first, what Lighthouse says, how soon it answers a person, what it weighs."""

import json
import os
import subprocess
import time
from pathlib import Path

from playwright.sync_api import expect

from scripts.bench.browser import browser
from scripts.bench.footprint import resident
from scripts.bench.interaction import interactions
from scripts.bench.production import person_with_tasks, production
from scripts.bench.series import Series
from scripts.bench.servers import Asker
from scripts.chromium import chromium

LIGHTHOUSE = Path(__file__).with_name("lighthouse")
TASKS = 10_000
CATEGORIES = ("performance", "accessibility", "best-practices")


def javascript(url: str, cookie: str | None) -> float:
    """kB of compressed scripts that a page loads before a person does anything."""
    with browser() as started:
        headers = {"Cookie": cookie} if cookie else {}
        page = started.new_page(viewport={"width": 1440, "height": 900}, extra_http_headers=headers)
        scripts = []
        page.on("requestfinished", lambda r: scripts.append(r) if r.resource_type == "script" else None)
        page.goto(url, wait_until="networkidle")
        return sum(int(request.sizes()["responseBodySize"]) for request in scripts) / 1000


def lighthouse(url: str, cookie: str | None, report: Path) -> dict[str, float]:
    """The scores, 0 to 100, of the desktop preset."""
    argv: list[str | Path] = ["node", LIGHTHOUSE / "node_modules/lighthouse/cli/index.js", url, "--preset=desktop"]
    argv += ["--quiet", "--output=json", f"--output-path={report}", f"--only-categories={','.join(CATEGORIES)}"]
    argv += ["--chrome-flags=--headless=new --no-sandbox", "--no-enable-error-reporting"]
    if cookie:
        argv.append(f"--extra-headers={json.dumps({'Cookie': cookie})}")
    subprocess.run(argv, env={**os.environ, "CHROME_PATH": chromium() or ""}, check=True, capture_output=True)
    said = json.loads(report.read_text())["categories"]
    return {name: said[name]["score"] * 100 for name in CATEGORIES}


def without_network(url: str) -> float:
    """Seconds until a page that was there before is there again, says that it is offline, and has kept a draft."""
    with browser() as started:
        page = started.new_page(viewport={"width": 1440, "height": 900})
        page.goto(url)
        page.keyboard.press("n")
        page.evaluate("() => navigator.serviceWorker.ready")
        page.reload(wait_until="networkidle")
        page.locator("#quick-add").fill("Thought of in a tunnel")
        page.context.set_offline(True)
        begun = time.monotonic()
        page.reload()
        expect(page.get_by_role("alert").filter(has_text="You are offline.")).to_be_visible()
        expect(page.locator("#quick-add")).to_have_value("Thought of in a tunnel")
        took = time.monotonic() - begun
        page.locator("a[href='/week']").first.click()
        expect(page.get_by_role("heading", level=1, name="Week")).to_be_visible()
        return took


def at_rest(url: str, server: int) -> float:
    """MB of the process that serves the page, after it has served some."""
    asker = Asker(int(url.rsplit(":", 1)[1]))
    for _ in range(20):
        asker.get("/")
    time.sleep(1)  # after the collector had a moment
    return resident(server)


def page(runs: int, work: Path) -> list[Series]:
    if not (LIGHTHOUSE / "node_modules").exists():
        subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=LIGHTHOUSE, check=True, capture_output=True)
    with production(work) as running:
        url = running.url
        memory = at_rest(url, running.server)
        cookie = person_with_tasks(url, TASKS)
        offline = without_network(url)
        first, later = javascript(url, None), javascript(url, cookie)
        visits = [None, cookie] * max(1, runs // 10)
        scores = [lighthouse(url, visitor, work / "lighthouse.json") for visitor in visits]
        taken = interactions(url, cookie, TASKS)
    return [
        Series("memory-frontend", "memory at rest, frontend, production build", "MB", [memory]),
        Series("page-javascript", "JavaScript of a first visit, compressed", "kB", [first]),
        Series("page-javascript-tasks", "JavaScript of a visit with tasks, compressed", "kB", [later]),
        Series("page-offline", "the page again, without a network", "s", [offline]),
        *(
            Series(f"page-{name}", f"Lighthouse, desktop, {name}", "points", [score[name] for score in scores])
            for name in CATEGORIES
        ),
        Series("page-interaction", f"interaction to next paint with {TASKS:,} tasks", "ms", taken),
    ]
