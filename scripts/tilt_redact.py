"""Removes secrets from text: by value, where it is known, and by shape, where it is not."""

from __future__ import annotations

import base64
import html
import json
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import unquote, urlsplit

SECRET_NAME = re.compile(r"KEY|SECRET|TOKEN|PASSWORD|DATABASE_URL|CREDENTIAL", re.IGNORECASE)
SECRET_SHAPES = (
    re.compile(r"(?<=://)[^\s:/@]*:[^\s@/]+(?=@)"),  # user:password@ in any URL
    re.compile(r"(?i)(?<=bearer )[\w.~+/=-]{8,}"),
    re.compile(r"(?i)(?<=basic )[\w+/=-]{8,}"),
    re.compile(r"\btodo_[\w-]{43}(?![\w-])"),  # personal tokens
    re.compile(r"\bv1\.[\w-]+\.\d+\.[0-9a-f]{32,}"),  # guest cookies
    re.compile(r"\b(?:sk|gsk|pk|ghp|gho|xox[bp])[-_][\w-]{8,}"),
    re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]+"),  # JSON web tokens
    re.compile(r"(?<=todo_guest=)[^;\s\"]+"),
)
REMOVED = "«removed»"


def secret_values(environments: Iterable[Mapping[str, str | None]]) -> list[str]:
    """The values of all secret-looking names, the longest first, so that none is removed in part."""
    found = {value for env in environments for name, value in env.items() if value and SECRET_NAME.search(name)}
    found |= {spelt for value in found if (password := _password(value)) for spelt in (password, unquote(password))}
    for _ in range(2):  # as it stands in JSON, and in JSON that was put into JSON
        found |= {json.dumps(value)[1:-1] for value in found}
    found |= {html.escape(value) for value in found}
    return sorted((value for value in found if len(value) >= 6), key=len, reverse=True)


def _password(value: str) -> str | None:
    """That of a URL, which a driver's message may name alone."""
    try:
        return urlsplit(value).password
    except ValueError:  # a key that only looks like a URL
        return None


def without_secrets(text: str, values: Sequence[str]) -> str:
    """The text with every known value and everything of a secret's shape replaced."""
    for value in values:
        text = text.replace(value, REMOVED)
    for shape in SECRET_SHAPES:
        text = shape.sub(REMOVED, text)
    return text


def cluster_secrets(namespace: str) -> dict[str, str]:
    """Every value of every Secret of the namespace, decoded and as it stands there."""
    argv = ["kubectl", "--request-timeout=10s", "--namespace", namespace, "get", "secrets", "-o", "json"]
    try:
        items = json.loads(subprocess.run(argv, capture_output=True, check=True).stdout)["items"]
    except (OSError, subprocess.CalledProcessError, ValueError, KeyError):
        return {}
    found: dict[str, str] = {}
    for number, item in enumerate(items):
        for key, value in (item.get("data") or {}).items():
            found[f"SECRET {number} {key}"] = base64.b64decode(value).decode(errors="replace")
            found[f"SECRET {number} {key} encoded"] = value
    return found
