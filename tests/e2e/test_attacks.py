"""Pages and texts that mean harm, in a real browser: what they try, and the reports of the page's own policy."""

from collections.abc import AsyncIterator, Iterator
from urllib.parse import quote, urlsplit

import pytest
import pytest_asyncio
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.async_api import Browser, Page, expect

from tests.e2e.people import add, say, task
from tests.fake_provider.server import serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SCRIPTS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "<svg onload=alert(3)>",
    "\"'><iframe srcdoc='<script>parent.alert(4)</script>'>",
    "[a](javascript:alert(5)) {{constructor.constructor('alert(6)')()}}",
)
REPORT = """
addEventListener('securitypolicyviolation', found => report(found.violatedDirective + ' ' + found.blockedURI));
alert = what => report('alert ' + what);
"""
INJECTION = """html => new Promise(reported => {
  addEventListener('securitypolicyviolation', () => reported(), {once: true});
  document.body.insertAdjacentHTML('beforeend', html);
})"""
ATTACKS = """
<form id=json method=post enctype=text/plain action="{url}/api/tasks">
  <input name='{{"title":"Theirs","x":"' value='"}}'>
</form>
<form id=complete method=post action="{url}/api/tasks/{task}/complete"></form>
<form id=remove method=post action="{url}/api/import" enctype=multipart/form-data></form>
<script>
const send = (path, init) => fetch("{url}" + path, {{mode: "no-cors", credentials: "include", ...init}}).catch(() => 0);
const all = Promise.all([
  send("/api/tasks/{task}/complete", {{method: "POST"}}),
  send("/api/tasks", {{method: "POST", body: new Blob(['{{"title":"Theirs"}}'], {{type: "text/plain"}})}}),
  send("/api/import", {{method: "POST", body: "title\\nTheirs"}}),
]);
</script>
"""


@pytest.fixture
def other_sites() -> Iterator[list[str]]:
    """A harmful page under two names: another site, and this site on another port."""
    app = FastAPI()

    @app.get("/")
    def page(url: str, task: str) -> HTMLResponse:
        return HTMLResponse(ATTACKS.format(url=url, task=task))

    with serving(app) as address:
        port = urlsplit(address).port
        yield [f"http://127.0.0.1:{port}", f"http://localhost:{port}"]


async def test_a_page_of_another_site_writes_nothing_and_leaves_the_visitor_their_space(
    page: Page, url: str, other_sites: list[str]
) -> None:
    await add(page, "Mine")
    [mine] = (await (await page.request.get("/api/tasks")).json())["items"]
    cookies = await page.context.cookies()
    there = await page.context.new_page()
    for site in other_sites:
        for form in ("json", "complete", "remove"):
            await there.goto(f"{site}/?url={quote(url)}&task={mine['id']}")
            await there.evaluate("() => all")
            async with there.expect_navigation():
                await there.evaluate("form => document.getElementById(form).submit()", form)
            assert "urn:todo:forbidden" in await there.content()
    assert await page.context.cookies() == cookies
    [kept] = (await (await page.request.get("/api/tasks")).json())["items"]
    assert (kept["title"], kept["version"]) == ("Mine", mine["version"])


@pytest_asyncio.fixture(loop_scope="session")
async def watched(browser: Browser, url: str) -> AsyncIterator[tuple[Page, list[str]]]:
    """A page, and all that scripts of strangers did in it: dialogs, and violations that the policy stopped."""
    context = await browser.new_context(base_url=url, locale="en-GB", service_workers="block")
    done: list[str] = []
    await context.expose_function("report", lambda what: done.append(what))
    await context.add_init_script(REPORT)
    yield await context.new_page(), done
    await context.close()


async def test_no_text_of_a_stranger_runs_wherever_it_is_shown(watched: tuple[Page, list[str]]) -> None:
    page, done = watched
    new = [{"title": text, "notes": text, "tags": [text[:10].replace(" ", "")]} for text in SCRIPTS]
    answer = await page.request.post("/api/tasks/batch", data={"tasks": new})
    assert {result["status"] for result in (await answer.json())["results"]} == {201}
    imported = "title,notes\n" + "".join(f'"{text.replace(chr(34), chr(34) * 2)} i",x\n' for text in SCRIPTS)
    answer = await page.request.post("/api/import", data=imported, headers={"Content-Type": "text/csv"})
    assert answer.ok, await answer.text()
    for path in (f"/?q={quote(SCRIPTS[1])}", f"/{quote(SCRIPTS[0], safe='')}", "/"):
        await page.goto(path)
        await expect(page.get_by_role("main").first).to_be_visible()
    for text in SCRIPTS:
        await expect(task(page, text)).to_be_visible()
    await task(page, SCRIPTS[1]).click()
    await page.keyboard.press("Escape")
    await say(page, f"add {SCRIPTS[1]}")
    await say(page, SCRIPTS[0])
    await page.reload()
    await expect(page.get_by_role("log")).to_contain_text(SCRIPTS[0])
    assert done == []
    await page.evaluate(INJECTION, SCRIPTS[1])
    assert done == ["script-src-attr inline"]  # so the page would have reported any of the others
