"""Links in a model's answer. One that nobody has typed may carry the user's data away, so it is taken out."""

from __future__ import annotations

import re

# A link begins with a scheme, "//", "www." or Markdown's "](", so whatever might become one is held back.
LINK = re.compile(r"(?:[a-z][a-z0-9+.-]{1,20}:)?//[^\s<>\"'`]+|www\.[^\s<>\"'`]+", re.IGNORECASE)
SCHEME = re.compile(r"(?:javascript|data|vbscript|file):\S*", re.IGNORECASE)
IMAGE = re.compile(r"!(?=\[)")
REMOVED = "[link removed]"
LONGEST_WORD = 4_000


class LinkGuard:
    """Feed it text as it comes; it gives back what is safe to show, holding back the unfinished last word."""

    def __init__(self) -> None:
        self._known: list[str] = []
        self._held = ""

    def trust(self, text: str) -> None:
        """Links that stand in this text word for word may be shown: they carry nothing that is not in it."""
        self._known.append(text)

    def feed(self, text: str) -> str:
        text = self._held + text
        cut = max(text.rfind(" "), text.rfind("\n")) + 1
        self._held = text[cut:]
        if len(self._held) > LONGEST_WORD or not _may_become_link(self._held):
            cut, self._held = len(text), ""
        return self._clean(text[:cut])

    def close(self) -> str:
        rest, self._held = self._clean(self._held), ""
        return rest

    def _clean(self, text: str) -> str:
        if not text:
            return ""
        text = SCHEME.sub(REMOVED, LINK.sub(self._replace, text))
        return IMAGE.sub("", text)

    def _replace(self, found: re.Match[str]) -> str:
        link = found[0].rstrip(".,;:!?)]}")
        return found[0] if any(link in text for text in self._known) else REMOVED


def _may_become_link(word: str) -> bool:
    """A plain word may be shown before the next blank comes; one with signs of an address may not."""
    return re.search(r"[:/!\[(]|^w{1,3}$|www", word, re.IGNORECASE) is not None
