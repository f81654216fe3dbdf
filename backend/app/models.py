"""Every table of the app in one import: what a migration compares the database with."""

from app.db.base import Base
from app.identity.model import ApiToken
from app.operations.idempotency import KeptAnswer
from app.tasks.model import Change, Task

__all__ = ["ApiToken", "Base", "Change", "KeptAnswer", "Task"]
