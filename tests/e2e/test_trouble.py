"""What the page does when something else does not."""

import asyncio
import os

import httpx2
import pytest
from playwright.async_api import Page, Route, expect

from tests.e2e.conftest import NewPage
from tests.e2e.people import add, say, task, toast

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_offline_is_said_and_nothing_typed_is_lost(page: Page) -> None:
    await add(page, "Before the tunnel")
    await page.context.set_offline(True)
    await expect(page.get_by_text("You are offline.")).to_be_visible()
    line = page.get_by_label("Add a task")
    await line.fill("Written in the tunnel")
    await page.keyboard.press("Enter")
    await toast(page, "Not saved: the server cannot be reached")
    await expect(line).to_have_value("Written in the tunnel")
    await expect(task(page, "Written in the tunnel")).to_have_count(0)
    await page.get_by_role("button", name="Before the tunnel", exact=True).click()
    title = page.get_by_label("Title")
    await title.fill("Renamed in the tunnel")
    await title.press("Enter")
    await expect(title).not_to_be_focused()  # it is there again, and takes the cursor from nobody
    await expect(title).to_have_value("Renamed in the tunnel")
    await line.focus()
    await page.context.set_offline(False)
    await expect(page.get_by_text("You are offline.")).to_have_count(0)
    await page.keyboard.press("Enter")
    await expect(task(page, "Written in the tunnel")).to_be_visible()
    await title.press("Enter")
    await expect(task(page, "Renamed in the tunnel")).to_be_visible()


async def test_every_view_is_there_without_a_network(new_page: NewPage) -> None:
    if "E2E_URL" in os.environ:
        pytest.skip("what answers at E2E_URL may be `next dev`, whose pages register no service worker")
    page = await new_page("/", service_workers="allow")
    await page.keyboard.press("n")  # the rest is kept once somebody begins to use the page
    await page.evaluate("() => navigator.serviceWorker.ready")
    await page.reload(wait_until="networkidle")
    await page.get_by_label("Add a task").fill("Thought of in a tunnel")
    await page.context.set_offline(True)
    await page.reload()
    await expect(page.get_by_role("alert").filter(has_text="You are offline.")).to_be_visible()
    await expect(page.get_by_label("Add a task")).to_have_value("Thought of in a tunnel")
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("dialog", name="Commands")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.get_by_role("link", name="Week").click()  # which was never opened
    await expect(page.get_by_role("heading", level=1, name="Week")).to_be_visible()


async def test_a_server_that_is_down_is_said_steadily_until_it_is_back(page: Page) -> None:
    async def nobody(route: Route) -> None:
        await route.fulfill(status=502, body="Bad Gateway", content_type="text/plain")

    await page.route("**/api/**", nobody)
    await page.clock.install()
    await page.reload()
    banner = page.get_by_role("alert").filter(has_text="The server does not answer.")
    failed = page.get_by_role("heading", name="Your tasks could not be loaded")
    for _ in range(3):  # it tries again by itself before it says so
        async with page.expect_response("**/api/tasks?**"):
            await page.clock.fast_forward(4_000)
    await expect(failed).to_be_visible()
    async with page.expect_response("**/api/meta"):
        await page.clock.fast_forward(2_000)
    await expect(banner).to_be_visible()
    await expect(failed).to_be_visible()  # asking again whether it is back changes nothing on the page
    await page.unroute("**/api/**")
    await page.clock.fast_forward(2_000)
    await expect(page.get_by_role("heading", name="Nothing to do")).to_be_visible()
    await expect(banner).to_have_count(0)


async def test_a_server_that_is_slow_is_said_and_can_be_asked_again(page: Page) -> None:
    await add(page, "Patience")
    unanswered: list[Route] = []

    async def slow(route: Route) -> None:
        if unanswered:
            await route.continue_()
        else:
            unanswered.append(route)

    await page.route("**/api/tasks?**", slow)
    await page.clock.install()
    async with page.expect_request("**/api/tasks?**"):
        await page.get_by_role("link", name="Today").click()
    banner = page.get_by_role("alert").filter(has_text="The server is slow to answer.")
    await expect(banner).to_have_count(0)
    await page.clock.fast_forward(5_000)
    await expect(banner).to_be_visible()
    await banner.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("heading", name="Today is clear")).to_be_visible()
    await expect(banner).to_have_count(0)  # nobody waits any longer for the one that was given up


async def test_a_database_that_wakes_up_is_waited_for(page: Page) -> None:
    async def asleep(route: Route) -> None:
        problem = {"title": "Unavailable", "status": 503, "detail": "The database does not answer."}
        await route.fulfill(status=503, json=problem, content_type="application/problem+json")

    await page.route("**/api/meta", asleep)
    await page.clock.install()
    await page.reload()
    await expect(page.get_by_role("alert").filter(has_text="Waking the database…")).to_be_visible()
    await page.unroute("**/api/meta")
    await page.clock.fast_forward(2_000)
    chip = page.get_by_role("status", name="What answers here: Rules · SQLite · 3.")
    await expect(chip).to_be_visible()
    await expect(page.get_by_role("alert").filter(has_text="Waking")).to_have_count(0)
    await chip.click()
    await expect(page.locator("#status")).to_contain_text("Version")


