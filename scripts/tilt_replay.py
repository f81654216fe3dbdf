"""Replay recorded chats and show what changed in their tool calls.

`python -m scripts.tilt_replay [SCENARIO ...] [--url URL] [--scripted] [--record]`. Each scenario under tilt_scenarios/
is a conversation of a new guest: what is said, and which tools were called with what and with which success. It runs
through the application at --url with the engine that answers there. With --scripted the same code is started beside it
with a scripted model instead, which makes the recorded calls: then what changes is what the tools do with them. That
is also what happens where a real model answers, which costs and never says the same twice, unless --live is given.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import httpx2

from scripts.tilt_scripted_model import scripted_application
from scripts.tilt_sentinel import APP, check

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


def has_a_model(url: str) -> bool:
    """Whether the application at the URL asks a model. Raises httpx2.HTTPError when it does not answer."""
    answer = httpx2.get(f"{url}/api/meta", timeout=20).raise_for_status()
    return bool(answer.json()["engine"]["kind"] != "rules")


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
    parser.add_argument("--saved", action="store_true", help="wait until the code of the last save is what answers")
    parser.add_argument("--live", action="store_true", help="ask the application's own model, at its price")
    parser.add_argument("--record", action="store_true", help="keep what happens as the new recording")
    options = parser.parse_args()
    chosen = options.names or os.environ.get("SCENARIO", "").split() or scenarios()
    if unknown := set(chosen) - set(scenarios()):
        parser.error(f"no scenario {', '.join(sorted(unknown))}; there are {', '.join(scenarios())}")
    if options.saved:
        served, sentence = check(options.url, APP)
        if not served:
            print(sentence)
            return 1
    try:
        scripted = options.scripted or (not options.live and has_a_model(options.url))
        if scripted and not options.scripted:
            print("a model answers there, so a scripted one makes the recorded calls instead; --live asks the real one")
        same = [replay(name, options.url, scripted=scripted, record=options.record) for name in chosen]
    except httpx2.HTTPError as error:
        print(f"{options.url} did not answer as a chat does: {error}")
        return 1
    return 0 if all(same) else 1


if __name__ == "__main__":
    sys.exit(main())
