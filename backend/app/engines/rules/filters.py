"""Which tasks are meant: "pending ones due this week tagged #work", "what have I finished", "overdue"."""

# ruff: noqa: E501 - a pattern is read on one line
from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.tasks.quick_add import parse
from app.tasks.quick_add.calendar import month_end
from app.tasks.quick_add.parser import normalise

OPEN = (
    r"(?:pending|open|incomplete|unfinished|uncompleted|remaining|left|outstanding|active|undone|still|"
    r"not\s+(?:done|finished|completed|complete)|to\s*-?do(?=\s|$)|need\s+to\s+do|have\s+to\s+do|"
    r"should\s+i\s+(?:do|work)|next\b(?!\s+(?:week|month|year|\w+day))|baa?qi|rehta|rehte|باقی|رہتا|رہتے)"
)
DONE = (
    r"(?:did\s+i\s+do|completed?|done|finished|finish|accomplished|checked\s+off|mukammal|khatam|ho\s?ga?ya|ho\s?ga?ye|مکمل|ختم|"
    r"ہو\s?گیا|ہو\s?گئے|ہو\s?چکے)"
)
STATUS = ((r"(?:deleted|removed|trashed|in\s+(?:the\s+)?trash)", "deleted"), (OPEN, "open"), (DONE, "done"))
EVERYTHING = r"(?:all|everything|every|entire|whole|both|tamam|saa?re|sab|تمام|سارے|سب)"
OVERDUE = r"(?:overdue|over\s+due|late|past\s+due|missed|behind)"
PRIORITY = (
    r"(?:(?P<level>high|medium|low|highest|lowest|top|urgent|important|critical|zaroori|ضروری)(?:[\s-]+priority)?)"
)
TAG = r"(?:(?:with\s+(?:the\s+)?|by\s+)?(?:tags?|labels?|tagged|labell?ed)(?:\s+(?:as|with))?\s+#?(?P<tag>[\w/+-]+)|#(?P<hash>[\w/+-]+))"
QUERY = (
    r"(?:about|containing|contains?|matching|mention(?:ing|s)?|named|called|like|related\s+to|that\s+say|"
    r"with\s+the\s+words?)\s+(?P<query>.+)|with\s+(?P<within>.+?)\s+in\s+(?:it|them|the\s+(?:title|name))"
)
TASK = (
    r"(?:tasks?|to-?dos?|items?|ones?|reminders?|lists?|agenda|schedule|plate|things?|stuff|kaamo?n?|kam|fehrist|"
    r"کاموں|کام|فہرست|لسٹ|ٹاسک)"
)
# Words that carry nothing once the rest is understood.
FILLER = (
    r"(?:what|whats|what's|what're|which|when|anything|is|are|am|was|were|there|do|does|did|i|i've|have|has|had|got|my|me|mine|the|"
    r"of|on|in|for|to|at|by|that|this|it|them|they|so|far|a|an|any|currently|now|please|still|with|be|need|should|must|"
    r"and|only|just|show|list|up|out|get|work|priority|due|see|task|else|can|already|from|s|hain?|hai|hua|huay|huye|huwa|"
    r"mere|mera|meri|kya|kaun|konse|konsa|kon|se|sa|ko|ka|ke|ki|mein|main|kiya|liye|aaj|karna|karne|karni|kuch|کچھ|میرے|میرا|میری|کیا|کون|سے|ہے|ہیں|کو|کا|کے|کی|"
    r"میں|ہوئے|ہوا|آج|کرنا|کرنے|کرنی|have\s+i)"
)
SORTS = {"due": "due", "due date": "due", "date": "due", "priority": "priority", "urgency": "urgency", "title": "title"}
SORTS |= {"name": "title", "newest": "created", "creation": "created", "created": "created"}


@dataclass(frozen=True, slots=True)
class Filter:
    """Arguments of `list_tasks`, the words that stayed unexplained, and whether anything was understood at all."""

    arguments: dict[str, Any]
    left_over: str
    understood: bool


