"""Chat over HTTP: a turn as server-sent events or as one JSON object."""

from __future__ import annotations

import uuid
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import JSONResponse

from app.chat import examples
from app.chat.record import TurnRecord
from app.chat.replies import collect
from app.chat.repository import ChatRepository
from app.chat.schemas import ChatReply, ChatRequest
from app.chat.scripted import scripted_engine
from app.chat.sse import event_stream
from app.chat.turns import Turns
from app.db import ReadSession
from app.identity import CurrentIdentity, WritingIdentity
from app.operations.examples import packed, shows
from app.operations.idempotency import IdempotencyKey
from app.operations.problems import COMMON, NotFound, responses
from app.tasks.due import ZoneName, zone

router = APIRouter(prefix="/api", tags=["chat"], responses=responses(*COMMON))


async def _turns(request: Request) -> Turns:
    turns: Turns = request.app.state.turns
    return turns


TurnsDep = Annotated[Turns, Depends(_turns)]
ZoneHeader = Annotated[ZoneName | None, Header(alias="Time-Zone")]
# One server-sent event (OpenAPI 3.2, section 4.14.4); `data` is the JSON of that kind of event.
STREAM: dict[str, Any] = {
    "text/event-stream": {
        "schema": {
            "type": "object",
            "required": ["event", "data", "id"],
            "properties": {
                "event": {
                    "type": "string",
                    "enum": ["start", "text", "tool_call", "tool_result", "plan", "notice", "error", "done"],
                },
                "data": {"type": "string"},
                "id": {"type": "string"},
            },
        },
        "example": examples.EVENT,
    }
}
EVENTS: dict[int | str, dict[str, Any]] = {200: {"description": "The rest of the events", "content": STREAM}}
BOTH: dict[int | str, dict[str, Any]] = {
    200: {
        "model": ChatReply,
        "description": (
            "Events `start`, `text`, `tool_call`, `tool_result`, `plan`, `notice`, `error`, `done`, each with an id; "
            "one JSON object with `Accept: application/json`."
        ),
        "content": {**STREAM, "application/json": packed(examples.REPLY)},
    }
}


@router.post("/chat", responses={**BOTH, **responses(404, 409)}, response_model=None, response_class=Response)
async def chat(
    message: ChatRequest,
    request: Request,
    identity: WritingIdentity,
    turns: TurnsDep,
    idempotency_key: IdempotencyKey = None,
    time_zone: ZoneHeader = None,
) -> Response:
    """Say something. The turn goes on when the client goes away: see `/turns/{turn_id}/events` and `/stop`."""
    chosen: ZoneInfo = zone(message.time_zone or time_zone or "UTC")
    turn_id = await turns.begin(identity, message, idempotency_key, chosen, scripted_engine(request))
    events = turns.follow(identity, turn_id)
    if _wants_json(request):
        return JSONResponse((await collect(events)).model_dump(mode="json"))
    return event_stream(events)


@router.get(
    "/turns/{turn_id}/events",
    responses={**EVENTS, **responses(404)},
    response_model=None,
    response_class=Response,
)
async def resume(
    turn_id: uuid.UUID,
    identity: CurrentIdentity,
    turns: TurnsDep,
    last_event_id: Annotated[int, Header(alias="Last-Event-ID", ge=0, le=1_000_000)] = 0,
) -> Response:
    """The events of a turn after the last one that was seen, from any replica."""
    await turns.require(identity, turn_id)
    return event_stream(turns.follow(identity, turn_id, last_event_id))


@router.get("/turns/{turn_id}", responses=shows(examples.RECORD) | responses(404))
async def read_turn(turn_id: uuid.UUID, session: ReadSession, identity: CurrentIdentity) -> TurnRecord:
    """A turn with everything that is needed to play it again: against a scripted model, as a test case."""
    turn = await ChatRepository(session, identity.owner).turn(turn_id)
    if turn is None:
        raise NotFound("There is no such turn.")
    return TurnRecord.of(turn)


@router.post("/turns/{turn_id}/stop", status_code=204, responses=responses(404))
async def stop(turn_id: uuid.UUID, identity: WritingIdentity, turns: TurnsDep) -> None:
    """End a turn. What it did so far is kept, and can be undone."""
    await turns.stop(identity, turn_id)


def _wants_json(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return "application/json" in accept and "text/event-stream" not in accept
