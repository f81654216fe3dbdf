"""The database: engine, sessions, migrations and portable column types."""

from app.db.base import Base
from app.db.engine import Database
from app.db.session import DatabaseDep, ReadSession, WriteSession

__all__ = ["Base", "Database", "DatabaseDep", "ReadSession", "WriteSession"]
