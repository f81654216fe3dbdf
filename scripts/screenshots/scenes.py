"""What the pictures show: somebody's tasks, and what they do with them."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

from playwright.async_api import Page, ViewportSize

WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}
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
)
DONE = ("Return the library books #reading", "Reply to Sana about the trip #travel")
DAY = timedelta(days=1)


async def add(page: Page, line: str, **changes: object) -> str:
    parsed = await (await page.request.post("/api/tasks/parse", data={"text": line})).json()
    del parsed["spans"]
    answer = await page.request.post("/api/tasks", data=parsed | changes)
    if not answer.ok:
        raise SystemExit(f"{line!r} was refused: {await answer.text()}")
    return str((await answer.json())["id"])


async def fill(page: Page) -> None:
    """The tasks that the pictures show."""
    for line in DONE:
        await page.request.post(f"/api/tasks/{await add(page, line)}/complete")
    for line in LINES:
        await add(page, line)
    await add(page, "Send the invoice to the Karachi office !high #work", due={"date": str(date.today() - DAY)})


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


async def open_task(page: Page) -> None:
    await page.get_by_role("article", name="Prepare slides").get_by_role("checkbox").press("Enter")
    await page.get_by_label("Notes").fill("Outline first, then the demo.")


async def select_tasks(page: Page) -> None:
    await page.get_by_role("button", name="Select tasks").click()
    for title in ("Pay rent", "Call Ammi"):
        await page.get_by_role("checkbox", name=f"Select “{title}”").check()


async def complete(page: Page) -> None:
    row = page.get_by_role("article", name="Buy milk, eggs and bread")
    await row.get_by_role("checkbox").click()
    await page.get_by_role("button", name="Undo").wait_for()
    await row.wait_for(state="detached")


async def press(page: Page, keys: str) -> None:
    await page.get_by_role("heading", level=1).click()
    await page.keyboard.press(keys)
    await page.get_by_role("dialog").wait_for()


async def open_chat(page: Page) -> None:
    await page.get_by_role("navigation").get_by_role("button", name="Chat").click()
    await say(page, "what is due today?", "delete all tasks tagged home")


async def speak_urdu(page: Page) -> None:
    await say(page, "کل صبح 10 بجے ڈاکٹر کو فون کرنا شامل کرو")
    await page.locator("#quick-add").fill("کل شام 5 بجے دودھ خریدنا #گھر")
    await page.get_by_role("list", name="جو سمجھا گیا").wait_for()


Act = Callable[[Page], Awaitable[None]]
ACTS: dict[str, tuple[ViewportSize, Act]] = {
    "task": (WIDE, open_task),
    "task-phone": (PHONE, open_task),
    "selection": (WIDE, select_tasks),
    "selection-phone": (PHONE, select_tasks),
    "commands": (WIDE, lambda page: press(page, "Control+k")),
    "shortcuts": (WIDE, lambda page: press(page, "?")),
    "quick-add": (WIDE, type_line),
    "chat": (WIDE, chat),
    "chat-phone": (PHONE, open_chat),
    "undo": (WIDE, complete),
}
