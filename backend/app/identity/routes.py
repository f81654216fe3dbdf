"""/api/tokens and /api/me."""

import uuid
from typing import Annotated, Self

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app.db import ReadSession, WriteSession
from app.identity import cookie
from app.identity.identity import CurrentIdentity, Scope, WritingIdentity
from app.identity.leave import remove_everything
from app.identity.model import ApiToken
from app.identity.tokens import TokenService
from app.operations.examples import shows
from app.operations.idempotency import OnceDep
from app.operations.problems import COMMON, responses
from app.tasks.schemas import Timestamp, one_line, strip

router = APIRouter(prefix="/api", tags=["identity"], responses=responses(*COMMON))
TOKEN = {
    "id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    "name": "My editor",
    "scope": "write",
    "created_at": "2026-11-25T12:00:00Z",
}
NEW_TOKEN = {**TOKEN, "token": "todo_wJ5mH2k8Qx0ZrT1nVb6YcE9uLp3sGd7fA4iKoXqMtRg"}

TokenName = Annotated[
    str, BeforeValidator(strip), Field(min_length=1, max_length=100, examples=["My editor"]), one_line
]


class TokenCreate(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "My editor", "scope": "write"}]})

    name: TokenName
    scope: Scope = "write"


class TokenOut(BaseModel):
    id: uuid.UUID
    name: str
    scope: Scope
    created_at: Timestamp

    @classmethod
    def of(cls, row: ApiToken) -> Self:
        return cls.model_validate({"id": row.id, "name": row.name, "scope": row.scope, "created_at": row.created_at})


class NewToken(TokenOut):
    """The only answer that holds the token itself."""

    token: str = Field(description="For `Authorization: Bearer …`; it is not shown again")


class TokenList(BaseModel):
    items: list[TokenOut]


@router.get("/tokens", responses=shows({"items": [TOKEN]}))
async def list_tokens(session: ReadSession, identity: CurrentIdentity) -> TokenList:
    """Your API tokens, without their text."""
    return TokenList(items=[TokenOut.of(token) for token in await TokenService(session, identity).list()])


@router.post("/tokens", status_code=201, responses=shows(NEW_TOKEN, 201) | responses(409))
async def create_token(
    request: Request,
    response: Response,
    session: WriteSession,
    identity: WritingIdentity,
    new: TokenCreate,
    once: OnceDep,
) -> NewToken:
    """Make a token for a program; it acts in your name, and may read or also write."""
    tokens = TokenService(session, identity, request.app.state.settings.secret_key.get_secret_value())
    draft = tokens.draft(new.name, new.scope)
    token = TokenOut.of(draft)
    if answered := await once.settle(token, response, 201):  # without its text, which nobody keeps
        response.headers["Idempotency-Replayed"] = "true"
        token = TokenOut.model_validate_json(bytes(answered.body))
    else:
        await tokens.store(draft)
    return NewToken(**dict(token), token=tokens.text(token.id))


@router.delete("/tokens/{token_id}", status_code=204, responses=responses(404))
async def revoke_token(session: WriteSession, identity: WritingIdentity, token_id: uuid.UUID) -> None:
    """Revoke a token; it stops working at once."""
    await TokenService(session, identity).revoke(token_id)


@router.delete("/me", status_code=204)
async def leave(request: Request, session: WriteSession, identity: WritingIdentity) -> None:
    """Leave with everything: tasks, conversations, tokens. It cannot be undone."""
    await remove_everything(session, identity.owner)
    request.scope["set_cookie"] = cookie.expired()
