"""`make seed`: put a week of example tasks into the running application.

    python -m scripts.seed [--url http://localhost:8080] [--token TOKEN] [--link]

Without a token a fresh guest space is made, and the cookie that opens it in a browser is printed.
"""

import argparse
import datetime as dt
import sys
from typing import Any

import httpx2

# title, days from today or None, time, priority, tags, repeat, done
WEEK: list[tuple[str, int | None, str | None, str, list[str], str | None, bool]] = [
    ("Pay the electricity bill", -1, None, "high", ["home", "money"], None, False),
    ("Stand-up", 0, "09:30", "none", ["work"], "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", False),
    ("Review the release notes", 0, "15:00", "medium", ["work"], None, False),
    ("Buy milk and bread", 0, None, "low", ["errands"], None, False),
    ("Book a dentist appointment", 1, None, "medium", ["health"], None, False),
    ("Prepare slides for Thursday", 2, "11:00", "high", ["work"], None, False),
    ("Water the plants", 3, None, "none", ["home"], "FREQ=WEEKLY", False),
    ("Call Amina about the trip", 4, "18:00", "none", ["family"], None, False),
    ("Send the invoice", 7, None, "high", ["work", "money"], "FREQ=MONTHLY;BYMONTHDAY=-1", False),
    ("Read the new chapter", None, None, "low", ["reading"], None, False),
    ("Renew the library card", None, None, "none", ["errands"], None, True),
    ("Fix the kitchen tap", None, None, "medium", ["home"], None, True),
]


def tasks(today: dt.date) -> list[dict[str, Any]]:
    """The request bodies of the example tasks, relative to today."""
    bodies = []
    for title, days, time, priority, tags, repeat, _ in WEEK:
        due = None
        if days is not None:
            due = {"date": (today + dt.timedelta(days)).isoformat(), "time": time, "time_zone": "UTC" if time else None}
        bodies.append({"title": title, "priority": priority, "tags": tags, "due": due, "repeat": repeat})
    return bodies


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--url", default="http://localhost:8080")
    parser.add_argument("--token", help="a personal API token; without one a guest space is made")
    args = parser.parse_args()
    headers = {"Authorization": f"Bearer {args.token}"} if args.token else {}
    try:
        with httpx2.Client(base_url=args.url, headers=headers, timeout=20) as client:
            answer = client.post("/api/tasks/batch", json={"tasks": tasks(dt.date.today())})
            answer.raise_for_status()
            made = [result["task"] for result in answer.json()["results"] if result["status"] == 201]
            for task, row in zip(made, WEEK, strict=False):
                if row[-1]:
                    client.post(f"/api/tasks/{task['id']}/complete").raise_for_status()
            cookie = client.cookies.get("todo_guest")
    except httpx2.HTTPStatusError as error:
        sys.exit(f"error: {error.request.url} answered {error.response.status_code}: {error.response.text[:200]}")
    except httpx2.HTTPError as error:
        sys.exit(f"error: {args.url} does not answer ({error}): start the application with `make up`, or give URL=.")
    print(f"{len(made)} tasks added at {args.url}")
    if cookie and not args.token:
        print("to see them, open a private window there and paste this into its console, then reload:")
        print(f"  document.cookie = 'todo_guest={cookie}; path=/'")
    return 0


if __name__ == "__main__":
    sys.exit(main())
