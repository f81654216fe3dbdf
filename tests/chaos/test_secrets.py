"""No secret comes into the log, at its most talkative, when what is secret is wrong, is said back or is malformed."""

from pathlib import Path

from tests.chaos.browser import Browser
from tests.chaos.server import Nursery, running
from tests.fake_provider.script import Reply
from tests.fake_provider.server import running_provider

SIGNING, MODEL = "signing-hush-" * 4, "sk-model-hush"


def test_no_key_no_cookie_and_no_token_is_logged(nursery: Nursery, database: Path, tmp_path: Path) -> None:
    with running_provider() as model:
        model.provider.always = Reply(status=401, echo_key=True)
        settings = {"secret_key": SIGNING, "llm_api_key": MODEL, "llm_base_url": model.base_url, "log_level": "debug"}
        with running(nursery, database, tmp_path, **settings) as server, Browser(server.port) as browser:
            token = browser.call("POST", "/api/tokens", {"name": "of a program"}).body["token"]
            said = browser.call("POST", "/api/chat", {"message": "add milk"}, accept="application/json")
            assert [notice["code"] for notice in said.body["notices"]] == ["unauthorized"]
            assert MODEL in model.provider.keys[0]
            for bearer in (token, f"{token}x"):
                browser.call("GET", "/api/tasks", authorization=f"Bearer {bearer}")
                browser.call("POST", "/api/mcp", {"jsonrpc": bearer}, authorization=f"Bearer {bearer}")
            browser.call("GET", "/api/tasks", cookie=f"{browser.cookie}x")
            cookie = browser.cookie.partition("=")[2]
            written = server.output()
    assert '"/api/chat"' in written
    assert [secret for secret in (SIGNING, MODEL, token, cookie) if secret in written] == []
