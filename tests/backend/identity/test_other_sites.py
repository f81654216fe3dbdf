"""What another site's page makes a browser send, which the person never asked for."""

import pytest
from httpx2 import AsyncClient

from tests.backend.conftest import ClientFactory

THEIRS = [
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:3999"},  # another port, to which Lax gives the cookie
    {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    {"Origin": "http://evil.example"},  # a browser leaves the first one out on plain http
    {"Origin": "null"},
    {"Origin": "http://["},
]
OURS = [
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://behind-a-proxy.example"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://localhost"},
    {"Origin": "http://localhost:8080"},  # PUBLIC_URL, of a proxy that says another Host
    {},  # no browser
]


@pytest.mark.parametrize("headers", THEIRS)
async def test_another_sites_page_changes_nothing_and_takes_nobodys_space(
    headers: dict[str, str], client: AsyncClient, new_client: ClientFactory
) -> None:
    task = (await client.post("/api/tasks", json={"title": "Mine"})).json()
    guest = client.cookies["todo_guest"]
    for visitor in (client, new_client()):
        for method, path in (
            ("POST", f"/api/tasks/{task['id']}/complete"),
            ("POST", "/api/tasks"),
            ("DELETE", "/api/me"),
        ):
            refused = await visitor.request(method, path, json={"title": "Theirs"}, headers=headers)
            assert (refused.status_code, refused.json()["type"]) == (403, "urn:todo:forbidden"), path
            assert "set-cookie" not in refused.headers
    assert client.cookies["todo_guest"] == guest
    [kept] = (await client.get("/api/tasks", headers=headers)).json()["items"]
    assert (kept["title"], kept["done"]) == ("Mine", False)


@pytest.mark.parametrize("headers", OURS)
async def test_our_own_page_and_programs_write(headers: dict[str, str], client: AsyncClient) -> None:
    assert (await client.post("/api/tasks", json={"title": "Mine"}, headers=headers)).status_code == 201


async def test_a_token_writes_from_anywhere_since_no_browser_adds_it(
    client: AsyncClient, new_client: ClientFactory
) -> None:
    token = (await client.post("/api/tokens", json={"name": "Editor", "scope": "write"})).json()["token"]
    anywhere = new_client(Authorization=f"Bearer {token}")
    assert (await anywhere.post("/api/tasks", json={"title": "Mine"}, headers=THEIRS[0])).status_code == 201


async def test_a_form_of_a_browser_without_these_headers_is_no_json(client: AsyncClient) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        answer = await client.post("/api/tasks", content=b'{"title": "Theirs"}', headers={"Content-Type": kind})
        assert answer.status_code == 422, kind
    assert (await client.get("/api/tasks")).json()["items"] == []
