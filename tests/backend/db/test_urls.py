"""A DATABASE_URL is taken as it was given."""

import pytest

from app.config import Settings
from app.db.engine import Database
from app.db.url import DatabaseUrl

NEON = (
    "postgresql://user:p%40ss@ep-cool-pooler.eu-central-1.aws.neon.tech/neondb?sslmode=require&channel_binding=require"
)


def test_a_neon_url_is_used_verbatim_and_nothing_is_prepared_behind_its_pooler() -> None:
    url = DatabaseUrl.parse(NEON)
    assert url.url.render_as_string(hide_password=False).startswith("postgresql+psycopg://user:p%40ss@ep-cool-pooler.")
    assert dict(url.url.query) == {"sslmode": "require", "channel_binding": "require"}
    assert url.behind_pooler
    assert not DatabaseUrl.parse(NEON.replace("-pooler", "")).behind_pooler


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+asyncpg"])
def test_every_spelling_of_postgresql_leads_to_psycopg(scheme: str) -> None:
    assert DatabaseUrl.parse(f"{scheme}://u@h/d").url.drivername == "postgresql+psycopg"


async def test_an_engine_is_made_for_it_without_connecting() -> None:
    await Database(DatabaseUrl.parse(NEON)).close()


def test_without_a_url_the_file_in_the_data_folder_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("DATA_DIR", "/somewhere")
    settings = Settings()
    assert str(settings.database.path) == "/somewhere/todo.db"
    assert settings.migration_database == settings.database


def test_migrations_go_past_the_pooler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", NEON)
    monkeypatch.setenv("DIRECT_DATABASE_URL", NEON.replace("-pooler", ""))
    settings = Settings()
    assert settings.database.behind_pooler
    assert not settings.migration_database.behind_pooler
