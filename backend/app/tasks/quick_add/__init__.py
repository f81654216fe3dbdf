"""The quick-add grammar: one line, in English, Urdu or Roman Urdu, becomes a task's fields and their places."""

from app.tasks.quick_add.parser import parse
from app.tasks.quick_add.values import Parsed, Span, When

__all__ = ["Parsed", "Span", "When", "parse"]
