"""The user's word on a plan: do it, or leave it."""

from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request

from app.chat.examples import CONFIRMED
from app.chat.schemas import PlanConfirmed
from app.db import WriteSession
from app.identity import WritingIdentity
from app.operations.examples import shows
from app.operations.problems import COMMON, responses
from app.tasks.service import TaskService
from app.tools.plans import carry_out, settle_plan

router = APIRouter(prefix="/api/plans", tags=["chat"], responses=responses(*COMMON))


@router.post("/{plan_id}/confirm", responses=shows(CONFIRMED) | responses(404, 409))
async def confirm_plan(
    plan_id: uuid.UUID, request: Request, session: WriteSession, identity: WritingIdentity
) -> PlanConfirmed:
    """Carry out exactly what was planned, all of it or nothing."""
    plan = await settle_plan(session, identity.owner, plan_id, "confirmed")
    secret = request.app.state.settings.secret_key.get_secret_value()
    service = TaskService(session, identity, zone=ZoneInfo(plan.time_zone), secret=secret)
    text, tasks = await carry_out(service, plan)
    return PlanConfirmed(text=text, tasks=tasks, undo_token=service.undo_token)


@router.post("/{plan_id}/cancel", status_code=204, responses=responses(404, 409))
async def cancel_plan(plan_id: uuid.UUID, session: WriteSession, identity: WritingIdentity) -> None:
    """Leave everything as it is."""
    await settle_plan(session, identity.owner, plan_id, "cancelled")
