"""Stories of people who talk with their tasks, in a real browser on the real backend."""

import json

import pytest
from playwright.async_api import Page, Route, expect

from tests.e2e.people import add, say, task, toast

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_chat_adds_completes_and_undoes(page: Page) -> None:
    await say(page, "Add buy milk tomorrow at 5pm")
    row = task(page, "Buy milk")
    await expect(row).to_contain_text("Tomorrow")
    await expect(page.get_by_role("log")).to_contain_text("Added a task")
    await say(page, "mark buy milk as done")
    await expect(row).to_have_count(0)
    await page.get_by_role("log").get_by_role("button", name="Undo").last.click()
    await expect(row).to_be_visible()


async def test_a_plan_is_cancelled_and_another_is_confirmed(page: Page) -> None:
    for title in ("Old one", "Old two"):
        await add(page, title)
    await say(page, "delete all tasks")
    plan = page.get_by_role("log").get_by_text("Confirm before I do this")
    await expect(plan).to_be_visible()
    await page.get_by_role("button", name="Cancel", exact=True).click()
    await expect(page.get_by_role("log")).to_contain_text("nothing was changed")
    await expect(task(page, "Old one")).to_be_visible()
    await say(page, "delete all tasks")
    await page.get_by_role("button", name="Confirm", exact=True).click()
    await expect(page.get_by_role("log")).to_contain_text("Confirmed")
    await expect(task(page, "Old one")).to_have_count(0)
    await expect(task(page, "Old two")).to_have_count(0)
    await page.reload()
    await expect(page.get_by_role("log")).to_contain_text("Confirmed")
    await expect(page.get_by_role("button", name="Confirm", exact=True)).to_have_count(0)


async def test_a_conversation_is_found_again_named_and_let_go(page: Page) -> None:
    await say(page, "Add learn the oud")
    await page.get_by_role("button", name="New conversation").click()
    await expect(page.get_by_role("heading", name="What is on your mind?")).to_be_visible()
    await page.get_by_role("button", name="Conversations").click()
    await page.get_by_role("dialog").get_by_role("button", name="Add learn the oud", exact=True).click()
    await expect(page.get_by_role("log")).to_contain_text("Add learn the oud")
    await page.get_by_role("button", name="Conversations").click()
    dialog = page.get_by_role("dialog", name="Conversations")
    await dialog.get_by_role("button", name="Rename: Add learn the oud").click()
    await dialog.get_by_label("Rename").fill("Music")
    await page.keyboard.press("Enter")
    delete = dialog.get_by_role("button", name="Delete: Music")
    await delete.click()
    await expect(dialog.get_by_role("alert")).to_have_text("Delete “Music”? The tasks stay.")
    await expect(dialog.get_by_role("button", name="Keep")).to_be_focused()
    await page.keyboard.press("Enter")
    await delete.click()
    await dialog.get_by_role("button", name="Delete", exact=True).click()
    await expect(dialog).to_contain_text("No conversations yet")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("heading", name="What is on your mind?")).to_be_visible()
    await expect(task(page, "Learn the oud")).to_be_visible()


async def test_a_page_loaded_again_goes_on_with_its_conversation(page: Page) -> None:
    await say(page, "Add learn the oud")
    await expect(task(page, "Learn the oud")).to_be_visible()
    await page.reload()
    log = page.get_by_role("log")
    await expect(log).to_contain_text("Added a task")
    await log.get_by_role("button", name="Undo").click()  # which only the events of the turn know
    await expect(task(page, "Learn the oud")).to_have_count(0)
    await say(page, "what is left?")
    await expect(log).to_contain_text("Add learn the oud")


async def test_a_message_said_better_takes_the_place_of_the_first_one(page: Page) -> None:
    await say(page, "Add buy brad")
    await expect(task(page, "Buy brad")).to_be_visible()
    log, composer = page.get_by_role("log"), page.get_by_label("Tell me what to do…")
    await log.get_by_text("Add buy brad").hover()
    await log.get_by_role("button", name="Edit and send again").click()
    await expect(composer).to_have_value("Add buy brad")
    await page.keyboard.press("Escape")
    await expect(composer).to_have_value("")
    await log.get_by_role("button", name="Edit and send again").click()
    await say(page, "Add buy bread")
    await expect(task(page, "Buy bread")).to_be_visible()
    await expect(log).not_to_contain_text("Add buy brad")
    kept = await toast(page, "What the first answer changed is still there")
    await kept.get_by_role("button", name="Undo").click()
    await expect(task(page, "Buy brad")).to_have_count(0)
    await page.reload()
    await expect(log).to_contain_text("Add buy bread")
    await expect(log).not_to_contain_text("Add buy brad")
    await expect(task(page, "Buy bread")).to_be_visible()


def stream(*events: tuple[str, dict[str, object]]) -> str:
    """The events as `POST /api/chat` sends them."""
    numbered = enumerate(events, 1)
    return "".join(f"id: {n}\nevent: {name}\ndata: {json.dumps(data)}\n\n" for n, (name, data) in numbered)


START = ("start", {"conversation_id": "c", "turn_id": "t", "engine": "openai_compatible"})


async def test_markdown_is_shown_safely_and_a_fallback_says_why(page: Page) -> None:
    words = "**Bold** <script>alert(1)</script> [site](javascript:alert(1)) ![picture](https://example.com/x.png)"
    events = (
        START,
        ("notice", {"code": "rate_limited", "text": "busy"}),
        ("weather", {"unknown": True}),
        ("text", {"delta": words}),
        ("done", {"turn_id": "t", "engine": "rules", "undo_token": None}),
    )

    async def answer(route: Route) -> None:
        await route.fulfill(body=stream(*events), content_type="text/event-stream")

    await page.route("**/api/chat", answer)
    await say(page, "hello")
    log = page.get_by_role("log")
    await expect(log).to_contain_text("Answered by the built-in rules, because the model has too much to do right now.")
    await expect(log.locator("strong")).to_have_text("Bold")
    assert await log.locator("script, img, a[href^=javascript]").count() == 0


async def test_an_answer_is_stopped_and_its_question_said_better(page: Page) -> None:
    async def begin(route: Route) -> None:
        await route.fulfill(body=stream(START, ("text", {"delta": "Half"})), content_type="text/event-stream")

    async def never(_: Route) -> None:
        """The rest of the answer does not come."""

    await page.route("**/api/chat", begin)
    await page.route("**/api/turns/t/events", never)
    await page.get_by_label("Tell me what to do…").fill("add brad")
    await page.keyboard.press("Enter")
    log = page.get_by_role("log")
    await expect(log).to_contain_text("Half")
    await page.get_by_role("button", name="Stop").click()  # the server does not know this turn and says so
    await expect(log).to_contain_text("Stopped.")
    await expect(log.get_by_role("button", name="Retry")).to_be_visible()
    await log.get_by_role("button", name="Edit and send again").click()
    composer = page.get_by_label("Tell me what to do…")
    await expect(composer).to_have_value("add brad")
    await expect(composer).to_be_focused()