async def test_what_is_written_while_a_task_cannot_be_added_is_kept_beside_it(page: Page) -> None:
    refused = asyncio.Event()

    async def slowly_refuse(route: Route) -> None:
        await refused.wait()
        await route.abort()

    await page.route("**/api/tasks", slowly_refuse)
    line = page.get_by_label("Add a task")
    await line.fill("First thought")
    await line.press("Enter")
    await line.fill("and the next")
    refused.set()
    await expect(line).to_have_value("First thought and the next")


async def test_a_refused_change_is_taken_back_with_the_reason(page: Page) -> None:
    row = await add(page, "Stubborn")

    async def refuse(route: Route) -> None:
        problem = {"title": "Conflict", "status": 409, "detail": "Somebody else was faster."}
        await route.fulfill(status=409, json=problem, content_type="application/problem+json")

    await page.route("**/api/tasks/*/complete", refuse)
    await row.get_by_role("checkbox").click()
    await toast(page, "Not saved: Somebody else was faster.")
    await expect(row.get_by_role("checkbox")).not_to_be_checked()


async def test_an_html_answer_is_explained_and_can_be_tried_again(page: Page) -> None:
    await add(page, "Still there")

    async def gateway(route: Route) -> None:
        await route.fulfill(status=500, body="<html>Internal Server Error</html>", content_type="text/html")

    await page.route("**/api/tasks?**", gateway)
    await page.goto("/today")
    await expect(page.get_by_role("alert").filter(has_text="could not be loaded")).to_be_visible()
    await page.unroute("**/api/tasks?**")
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("heading", name="Today is clear")).to_be_visible()


async def test_a_chat_that_fails_says_why_and_can_be_tried_again(page: Page) -> None:
    async def unavailable(route: Route) -> None:
        problem = {"title": "Too many requests", "status": 429, "detail": "That was too fast. Wait a moment."}
        await route.fulfill(status=429, json=problem, content_type="application/problem+json")

    await page.route("**/api/chat", unavailable)
    await say(page, "add bread")
    await expect(page.get_by_role("log")).to_contain_text("That was too fast. Wait a moment.")
    await page.unroute("**/api/chat")
    await page.get_by_role("button", name="Retry").click()
    await expect(task(page, "Bread")).to_be_visible()


async def test_an_answer_cut_by_a_broken_line_is_taken_up_again(page: Page) -> None:
    """The first answer ends after its first event and one that nobody knows; the page asks for the rest."""

    async def cut(route: Route) -> None:
        """Not by `route.fetch`, which waits for ever when Traefik itself breaks off: golang/go#40747."""
        said, headers = route.request, await route.request.all_headers()
        async with (
            httpx2.AsyncClient() as client,
            client.stream(said.method, said.url, headers=headers, content=said.post_data) as answer,
        ):
            try:
                first = await anext(answer.aiter_text())
            except httpx2.RemoteProtocolError:
                first = ""
        unknown = "event: confetti\ndata: {of a later version\n\n"
        body = first.split("\n\n")[0] + "\n\n" + unknown
        await route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=body)

    await page.route("**/api/chat", cut)
    await say(page, "add bread")
    await expect(page.get_by_role("log")).to_contain_text("Added")
    await expect(task(page, "Bread")).to_be_visible()


async def test_drafts_survive_a_reload(page: Page) -> None:
    await page.get_by_label("Add a task").fill("half a thou")
    await page.get_by_label("Tell me what to do…").fill("and half a wish")
    await page.reload()
    await expect(page.get_by_label("Add a task")).to_have_value("half a thou")
    await expect(page.get_by_label("Tell me what to do…")).to_have_value("and half a wish")


async def test_a_part_that_cannot_be_fetched_takes_nothing_else_with_it(page: Page) -> None:
    await expect(page.get_by_role("heading", name="Nothing to do")).to_be_visible()
    await page.route("**/_next/static/**/*.js", lambda route: route.abort())
    async with page.expect_event("requestfailed"):
        await page.get_by_role("button", name="Conversations").click()
    async with page.expect_event("requestfailed"):
        await page.keyboard.press("Control+k")
    await page.get_by_label("Add a task").fill("Still here")
    await expect(page.get_by_role("button", name="Add", exact=True)).to_be_enabled()
    await expect(page.get_by_role("heading", name="What is on your mind?")).to_be_visible()


async def test_what_is_written_before_the_page_is_awake_counts(page: Page) -> None:
    awake = asyncio.Event()

    async def later(route: Route) -> None:
        await awake.wait()
        await route.continue_()

    await page.route("**/_next/static/**/*.js", later)
    await page.reload(wait_until="commit")
    await page.get_by_label("Add a task").fill("Quick thought")
    await page.get_by_label("Tell me what to do…").fill("and a quick wish")
    awake.set()
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(task(page, "Quick thought")).to_be_visible()
    await expect(page.get_by_role("button", name="Send", exact=True)).to_be_enabled()
