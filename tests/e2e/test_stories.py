"""Whole stories of people with their tasks, in a real browser on the real backend."""

import re
import time

import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import NewPage
from tests.e2e.people import add, say, task, tasks, toast

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_first_visit_becomes_a_first_task_in_ten_seconds(page: Page) -> None:
    began = time.monotonic()
    await expect(page.get_by_role("heading", name="Nothing to do")).to_be_visible()
    await add(page, "Call Ammi")
    assert time.monotonic() - began < 10
    await page.reload()
    await expect(task(page, "Call Ammi")).to_be_visible()


async def test_what_a_line_means_is_marked_and_can_be_corrected(page: Page) -> None:
    await page.get_by_label("Add a task").fill("Pay rent tomorrow every month #home !high")
    marks = page.get_by_role("list", name="Understood")
    await expect(marks.get_by_role("button", name="Tomorrow", exact=True)).to_be_visible()
    await expect(marks).to_contain_text("Every month")
    await marks.get_by_role("button", name="High", exact=True).click()
    await page.get_by_role("menuitemradio", name="Low").click()
    await marks.get_by_role("button", name="Don't use #home").click()
    await page.get_by_role("button", name="Add", exact=True).click()
    added = task(page, "Pay rent #home")
    await expect(added).to_contain_text("Tomorrow")
    await added.hover()
    await added.get_by_role("button", name="More for").click()
    await expect(page.get_by_role("menuitemradio", name="Low")).to_be_checked()


async def test_a_task_is_completed_and_the_undo_toast_brings_it_back(page: Page) -> None:
    row = await add(page, "Water the plants")
    await row.get_by_role("checkbox").click()
    shown = await toast(page, "Done: “Water the plants”")
    await expect(row).to_have_count(0)
    await shown.get_by_role("button", name="Undo").click()
    await expect(row.get_by_role("checkbox")).not_to_be_checked()


async def test_a_title_is_edited_where_it_stands(page: Page) -> None:
    row = await add(page, "Book flihgts")
    await row.get_by_role("button", name="Book flihgts", exact=True).click()
    await page.get_by_label("Title").fill("Book flights")
    await page.keyboard.press("Enter")
    await expect(task(page, "Book flights")).to_be_visible()
    await toast(page, "Changed")
    await page.reload()
    await expect(task(page, "Book flights")).to_be_visible()


async def test_every_field_of_a_task_is_edited_in_its_dialog_which_has_an_address(page: Page) -> None:
    row = await add(page, "Prepare slides")
    await row.hover()
    await row.get_by_role("button", name="More for").click()
    await page.get_by_role("menuitem", name="Edit").click()
    dialog = page.get_by_role("dialog", name="Edit")
    await dialog.get_by_label("Notes").fill("Outline first")
    await dialog.get_by_label("Due").fill("2031-05-04")
    await dialog.get_by_label("Priority").select_option("high")
    await dialog.get_by_label("Tags").fill("work,")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)
    await expect(row).to_contain_text("4 May 2031")
    await expect(row).to_contain_text("work")
    await row.hover()
    await row.get_by_role("button", name="More for").click()
    await page.get_by_role("menuitem", name="Edit").click()
    await page.reload()
    await expect(page.get_by_role("dialog").get_by_label("Notes")).to_have_value("Outline first")


async def test_search_and_filters_find_and_can_be_linked_to(page: Page) -> None:
    await add(page, "Buy milk #shop", "Buy milk")
    await add(page, "Send invoice #work !high", "Send invoice")
    await page.get_by_label("Search tasks").fill("invo")
    await expect(task(page, "Buy milk")).to_have_count(0)
    await expect(task(page, "Send invoice")).to_be_visible()
    await page.get_by_label("Search tasks").fill("")
    await task(page, "Buy milk").get_by_role("button", name="shop").click()
    await expect(task(page, "Send invoice")).to_have_count(0)
    await page.reload()
    await expect(task(page, "Buy milk")).to_be_visible()
    await expect(await add(page, "Eggs")).to_contain_text("shop")  # or it would be gone from where it was added
    await page.get_by_role("button", name="Remove filter #shop").click()
    await expect(task(page, "Send invoice")).to_be_visible()


