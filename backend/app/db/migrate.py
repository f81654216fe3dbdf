"""`python -m app.db.migrate`: bring the database to the newest revision. Safe to run from many processes at once."""

import sys

from alembic import command
from alembic.config import Config
from sqlalchemy.exc import SQLAlchemyError

from app.config import BadSettings, load_settings
from app.db.revision import MIGRATIONS
from app.db.url import DatabaseUrl


def alembic_config(url: DatabaseUrl) -> Config:
    """Alembic's configuration without its ini file, for this database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    return config


def upgrade(url: DatabaseUrl, revision: str = "head") -> None:
    command.upgrade(alembic_config(url), revision)


def main() -> int:
    try:
        settings = load_settings()
        upgrade(settings.migration_database)
    except BadSettings as error:
        print(f"migrate: {error}", file=sys.stderr)
        return 1
    except (SQLAlchemyError, OSError) as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())
        print(f"migrate: the database cannot be reached or changed: {reason}", file=sys.stderr)
        return 1
    print(f"migrate: the {settings.migration_database.kind} database is up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
