"""Guest cookies and personal API tokens."""

import asyncio

from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import select

from app.identity import cookie
from app.identity.model import ApiToken
from app.models import Base
from tests.backend.conftest import ClientFactory


async def make(client: AsyncClient, scope: str) -> dict[str, str]:
    answer = await client.post("/api/tokens", json={"name": "Editor", "scope": scope})
    assert answer.status_code == 201
    token: dict[str, str] = answer.json()
    return token


async def test_a_browser_keeps_its_space_by_a_cookie_that_scripts_cannot_read(client: AsyncClient) -> None:
    first = await client.post("/api/tasks", json={"title": "Mine"})
    header = first.headers["set-cookie"]
    assert header.startswith("todo_guest=v1.guest-")
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Secure" not in header
    assert "set-cookie" not in (await client.get("/api/tasks")).headers


async def test_reads_that_begin_a_visit_cannot_take_the_space_of_its_first_write(client: AsyncClient) -> None:
    paths = ("/api/tasks", "/api/conversations", "/api/meta", "/api/tokens")
    for path in paths:
        assert "set-cookie" not in (await client.get(path)).headers, path
    parsed = await client.post("/api/tasks/parse", json={"text": "milk tomorrow"})
    assert "set-cookie" not in parsed.headers
    await client.post("/api/tasks", json={"title": "Mine"})
    assert [task["title"] for task in (await client.get("/api/tasks")).json()["items"]] == ["Mine"]


async def test_the_cookie_is_secure_over_https(new_client: ClientFactory) -> None:
    client = new_client()
    client.base_url = "https://localhost"  # type: ignore[assignment]
    first = await client.post("/api/tasks", json={"title": "Mine"})
    assert "; Secure" in first.headers["set-cookie"]


async def test_a_forged_cookie_makes_a_new_guest(client: AsyncClient, new_client: ClientFactory) -> None:
    await client.post("/api/tasks", json={"title": "Mine"})
    mine = client.cookies["todo_guest"]
    owner = mine.split(".")[1]
    forgeries = [
        mine[:-1] + ("0" if mine[-1] != "0" else "1"),
        cookie.sign(owner, "x" * 32),
        f"v1.{owner}.1.",
        "",
        "\xe9.",
    ]
    for forged in forgeries:
        forger = new_client(Cookie=f"todo_guest={forged}".encode("latin-1"))
        assert (await forger.get("/api/tasks")).json()["items"] == []
        answer = await forger.post("/api/tasks", json={"title": "Forged"})
        assert answer.headers["set-cookie"].split(".")[1] != owner


async def test_a_token_acts_in_its_owners_name_and_is_stored_as_a_digest(
    client: AsyncClient, new_client: ClientFactory, app: FastAPI
) -> None:
    token = await make(client, "write")
    program = new_client(Authorization=f"Bearer {token['token']}")
    assert (await program.post("/api/tasks", json={"title": "By program"})).status_code == 201
    assert [t["title"] for t in (await client.get("/api/tasks")).json()["items"]] == ["By program"]
    listed = (await client.get("/api/tokens")).json()["items"]
    assert [t["id"] for t in listed] == [token["id"]]
    assert "token" not in listed[0]
    async with app.state.database.read() as session:
        stored = (await session.execute(select(ApiToken))).scalar_one()
    assert token["token"] not in str(vars(stored))


async def test_a_reading_token_may_not_write(client: AsyncClient, new_client: ClientFactory) -> None:
    program = new_client(Authorization=f"Bearer {(await make(client, 'read'))['token']}")
    assert (await program.get("/api/tasks")).status_code == 200
    refused = await program.post("/api/tasks", json={"title": "No"})
    assert (refused.status_code, refused.json()["detail"]) == (403, "This token may only read.")
    assert (await program.delete("/api/me")).status_code == 403


async def test_a_revoked_or_unknown_token_is_refused(client: AsyncClient, new_client: ClientFactory) -> None:
    token = await make(client, "write")
    program = new_client(Authorization=f"Bearer {token['token']}")
    assert (await client.delete(f"/api/tokens/{token['id']}")).status_code == 204
    assert (await client.delete(f"/api/tokens/{token['id']}")).status_code == 404
    refused = await program.get("/api/tasks")
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert (await new_client(Authorization="Bearer nonsense").get("/api/tasks")).status_code == 401


async def test_there_are_fifty_tokens_and_no_more_until_one_is_revoked(client: AsyncClient) -> None:
    tokens = [await make(client, "read") for _ in range(50)]
    assert len({token["token"] for token in tokens}) == 50
    refused = await client.post("/api/tokens", json={"name": "Editor"})
    assert (refused.status_code, "revoke one" in refused.json()["detail"]) == (409, True)
    await client.delete(f"/api/tokens/{tokens[0]['id']}")
    body = {"name": "Editor"}
    answers = await asyncio.gather(*(client.post("/api/tokens", json=body) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 5]


async def test_somebody_elses_token_cannot_be_revoked(client: AsyncClient, new_client: ClientFactory) -> None:
    token = await make(client, "write")
    assert (await new_client().delete(f"/api/tokens/{token['id']}")).status_code == 404


async def test_leaving_removes_every_row_of_the_owner_and_nobody_elses(
    client: AsyncClient, new_client: ClientFactory, app: FastAPI
) -> None:
    other = new_client()
    for person in (client, other):
        await person.post("/api/tasks", json={"title": "x"}, headers={"Idempotency-Key": "k"})
        await person.post("/api/chat", json={"message": "delete x"}, headers={"Accept": "application/json"})
        await make(person, "read")
    before = await owners(app)
    assert {len(found) for found in before.values()} == {2}, "a table is not tried"
    left = await client.delete("/api/me")
    assert left.status_code == 204
    assert "Max-Age=0" in left.headers["set-cookie"]
    owner = other.cookies["todo_guest"].split(".")[1]
    assert await owners(app) == {table: {owner} for table in before}


async def owners(app: FastAPI) -> dict[str, set[str]]:
    """Who has something in each table that has owners."""
    async with app.state.database.read() as session:
        tables = [table for table in Base.metadata.tables.values() if "owner" in table.c]
        return {table.name: set((await session.execute(select(table.c.owner))).scalars()) for table in tables}