async def test_the_list_is_narrowed_and_put_in_order_by_its_menus(page: Page) -> None:
    await add(page, "Water the plants")
    await add(page, "Send invoice !high", "Send invoice")
    await task(page, "Water the plants").get_by_role("checkbox").click()
    await expect(task(page, "Water the plants")).to_have_count(0)

    async def choose(menu: str, item: str) -> None:
        await page.get_by_role("button", name=menu, exact=True).click()
        await page.get_by_role("menuitemradio", name=item, exact=True).click()
        await expect(page.get_by_role("menu")).to_have_count(0)

    await choose("Filter", "Done")
    await expect(task(page, "Water the plants")).to_be_visible()
    await expect(task(page, "Send invoice")).to_have_count(0)
    await choose("Filter", "Open and done")
    titles = tasks(page).get_by_role("article")
    await expect(titles).to_have_count(2)
    await choose("Sort", "Title")
    await expect(titles.first).to_have_accessible_name("Send invoice")
    await choose("Sort", "Newest first")
    await expect(titles.first).to_have_accessible_name("Send invoice")
    await choose("Filter", "High")
    await expect(task(page, "Water the plants")).to_have_count(0)
    await expect(page).to_have_url(re.compile(r"\?status=all&sort=created&priority=high$"))
    await page.get_by_role("button", name="Remove filter High").click()
    await expect(task(page, "Water the plants")).to_be_visible()


async def test_many_tasks_are_completed_as_one_and_undone_as_one(page: Page) -> None:
    for title in ("One", "Two", "Three"):
        await add(page, title)
    await page.get_by_role("button", name="Select tasks").click()
    await page.get_by_role("checkbox", name="Select “One”").check()
    await page.get_by_role("checkbox", name="Select “Two”").check()
    await page.get_by_role("toolbar").get_by_role("button", name="Complete").click()
    shown = await toast(page, "2 tasks changed")
    await expect(task(page, "One")).to_have_count(0)
    await shown.get_by_role("button", name="Undo").click()
    await expect(task(page, "One")).to_be_visible()
    await expect(task(page, "Two")).to_be_visible()
    await page.get_by_role("button", name="Select tasks").click()
    await page.get_by_role("toolbar").get_by_role("button", name="Select all").click()
    await page.get_by_role("toolbar").get_by_role("button", name="Delete").click()
    await toast(page, "3 tasks changed")
    await expect(page.get_by_role("heading", name="Nothing to do")).to_be_visible()
    await page.keyboard.press("Control+z")
    await expect(tasks(page).get_by_role("article")).to_have_count(3)
    await page.keyboard.press("Control+z")  # the addition before, of a task that was deleted and is back
    await expect(task(page, "Three")).to_have_count(0)


async def test_a_task_is_dragged_to_another_day_of_the_week(page: Page) -> None:
    await add(page, "Dentist today", "Dentist")
    await page.get_by_role("link", name="Week").click()
    card = task(page, "Dentist")
    await expect(card).to_be_visible()
    from_day = await page.locator("[data-day]").filter(has=card).get_attribute("data-day")
    days = [await day.get_attribute("data-day") for day in await page.locator("[data-day]").all()]
    other = next(day for day in days if day != from_day)
    await card.drag_to(page.locator(f'[data-day="{other}"]'))
    await expect(page.locator(f'[data-day="{other}"]').get_by_role("article", name="Dentist")).to_be_visible()
    await toast(page, "Changed")
    await page.get_by_role("button", name="Week after").click()
    await expect(page.locator(f'[data-day="{days[0]}"]')).to_have_count(0)
    await page.reload()  # the address has the week
    await expect(page.locator(f'[data-day="{days[0]}"]')).to_have_count(0)
    await page.get_by_role("button", name="Today", exact=True).click()
    await expect(card).to_be_visible()
    assert "week=" not in page.url


async def test_two_tabs_stay_in_step(page: Page) -> None:
    await add(page, "Shared thing")
    other = await page.context.new_page()
    await other.goto("/")
    await expect(task(other, "Shared thing")).to_be_visible()
    await task(other, "Shared thing").get_by_role("checkbox").click()
    await expect(task(page, "Shared thing")).to_have_count(0)
    row = await add(page, "From the first tab")
    await expect(task(other, "From the first tab")).to_be_visible()
    await row.get_by_role("checkbox").press("Enter")
    notes = page.get_by_label("Notes")
    await notes.fill("Written here")
    await task(other, "From the first tab").get_by_role("button", name="From the first tab", exact=True).click()
    async with page.expect_response("**/api/tasks/*-*"):  # what was changed there is known here
        await other.get_by_label("Title").fill("Renamed in the other")
        await other.keyboard.press("Enter")
    await notes.press("Escape")  # closes the form, and keeps what was written in it
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(task(page, "Renamed in the other")).to_be_visible()
    kept = (await (await page.request.get("/api/tasks?q=Renamed")).json())["items"][0]
    assert kept["notes"] == "Written here"


