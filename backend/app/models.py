"""Every table of the app in one import: what a migration compares the database with."""

from app.chat.model import Conversation, Turn, TurnEvents
from app.db.base import Base
from app.identity.model import ApiToken
from app.operations.idempotency import KeptAnswer
from app.tasks.model import Change, Task
from app.tools.plan_model import Plan

__all__ = ["ApiToken", "Base", "Change", "Conversation", "KeptAnswer", "Plan", "Task", "Turn", "TurnEvents"]
