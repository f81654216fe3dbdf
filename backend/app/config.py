"""Everything that the environment may set, read once and then frozen."""

import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.db.url import BadDatabaseUrl, DatabaseUrl

DEVELOPMENT_SECRET = "development-only-secret-do-not-use-elsewhere"  # refused in production


class BadSettings(ValueError):
    """The environment cannot be used; the message is one sentence for the person who set it."""


def _split(value: Any) -> Any:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _rate(value: str) -> str:
    if value != "off" and not re.fullmatch(r"\d{1,9}/(second|minute|hour|day)", value):
        raise ValueError("must look like 1200/minute, or be off")
    return value


def _address(value: str) -> str:
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ValueError("must be an address such as http://localhost:11434/v1")
    return value


CommaList = Annotated[list[str], NoDecode, BeforeValidator(_split)]


class Settings(BaseSettings):
    """One field per environment variable of the same name. An empty variable counts as unset."""

    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True, extra="ignore")

    app_env: Literal["development", "production"] = "development"
    public_url: str = "http://localhost:8080"
    allowed_hosts: CommaList = ["localhost", "127.0.0.1"]

    data_dir: Path = Path(".data")
    database_url: SecretStr | None = None
    direct_database_url: SecretStr | None = None
    database_pool_size: int = Field(default=5, ge=1, le=50)
    database_timeout: float = Field(default=15.0, gt=0, le=600)

    secret_key: SecretStr = SecretStr(DEVELOPMENT_SECRET)
    auth_mode: Literal["guest", "jwt"] = "guest"
    jwt_secret: SecretStr | None = None
    jwks_url: str | None = None
    jwt_audience: str | None = None
    jwt_issuer: str | None = None

    llm_api_key: SecretStr | None = None
    llm_base_url: Annotated[str, AfterValidator(_address)] | None = None
    llm_model: str | None = None
    llm_timeout: float = Field(default=30.0, gt=0, le=600)

    rate_limit: Annotated[str, AfterValidator(_rate)] = "1200/minute"
    max_body_bytes: int = Field(default=1024 * 1024, ge=1024)
    max_import_bytes: int = Field(default=128 * 1024 * 1024, ge=1024)
    drain_seconds: float = Field(default=0.0, ge=0, le=120)

    log_format: Literal["json", "console"] = "json"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    reload_status_file: Path | None = None
    scripted_models: Path | None = None  # see app/chat/scripted.py

    @model_validator(mode="after")
    def _refuse_what_is_unsafe(self) -> Self:
        if self.production:
            secret = self.secret_key.get_secret_value()
            if secret == DEVELOPMENT_SECRET:
                raise ValueError("SECRET_KEY must be set when APP_ENV is production: openssl rand -hex 32")
            if len(secret) < 32:
                raise ValueError("SECRET_KEY must have at least 32 characters: openssl rand -hex 32")
            if self.scripted_models:
                raise ValueError("SCRIPTED_MODELS is for development: unset it when APP_ENV is production")
        if self.auth_mode == "jwt":
            if not (self.jwt_secret or self.jwks_url):
                raise ValueError("AUTH_MODE=jwt needs JWT_SECRET or JWKS_URL")
            if self.jwt_secret and len(self.jwt_secret.get_secret_value()) < 32:
                raise ValueError("JWT_SECRET must have at least 32 characters")
        return self

    @property
    def production(self) -> bool:
        return self.app_env == "production"

    @cached_property
    def database(self) -> DatabaseUrl:
        """Where the app's own queries go."""
        return self._parse("DATABASE_URL", self.database_url)

    @cached_property
    def migration_database(self) -> DatabaseUrl:
        """Where migrations go: past a transaction pooler when DIRECT_DATABASE_URL names the way."""
        if self.direct_database_url:
            return self._parse("DIRECT_DATABASE_URL", self.direct_database_url)
        return self.database

    def _parse(self, name: str, value: SecretStr | None) -> DatabaseUrl:
        try:
            return DatabaseUrl.parse(value.get_secret_value() if value else f"sqlite:///{self.data_dir / 'todo.db'}")
        except BadDatabaseUrl as error:
            raise BadSettings(f"{name} {error}") from None


def load_settings() -> Settings:
    """The settings of this process. Raises BadSettings, which carries one sentence and no secret."""
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = f"{first['loc'][0]}: ".upper() if first["loc"] else ""
        raise BadSettings(where + first["msg"].removeprefix("Value error, ")) from None
    _ = settings.database, settings.migration_database
    return settings
