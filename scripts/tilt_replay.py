"""Replay recorded chats and show what changed in their tool calls.

`python -m scripts.tilt_replay [SCENARIO ...] [--url URL] [--scripted] [--record]`. Each scenario under tilt_scenarios/
is a conversation of a new guest: what is said, and which tools were called with what and with which success. The
application at --url answers it twice. First with a scripted model, which makes the recorded calls: what changes is what
the tools do with them. Then with its own rules: what changes is also which tools they call. Where a real model answers,
which costs and never says the same twice, the second is left out unless --live is given.
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

from scripts.tilt_scripted_model import HEADER, NoModelError, scripted_model
from scripts.tilt_sentinel import APP, check, saved_digest

FOLDER = Path(__file__).parent / "tilt_scenarios"
MODEL = "openai_compatible"  # as an engine that speaks with any model calls itself
IDENTIFIER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def scenarios() -> list[str]:
    """The names of the recorded conversations."""
    return sorted(file.stem for file in FOLDER.glob("*.json"))


def load(name: str) -> list[dict[str, Any]]:
    """The turns of a scenario: [{"say": text, "calls": [{"name", "arguments", "ok"}]}]."""
    turns: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text())["turns"]
    return turns


def script(names: list[str]) -> dict[str, Any]:
    """What a model says to the scenarios: the recorded calls, then that they are done."""
    done = {"text": "Done."}

    def answer(turn: dict[str, Any]) -> dict[str, Any]:
        calls = [{"name": call["name"], "arguments": call["arguments"]} for call in turn["calls"]]
        return {"said": turn["say"], "replies": [{"calls": calls}, done] if calls else [done]}

    return {"conversations": [[answer(turn) for turn in load(name)] for name in names]}


def play(client: httpx2.Client, turns: list[dict[str, Any]], engine: str) -> list[dict[str, Any]]:
    """Say every turn as one new guest; the same turns with the calls that were made this time.

    Raises NoModelError when another engine than that answered.
    """
    conversation: str | None = None
    played = []
    for turn in turns:
        body = {"message": turn["say"], "conversation_id": conversation, "time_zone": "UTC"}
        answer = client.post("/api/chat", json=body, headers={"Accept": "application/json"})
        answer.raise_for_status()
        reply = answer.json()
        if reply["engine"] != engine:
            why = " ".join(notice["text"] for notice in reply["notices"])
            raise NoModelError(f"not the model but {reply['engine']} answered “{turn['say']}”: {why}")
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


def replay(name: str, url: str, *, model: str | None, engine: str, record: bool) -> bool:
    """Play one scenario, with the named scripted model or the application's own engine, and print what changed.

    True when nothing did.
    """
    turns = load(name)
    with httpx2.Client(base_url=url, timeout=20, headers={HEADER: model} if model else {}) as client:
        played = play(client, turns, engine)
    if record:
        (FOLDER / f"{name}.json").write_text(json.dumps({"turns": played}, indent=2, ensure_ascii=False) + "\n")
    different = changes(turns, played)
    made = sum(len(turn["calls"]) for turn in played)
    who = "the scripted model" if model else "the rules" if engine == "rules" else "the real model"
    verdict = "changed:" if different else "as recorded"
    print(f"{name}: {len(played)} turns, {made} tool calls of {who}, {verdict}", *different, sep="\n", flush=True)
    return not different


def replay_scripted(names: list[str], url: str) -> bool:
    """Let the application at the URL answer with a scripted model. Raises NoModelError where it takes none."""
    with scripted_model(script(names)) as model:
        try:
            same = [replay(name, url, model=model, engine=MODEL, record=False) for name in names]
        except httpx2.HTTPStatusError as error:
            if error.response.status_code != 404:
                raise
            raise NoModelError(f"what answers at {url} takes no scripted model from here; `make up` does") from None
    return all(same)


def replay_all(names: list[str], url: str, *, scripted: bool, live: bool, record: bool) -> bool:
    """With the scripted model, then with the application's own engine where it is free or wanted at its price.

    True when nothing changed. Raises NoModelError and httpx2.HTTPError.
    """
    meta = httpx2.get(f"{url}/api/meta", timeout=20).raise_for_status().json()
    engine = meta["engine"]["kind"]
    # Only this tree's code is known to know the header; other code might ask its own model in spite of it.
    if engine != "rules" and not live and (record or meta["source_digest"] != saved_digest(APP)):
        raise NoModelError(f"that may ask the model which answers at {url}, at its price: only --live does")
    same = record or replay_scripted(names, url)
    if scripted or (engine != "rules" and not live):
        return same
    own = [replay(name, url, model=None, engine=engine, record=record) for name in names]
    return same and all(own)


def main() -> int:
    """Replay the named scenarios, the one of the environment's SCENARIO, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="SCENARIO", help=f"one of {', '.join(scenarios())}; default: all")
    parser.add_argument("--url", default="http://localhost:8080")
    parser.add_argument("--scripted", action="store_true", help="with the scripted model alone")
    parser.add_argument("--saved", action="store_true", help="wait until the code of the last save is what answers")
    parser.add_argument("--live", action="store_true", help="ask the application's own model as well, at its price")
    parser.add_argument("--record", action="store_true", help="keep what the own engine does as the new recording")
    options = parser.parse_args()
    chosen = options.names or os.environ.get("SCENARIO", "").split() or scenarios()
    if unknown := set(chosen) - set(scenarios()):
        parser.error(f"no scenario {', '.join(sorted(unknown))}; there are {', '.join(scenarios())}")
    if options.saved:
        served, sentence = check(options.url, APP)
        if not served:
            print(sentence)
            return 1
    modes = {name: getattr(options, name) for name in ("scripted", "live", "record")}
    try:
        return 0 if replay_all(chosen, options.url, **modes) else 1
    except httpx2.HTTPError as error:
        print(f"{options.url} did not answer as a chat does: {error}")
    except NoModelError as error:
        print(error)
    return 1


if __name__ == "__main__":
    sys.exit(main())
