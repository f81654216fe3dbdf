"""Replay recorded chats and show what changed in their tool calls.

`python -m scripts.tilt_replay [SCENARIO ...] [--url URL] [--scripted] [--record]`. Each scenario under tilt_scenarios/
is a conversation of a new guest: what is said, and which tools were called with what and with which success. It runs
through the application at --url with the engine that answers there. With --scripted the same code is started beside it
with a scripted model instead, which makes the recorded calls: then what changes is what the tools do with them.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(__file__).parent / "tilt_scenarios"
IDENTIFIER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def scenarios() -> list[str]:
    """The names of the recorded conversations."""
    return sorted(file.stem for file in FOLDER.glob("*.json"))


def load(name: str) -> list[dict[str, Any]]:
    """The turns of a scenario: [{"say": text, "calls": [{"name", "arguments", "ok"}]}]."""
    turns: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text())["turns"]
    return turns


def play(client: httpx2.Client, turns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Say every turn as one new guest; the same turns with the calls that were made this time."""
    conversation: str | None = None
    played = []
    for turn in turns:
        body = {"message": turn["say"], "conversation_id": conversation, "time_zone": "UTC"}
        answer = client.post("/api/chat", json=body, headers={"Accept": "application/json"})
        answer.raise_for_status()
        reply = answer.json()
        conversation = reply["conversation_id"]
        calls = [{"name": c["name"], "arguments": c["arguments"], "ok": c["ok"]} for c in reply["tool_calls"]]
        played.append({"say": turn["say"], "calls": calls, "asks": len(reply["plans"])})
    client.delete("/api/me")
    return _stable(played)


def _stable(turns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Identifiers differ in every run; their order of appearance does not."""
    names: dict[str, str] = {}
    text = IDENTIFIER.sub(lambda found: names.setdefault(found.group(), f"id-{len(names) + 1}"), json.dumps(turns))
    stable: list[dict[str, Any]] = json.loads(text)
    return stable


def changes(recorded: list[dict[str, Any]], played: list[dict[str, Any]]) -> list[str]:
    """A line for everything that differs, in the form of a diff; empty when nothing does."""
    return [
        line
        for line in difflib.unified_diff(_lines(recorded), _lines(played), "recorded", "now", n=1, lineterm="")
        if not line.startswith(("---", "+++", "@@"))
    ]


def _lines(turns: list[dict[str, Any]]) -> list[str]:
    written = []
    for turn in turns:
        written.append(f"“{turn['say']}”")
        written += [
            f"    {call['name']}({json.dumps(call['arguments'], sort_keys=True, ensure_ascii=False)})"
            f"{'' if call['ok'] else ' refused'}"
            for call in turn["calls"]
        ]
        written += ["    asks for confirmation"] * turn.get("asks", 0)
    return written


@contextmanager
def scripted_application(turns: list[dict[str, Any]]) -> Iterator[str]:
    """The code of this tree on a port of its own, with a model that makes the recorded calls; yields its URL."""
    from tests.fake_provider.script import Call, Reply
    from tests.fake_provider.server import running_provider

    with running_provider() as running, tempfile.TemporaryDirectory() as data:
        for turn in turns:
            calls = [Call(name=call["name"], arguments=call["arguments"]) for call in turn["calls"]]
            running.provider.script.extend([Reply(calls=calls)] if calls else [])
            running.provider.script.append(Reply(text="Done."))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        settings = {"DATA_DIR": data, "DATABASE_URL": "", "LLM_BASE_URL": running.base_url, "LLM_API_KEY": "scripted"}
        environment = {**os.environ, **settings, "APP_ENV": "development"}
        where = {"cwd": ROOT / "backend", "env": environment}
        subprocess.run([sys.executable, "-m", "app.db.migrate"], check=True, **where)  # type: ignore[call-overload]
        argv = [sys.executable, "-m", "uvicorn", "app.main:app", "--port", str(port), "--log-level", "warning"]
        server = subprocess.Popen(argv, stdout=subprocess.DEVNULL, **where)  # type: ignore[call-overload]
        try:
            _await(f"http://127.0.0.1:{port}", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(10)


def _await(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < deadline:
        try:
            httpx2.get(f"{url}/health", timeout=1)
            return
        except httpx2.HTTPError:
            time.sleep(0.05)
    raise SystemExit("the application did not start with the scripted model")


def replay(name: str, url: str, *, scripted: bool, record: bool) -> bool:
    """Play one scenario and print what changed; True when nothing did."""
    turns = load(name)
    if scripted:
        with scripted_application(turns) as own, httpx2.Client(base_url=own, timeout=20) as client:
            played = play(client, turns)
    else:
        with httpx2.Client(base_url=url, timeout=20) as client:
            played = play(client, turns)
    if record:
        (FOLDER / f"{name}.json").write_text(json.dumps({"turns": played}, indent=2, ensure_ascii=False) + "\n")
    different = changes(turns, played)
    made = sum(len(turn["calls"]) for turn in played)
    verdict = "changed:" if different else "as recorded"
    print(f"{name}: {len(played)} turns, {made} tool calls, {verdict}", *different, sep="\n", flush=True)
    return not different


def main() -> int:
    """Replay the named scenarios, the one of the environment's SCENARIO, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="SCENARIO", help=f"one of {', '.join(scenarios())}; default: all")
    parser.add_argument("--url", default="http://localhost:8080")
    parser.add_argument("--scripted", action="store_true", help="a scripted model makes the recorded calls")
    parser.add_argument("--record", action="store_true", help="keep what happens as the new recording")
    options = parser.parse_args()
    chosen = options.names or os.environ.get("SCENARIO", "").split() or scenarios()
    if unknown := set(chosen) - set(scenarios()):
        parser.error(f"no scenario {', '.join(sorted(unknown))}; there are {', '.join(scenarios())}")
    try:
        same = [replay(name, options.url, scripted=options.scripted, record=options.record) for name in chosen]
    except httpx2.HTTPError as error:
        print(f"{options.url} did not answer as a chat does: {error}")
        return 1
    return 0 if all(same) else 1


if __name__ == "__main__":
    sys.exit(main())