async def test_everything_is_done_by_keyboard_alone(page: Page) -> None:
    await expect(page.get_by_role("heading", name="Nothing to do")).to_be_visible()
    keyboard = page.keyboard
    await keyboard.press("n")
    for title in ("First", "Second"):
        await keyboard.type(title)
        await keyboard.press("Enter")
        await expect(task(page, title)).to_have_attribute("aria-busy", "false")
    await keyboard.press("Escape")
    await keyboard.press("j")
    await expect(task(page, "Second").get_by_role("checkbox")).to_be_focused()
    await keyboard.press("j")
    await expect(task(page, "First").get_by_role("checkbox")).to_be_focused()
    await keyboard.press("Space")
    await expect(task(page, "First")).to_have_count(0)
    await expect(task(page, "Second").get_by_role("checkbox")).to_be_focused()  # there is always one to go on with
    await keyboard.press("Control+z")
    await expect(task(page, "First")).to_be_visible()
    await keyboard.press("g")
    await keyboard.press("d")
    await expect(page.get_by_role("heading", name="Done", exact=True)).to_be_visible()
    await keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    await keyboard.press("Escape")
    await keyboard.press("Control+k")
    await expect(page.get_by_role("combobox")).to_be_focused()
    await keyboard.type("today")
    await expect(page.get_by_role("option")).to_have_count(3)
    await keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()


async def test_a_phone_has_everything_in_reach_of_a_thumb(new_page: NewPage) -> None:
    """That no view is wider than a phone is seen where axe looks at them all."""
    page = await new_page("/", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    tag = "what-is-in-the-little-shop-around-the-corner"
    row = await add(page, f"Buy milk tomorrow #{tag} !high", "Buy milk")
    picture = row.get_by_role("button", name=tag).locator("svg")  # keeps its room beside a long word
    assert await picture.evaluate("(it) => it.getBoundingClientRect().width") == 12
    await page.get_by_role("button", name="Chat").tap()
    await say(page, "list my tasks")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await page.get_by_role("button", name="Close the chat").tap()
    more = page.get_by_role("button", name="More", exact=True)
    await more.tap()
    await page.get_by_role("menuitem", name="Settings").tap()
    await expect(page.get_by_role("heading", level=1, name="Settings")).to_be_visible()
    await more.tap()
    await page.get_by_role("menuitem", name="What answers here: Rules · SQLite").tap()
    await expect(page.locator("#status")).to_contain_text("Environment")


async def test_many_pages_of_tasks_are_scrolled_through_to_the_last(page: Page) -> None:
    many = [{"title": f"Task {number:03}"} for number in range(300)]
    assert (await page.request.post("/api/import", data=many)).ok
    await page.goto("/?sort=title")
    await expect(task(page, "Task 000")).to_be_visible()
    await page.get_by_role("button", name="Select tasks").click()
    await page.get_by_role("button", name="Select the first 50").click()  # there are more
    await expect(page.get_by_role("toolbar").get_by_role("status")).to_have_text("50 selected")
    await page.get_by_role("button", name="Stop selecting").click()
    rows = page.get_by_role("list", name="Tasks").get_by_role("article")
    while not await task(page, "Task 299").is_visible():
        await page.mouse.move(700, 600)
        await page.mouse.wheel(0, 20_000)
        await page.evaluate("() => new Promise(requestAnimationFrame)")
    assert await rows.count() < 60  # only those in sight exist
    await task(page, "Task 299").get_by_role("checkbox").click()
    await expect(task(page, "Task 299")).to_have_count(0)
    await expect(task(page, "Task 298")).to_be_visible()


async def test_the_last_task_added_is_taken_back_without_leaving_the_line(page: Page) -> None:
    await add(page, "Too hasty")
    await page.keyboard.press("Control+z")
    await expect(task(page, "Too hasty")).to_have_count(0)
    await page.keyboard.type("words")
    await page.keyboard.press("Control+z")  # is the field's own, as long as there are words in it
    await expect(page.get_by_text("Nothing to undo")).to_have_count(0)
