"""Marks that are no words: `#tag`, `!high`, "quoted titles" and addresses, and words of priority."""

from __future__ import annotations

import re
from functools import cache

from app.tasks.quick_add.lexicon import PRIORITIES, URGENT, alternation

QUOTED = re.compile(r"(?<![\w])(?:\"(?P<a>[^\"]+)\"|“(?P<b>[^”]+)”|«(?P<c>[^»]+)»|‘(?P<d>[^’]+)’|'(?P<e>[^']+)'(?!\w))")
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+")
TAG = re.compile(r"(?<!\S)#(?P<tag>(?=[^\s#]*[^\W\d_])[\w/][\w/&+.-]*[\w+]|[^\W\d_])")
LEVEL = alternation(word for word in PRIORITIES if word[0].isalpha())
_PATTERNS = (
    rf"(?<!\S)!(?P<level>{alternation(w for w in PRIORITIES if w[0] != '!')})(?![\w])",
    r"(?<!\S)(?P<bang>!{1,3})(?!\S)",
    r"(?<![\w-])(?P<level>p[1-4])(?![\w-])",
    r"(?<![\w-])(?:(?:with|at|as|of)\s+(?:an?\s+)?)?(?P<level>high|highest|medium|normal|low|lowest|top|no)[\s-]priority(?![\w-])",
    r"(?<![\w-])(?:with\s+|set\s+)?priority\s*(?::|=|is|to)?\s*(?P<level>high|medium|low|none|normal)(?![\w-])",
    rf"(?<![\w-])(?P<urgent>{URGENT})(?=\s*[.!]*\s*$|\s*[#!,])",
    rf"^(?P<urgent>{URGENT})\s*[:,!-]+(?=\s)",
    r"(?<![\w-])(?P<urgent>asap)(?![\w-])",
)


@cache
def _rules() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in _PATTERNS)


def match_priority(text: str, position: int) -> tuple[int, str] | None:
    for rule in _rules():
        if found := rule.match(text, position):
            parts = found.groupdict()
            if bang := parts.get("bang"):
                return found.end(), {1: "low", 2: "medium", 3: "high"}[len(bang)]
            return found.end(), "high" if parts.get("urgent") else PRIORITIES[parts["level"]]
    return None