def read_filter(text: str, now: datetime, time_zone: str | None) -> Filter:
    rest, found = f" {normalise(text)} ", {}
    rest, query = _take(rest, QUERY)
    if query:
        words = query["query"] or query["within"] or ""
        found["query"] = re.sub(rf"\s+{TASK}$", "", words.strip(" \"'?.!“”")).strip()
    rest, sort = _take(rest, r"(?:sort(?:ed)?|order(?:ed)?)\s+by\s+(?P<sort>due\s+date|\w+)")
    if sort and (name := SORTS.get(" ".join(sort["sort"].split()))):
        found["sort"] = name
    rest, tag = _take(rest, TAG)
    if tag:
        found["tag"] = tag["tag"] or tag["hash"]
    rest, overdue = _take(rest, OVERDUE)
    if overdue:
        found["due"] = "overdue"
    rest, dates = _dates(rest, now, time_zone)
    found |= dates
    for pattern, status in STATUS:
        rest, match = _take(rest, pattern)
        if match and "status" not in found:
            found["status"] = status
    rest, priority = _take(rest, PRIORITY)
    if priority:
        level = priority["level"]
        found["priority"] = {"medium": "medium", "low": "low", "lowest": "low"}.get(level, "high")
    rest, everything = _take(rest, EVERYTHING)
    rest, task = _take(rest, TASK)
    understood = bool(found or everything or task)
    if everything and "status" not in found and "due" not in found:
        found["status"] = "all"
    left = re.sub(rf"(?<!\S)(?:{FILLER}|{TASK}|{DONE}|{OPEN})(?!\S)", " ", re.sub(r"[^\w\s#'-]", " ", rest))
    left = re.sub(rf"(?<!\S)(?:{FILLER})(?!\S)", " ", left)
    return Filter(found, " ".join(left.split()), understood)


def _take(text: str, pattern: str) -> tuple[str, re.Match[str] | None]:
    found = re.search(rf"(?<![\w#])(?:{pattern})(?!\w)", text)
    return (text[: found.start()] + " " + text[found.end() :], found) if found else (text, None)


def _dates(text: str, now: datetime, time_zone: str | None) -> tuple[str, dict[str, str]]:
    today = now.date()
    for pattern, first, last in _ranges(today):
        rest, found = _take(text, pattern)
        if found:
            return rest, {"due_after": first.isoformat(), "due_before": last.isoformat()}
    rest, bound = _take(text, r"(?:due\s+)?(?P<side>before|after|since|until|by)(?=\s+\S)")
    parsed = parse(text.strip(), now=now, time_zone=time_zone)
    if parsed.due is None:
        return text, {}
    day, remaining = parsed.due.date, f" {parsed.title} "
    if bound and bound["side"] in ("after", "since"):
        return remaining.replace(" after ", " "), {"due_after": (day + timedelta(days=1)).isoformat()}
    if bound:
        last = day - timedelta(days=1) if bound["side"] == "before" else day
        return remaining, {"due_before": last.isoformat()}
    return remaining, {"due_after": day.isoformat(), "due_before": day.isoformat()}


def _ranges(today: date) -> tuple[tuple[str, date, date], ...]:
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    next_first = month_end(today) + timedelta(days=1)
    week = timedelta(days=6)
    return (
        (
            r"(?:due\s+|for\s+|in\s+|during\s+)*(?:this|the\s+current)\s+week|is\s+hafte|اس\s+ہفتے",
            monday,
            monday + week,
        ),
        (
            r"(?:due\s+|for\s+|in\s+)*next\s+week|agle\s+hafte|اگلے\s+ہفتے",
            monday + timedelta(days=7),
            monday + timedelta(days=13),
        ),
        (r"(?:due\s+|for\s+|in\s+)*(?:the\s+)?(?:next|coming)\s+(?:7|seven)\s+days", today, today + week),
        (r"(?:due\s+|for\s+|in\s+)*this\s+month|is\s+mahine|اس\s+مہینے", first, month_end(today)),
        (r"(?:due\s+|for\s+|in\s+)*next\s+month|agle\s+mahine|اگلے\s+مہینے", next_first, month_end(next_first)),
    )
