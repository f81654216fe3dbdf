"""The rule engine."""

from app.engines.rules.engine import Rules

__all__ = ["Rules"]
