"""`make smoke`: ask the running application, through its router, the questions that matter.

python -m scripts.smoke [--url http://localhost:8080] [--host HOST] [--wait SECONDS]

The exit status is 1 when one answer is not what a working application gives.
"""

import argparse
import sys
import time
from collections.abc import Callable

import httpx2


class Wrong(Exception):
    """An answer that is not what a working application gives, in one sentence."""


def expect(condition: bool, sentence: str) -> None:
    if not condition:
        raise Wrong(sentence)


def page(client: httpx2.Client) -> str:
    answer = client.get("/", headers={"Accept": "text/html"})
    expect(answer.status_code == 200, f"the page answers {answer.status_code}")
    expect("<html" in answer.text, "the page is not HTML")
    return f"{len(answer.content)} bytes"


def health(client: httpx2.Client) -> str:
    answer = client.get("/api/health")
    expect(answer.status_code == 200, f"/api/health answers {answer.status_code}")
    meta = client.get("/api/meta").json()
    return f"version {meta['version']}, {meta['engine']['kind']}, {meta['database']['kind']}"


def routing(client: httpx2.Client) -> str:
    answer = client.get("/apix")
    expect("application/json" not in answer.headers.get("content-type", ""), "/apix reached the backend")
    problem = client.get("/api/no-such-thing")
    kind = problem.headers.get("content-type", "")
    expect(problem.status_code == 404 and "problem+json" in kind, f"an unknown /api path gives {kind or 'no type'}")
    return "/api to the backend, the rest to the frontend"


def task_kept(client: httpx2.Client) -> str:
    made = client.post("/api/tasks", json={"title": "Smoke test"})
    expect(made.status_code == 201, f"a task could not be added: {made.status_code} {made.text[:120]}")
    path = f"/api/tasks/{made.json()['id']}"
    expect(client.get(path).json()["title"] == "Smoke test", "the task that was added reads differently")
    expect(client.delete(path).status_code == 204, "the task could not be deleted")
    return "added, read, deleted"


def chat_turn(client: httpx2.Client) -> str:
    events = []
    with client.stream("POST", "/api/chat", json={"message": "list my tasks"}) as answer:
        expect(answer.status_code == 200, f"the chat answers {answer.status_code}")
        events = [line.removeprefix("event: ") for line in answer.iter_lines() if line.startswith("event: ")]
    expect(events[:1] == ["start"] and events[-1:] == ["done"], f"the turn did not run from start to done: {events}")
    return f"{len(events)} events"


CHECKS: tuple[Callable[[httpx2.Client], str], ...] = (health, page, routing, task_kept, chat_turn)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--url", default="http://localhost:8080")
    parser.add_argument("--host", help="the Host header, for an ingress that is bound to a name")
    parser.add_argument("--wait", type=float, default=0, help="seconds to wait for the first answer")
    args = parser.parse_args()
    failed = 0
    with httpx2.Client(base_url=args.url, headers={"Host": args.host} if args.host else {}, timeout=20) as client:
        deadline = time.monotonic() + args.wait
        for check in CHECKS:
            started = time.monotonic()
            while True:
                try:
                    said, good = check(client), True
                except (Wrong, httpx2.HTTPError, ValueError, KeyError) as error:
                    said, good = str(error) or type(error).__name__, False
                if good or time.monotonic() > deadline:
                    break
                time.sleep(0.2)
            failed += not good
            print(f"{'✓' if good else '✗'} {check.__name__:9} {said} ({(time.monotonic() - started) * 1000:.0f} ms)")
    if failed:
        print(f"error: {failed} of {len(CHECKS)} checks failed at {args.url}; `make doctor` looks for the reason.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
