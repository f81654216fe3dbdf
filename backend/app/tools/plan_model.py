"""Plans: acts that wait for a confirmation, stored with the exact tasks so that any replica can carry them out."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Instant, PortableJSON


class Plan(Base):
    """`targets` are {id, version} of the tasks; `new_tasks` what an "add" would create."""

    __tablename__ = "plans"

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    owner: Mapped[str] = mapped_column(String(64), index=True)
    conversation_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, index=True)
    act: Mapped[str] = mapped_column(String(16))
    summary: Mapped[str] = mapped_column(String(500))
    targets: Mapped[list[dict[str, Any]]] = mapped_column(PortableJSON)
    new_tasks: Mapped[list[dict[str, Any]]] = mapped_column(PortableJSON)
    changes: Mapped[dict[str, Any] | None] = mapped_column(PortableJSON)
    time_zone: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), default="open")
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
