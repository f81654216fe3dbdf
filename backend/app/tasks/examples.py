"""What the API's description shows of tasks: one household, on 25 November 2026."""

from typing import Any

RENT: dict[str, Any] = {
    "title": "Pay rent",
    "notes": "",
    "priority": "high",
    "tags": ["home"],
    "due": {"date": "2026-12-01", "time": None, "time_zone": None},
    "repeat": "FREQ=MONTHLY;BYMONTHDAY=1",
}
CALL_DUE: dict[str, Any] = {"date": "2026-12-03", "time": "17:00", "time_zone": "Asia/Karachi"}

TASK: dict[str, Any] = {
    "id": "0b6f0c1e-5f1e-4f4e-9f6e-1d2c3b4a5968",
    **RENT,
    "done": False,
    "version": 1,
    "created_at": "2026-11-25T12:00:00Z",
    "updated_at": "2026-11-25T12:00:00Z",
    "completed_at": None,
    "deleted_at": None,
    "urgency": {"score": 9.0, "reasons": ["high priority", "due within a week"]},
}
CHANGED = {**TASK, "title": "Pay the rent", "version": 2, "updated_at": "2026-11-25T12:30:00Z"}
RESCHEDULED = {**CHANGED, "title": "Pay rent", "due": CALL_DUE}
DONE: dict[str, Any] = {
    **CHANGED,
    "title": "Pay rent",
    "repeat": None,
    "done": True,
    "completed_at": "2026-11-25T12:30:00Z",
    "urgency": {"score": 0.0, "reasons": []},
}
NEXT: dict[str, Any] = {
    **TASK,
    "id": "5d0c7a52-93b7-4a51-8f0c-0f4a8a4f7b11",
    "due": {"date": "2027-01-01", "time": None, "time_zone": None},
    "created_at": "2026-11-25T12:30:00Z",
    "updated_at": "2026-11-25T12:30:00Z",
    "urgency": {"score": 7.0, "reasons": ["high priority", "has a due date"]},
}
COMPLETED = {**DONE, "next": NEXT}
PAGE = {"items": [TASK], "next_cursor": None}
UNDONE = {"undone": [{**TASK, "version": 3, "updated_at": "2026-11-25T12:31:00Z"}]}

BATCH: dict[str, Any] = {"tasks": [RENT, {"title": ""}]}
EMPTY_TITLE = "body.tasks.1.title: String should have at least 1 character"
BATCH_RESULTS: dict[str, Any] = {
    "results": [
        {"status": 201, "task": TASK, "problem": None},
        {
            "status": 422,
            "task": None,
            "problem": {
                "type": "urn:todo:invalid",
                "title": "The request is not valid",
                "status": 422,
                "detail": EMPTY_TITLE,
                "instance": "/api/tasks/batch",
                "request_id": "",
                "errors": [
                    {
                        "location": "body.tasks.1.title",
                        "message": "String should have at least 1 character",
                        "type": "string_too_short",
                    }
                ],
            },
        },
    ]
}

LINE: dict[str, Any] = {
    "text": "Pay rent !high #home every month on the 1st",
    "time_zone": "Asia/Karachi",
    "now": "2026-11-25T12:00:00Z",
}
PARSED: dict[str, Any] = {
    **{name: RENT[name] for name in ("title", "priority", "tags", "due", "repeat")},
    "spans": [
        {"start": 0, "end": 8, "kind": "title", "text": "Pay rent"},
        {"start": 9, "end": 14, "kind": "priority", "text": "!high"},
        {"start": 15, "end": 20, "kind": "tag", "text": "#home"},
        {"start": 21, "end": 43, "kind": "repeat", "text": "every month on the 1st"},
    ],
}

FILES = {
    "application/json": [{"title": "Buy milk", "tags": ["shop"], "due": {"date": "2026-12-03"}}],
    "text/csv": "title,tags,due_date\nBuy milk,shop,2026-12-03\n",
    "text/calendar": (
        "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VTODO\nSUMMARY:Buy milk\nCATEGORIES:shop\nDUE;VALUE=DATE:20261203\n"
        "END:VTODO\nEND:VCALENDAR\n"
    ),
}
IMPORTED = {"imported": 1, "skipped": 0}
