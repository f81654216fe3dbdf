"""Text search by the database's own index, the same on SQLite (FTS5) and PostgreSQL (tsvector).

The words are cut here, so that both databases find the same tasks. Each word carries its owner in front: whatever
others wrote is in another part of the index, and never costs or shows anything.
"""

import hashlib
import re
import unicodedata

from sqlalchemy import ColumnElement, text
from sqlalchemy.sql.elements import TextClause

LONGEST_WORD = 40
MOST_WORDS = 2000
_WORD = re.compile(r"[^\W_]+")

_SQLITE = "tasks.number IN (SELECT rowid FROM tasks_search WHERE tasks_search MATCH :words)"
# As a condition of the list itself the planner would not use the index: it guesses that one task in fifty matches, and
# reads the texts of all that the owner has until it has found a page.
_POSTGRESQL = (
    "tasks.number = ANY (ARRAY(SELECT found.number FROM tasks AS found"
    " WHERE array_to_tsvector(string_to_array(found.search_text, ' ')) @@ CAST(:words AS tsquery)))"
)


def words(value: str) -> list[str]:
    """The distinct words of a text, without case and accents."""
    plain = value.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in _WORD.findall(plain)))[:MOST_WORDS]


def search_text(owner: str, title: str, notes: str, tags: list[str]) -> str:
    """What the index holds of a task. Never empty, since PostgreSQL indexes no empty word."""
    mark = _mark(owner)
    return " ".join([mark, *(mark + word for word in words(f"{title} {' '.join(tags)} {notes}"))])


def matches(owner: str, query: str, database: str) -> ColumnElement[bool] | None:
    """Tasks in which every word of the query begins a word; None when the query has no word in it."""
    mark, wanted = _mark(owner), words(query)
    if not wanted:
        return None
    if database == "sqlite":
        clause: TextClause = text(_SQLITE).bindparams(words=" AND ".join(f'"{mark}{word}"*' for word in wanted))
    else:
        clause = text(_POSTGRESQL).bindparams(words=" & ".join(f"'{mark}{word}':*" for word in wanted))
    return clause.self_group()  # type: ignore[return-value]


def _mark(owner: str) -> str:
    return hashlib.blake2b(owner.encode(), digest_size=6).hexdigest()
