"""What people set once, and what they take along."""

import asyncio
import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from playwright.async_api import FilePayload, Page, expect

from tests.e2e.conftest import NewPage
from tests.e2e.people import add, task

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def settings(new_page: NewPage) -> Page:
    return await new_page("/settings")


async def test_urdu_runs_from_right_to_left_and_is_understood(new_page: NewPage) -> None:
    page = await new_page("/settings")
    await page.get_by_text("اردو").click()
    await expect(page.locator("html")).to_have_attribute("dir", "rtl")
    await page.goto("/")
    await page.get_by_label("نیا کام").fill("کل دودھ خریدنا #گھر")
    await expect(page.get_by_role("list", name="جو سمجھا گیا")).to_contain_text("گھر")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("article", name="دودھ خریدنا")).to_be_visible()


async def test_a_file_is_looked_at_before_it_is_imported_and_bad_rows_are_named(new_page: NewPage) -> None:
    page = await new_page("/settings")
    section = page.locator("section").filter(has_text="Choose a file")

    async def choose(rows: str) -> None:
        file: FilePayload = {"name": "tasks.csv", "mimeType": "text/csv", "buffer": rows.encode()}
        await page.get_by_label("Choose a file").set_input_files(file)

    await choose("title\nGood\n" + "x" * 300)
    await expect(section.get_by_role("alert")).to_contain_text("line 3: title")
    await choose("title\nFrom a file\nAnother\n")
    await expect(section.get_by_role("status")).to_contain_text("tasks.csv has 2 new tasks.")
    await expect(section.get_by_role("status")).to_contain_text("From a file")
    assert (await (await page.request.get("/api/tasks")).json())["items"] == []
    await page.get_by_role("button", name="Import", exact=True).click()
    await expect(section.get_by_role("status")).to_contain_text("2 tasks added")
    await page.goto("/")
    await expect(task(page, "From a file")).to_be_visible()


async def test_today_is_that_of_the_chosen_time_zone(new_page: NewPage) -> None:
    """Of two zones that are 25 hours apart, one has always another date."""
    page = await new_page("/settings", timezone_id="UTC")
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        async with page.expect_navigation():
            await page.get_by_label("Time zone").select_option(zone)
        await page.get_by_role("link", name="Today").click()
        day = datetime.now(ZoneInfo(zone))
        await expect(page.get_by_role("heading", level=1).locator("+ p")).to_contain_text(f"{day.day} {day:%B}")
        await page.get_by_role("link", name="Settings").click()
        await expect(page.get_by_label("Time zone")).to_have_value(zone)


async def test_a_token_is_shown_once_works_and_is_revoked(settings: Page, url: str) -> None:
    await settings.get_by_label("What is it for?").fill("My script")
    await settings.get_by_role("button", name="Create token").click()
    shown = settings.locator("section").filter(has_text="Copy it now").locator("pre")
    authorization = {"Authorization": f"Bearer {await shown.inner_text()}", "Cookie": ""}
    assert (await settings.request.get("/api/tasks", headers=authorization)).ok
    await settings.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=url)
    connect = settings.locator("section").filter(has_text="Connect an assistant")
    await connect.get_by_role("button", name="Copy").first.click()
    await expect(connect.get_by_role("button", name="Copied")).to_be_visible()
    assert await settings.evaluate("navigator.clipboard.readText()") == f"{url}/api/mcp"
    await connect.get_by_role("button", name="Copy", exact=True).click()
    await expect(connect.get_by_role("button", name="Copied")).to_have_count(2)
    copied = json.loads(await settings.evaluate("navigator.clipboard.readText()"))["mcpServers"]["todo"]
    call = {"name": "add_task", "arguments": {"tasks": [{"title": "From an editor"}]}}
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    headers = copied["headers"] | {"Accept": "application/json, text/event-stream", "Cookie": ""}
    assert (await settings.request.post(copied["url"], headers=headers, data=asked)).ok
    kept = await (await settings.request.get("/api/tasks")).json()
    assert [one["title"] for one in kept["items"]] == ["From an editor"]
    await settings.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    await settings.reload()  # as on a host without https
    await expect(shown).to_have_count(0)
    await connect.get_by_role("button", name="Copy", exact=True).first.click()
    assert await settings.evaluate("getSelection().toString().trim()") == f"{url}/api/mcp"
    await settings.get_by_role("button", name="Revoke: My script").click()
    await expect(settings.get_by_text("My script")).to_have_count(0)
    assert (await settings.request.get("/api/tasks", headers=authorization)).status == 401


async def test_a_theme_stays_and_everything_can_be_taken_along_and_deleted(settings: Page) -> None:
    await settings.get_by_text("Dark", exact=True).click()
    await settings.goto("/")
    await expect(settings.locator("html")).to_have_attribute("data-theme", "dark")
    await add(settings, "Remember me")
    await settings.get_by_role("link", name="Settings").click()
    async with settings.expect_download() as download:
        await settings.get_by_role("link", name="JSON").click()
    kept = json.loads(await asyncio.to_thread((await (await download.value).path()).read_text))
    assert [one["title"] for one in kept["tasks"]] == ["Remember me"]
    await settings.get_by_role("button", name="Delete everything").click()
    await settings.get_by_role("dialog").get_by_role("button", name="Delete everything").click()
    await expect(settings.get_by_role("heading", name="Nothing to do")).to_be_visible()


async def test_a_task_whose_time_has_come_is_announced_and_opens(new_page: NewPage) -> None:
    """Headless Chromium shows no notifications, so the page is given a recorder of them."""
    page = await new_page("/", timezone_id="Asia/Karachi")
    await page.context.add_init_script("""window.Notification = class {
      static permission = "granted";
      constructor(title, options) { (window.shown ??= []).push({ title, ...options, press: () => this.onclick() }); }
    }""")
    due = datetime.now(ZoneInfo("Asia/Karachi"))
    when = {"date": f"{due:%Y-%m-%d}", "time": f"{due:%H:%M}", "time_zone": "Asia/Karachi"}
    made = await page.request.post("/api/tasks", data={"title": "Call Ammi", "due": when})
    await page.reload()
    await page.wait_for_function("() => window.shown?.length === 1 && window.shown[0].title === 'Call Ammi'")
    await page.evaluate("() => window.shown[0].press()")
    await page.wait_for_url(f"/?task={(await made.json())['id']}")
    await expect(page.get_by_role("dialog", name="Edit")).to_be_visible()
