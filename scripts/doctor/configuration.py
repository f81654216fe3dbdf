"""What .env says of secrets and of the model. Nothing here imports the application: it may be what is broken."""

from __future__ import annotations

import importlib.util
import json
import sys
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from .check import Finding, Machine, check, fail, ok, warn

PLACEHOLDERS = ("changeme", "change-me", "your-", "xxx", "<", "todo")
SECRETS = ("SECRET_KEY", "LLM_API_KEY", "JWT_SECRET")


@check("secrets")
def secrets(machine: Machine) -> Finding:
    """Nothing is required in development; what is set must be real, private and long enough."""
    file, values = machine.root / ".env", machine.settings
    for name in SECRETS:
        value = values.get(name, "")
        if value and value.lower().startswith(PLACEHOLDERS):
            return fail(f"{name} still holds an example value", f"put the real one into .env, or leave {name} empty")
    if 0 < len(values.get("SECRET_KEY", "")) < 32:
        return fail("SECRET_KEY is shorter than 32 characters", "openssl rand -hex 32")
    if file.exists() and file.stat().st_mode & 0o077:
        return warn(".env can be read by other users of this machine", "chmod 600 .env", "chmod", "600", ".env")
    if file.exists() and machine.run("git", "ls-files", "--error-unmatch", ".env") is not None:
        return fail(".env is under version control", "git rm --cached .env, and replace every secret in it")
    found = [name for name in SECRETS if values.get(name)]
    return ok(f"set: {', '.join(found)}" if found else "none set; development defaults serve")


TOOL = {
    "type": "function",
    "function": {"name": "ping", "description": "Answers pong", "parameters": {"type": "object", "properties": {}}},
}


@check("model")
def model(machine: Machine) -> Finding:
    """One dry tool call: proves address, key, model name and that it can call tools, for a handful of tokens."""
    key, base = machine.settings.get("LLM_API_KEY"), machine.settings.get("LLM_BASE_URL")
    if not key and not base:
        return ok("LLM_API_KEY is empty; the rule engine answers")
    preset = _presets(machine).preset_for(key, base)
    address = (base or preset.base_url).rstrip("/")
    question = {
        "model": machine.settings.get("LLM_MODEL") or preset.model,
        "messages": [{"role": "user", "content": "Call the tool ping."}],
        "tools": [TOOL],
        "max_tokens": 200,
    }
    headers = {"content-type": "application/json", "authorization": f"Bearer {key or ''}"}
    try:
        request = Request(f"{address}/chat/completions", json.dumps(question).encode(), headers)
        with urlopen(request, timeout=3.5) as answer:
            message = json.load(answer)["choices"][0]["message"]
    except HTTPError as error:
        return _refusal(error.code, address, str(question["model"]))
    except OSError as error:
        return warn(
            f"{address} did not answer: {getattr(error, 'reason', error)}",
            "check LLM_BASE_URL; the rule engine takes over meanwhile",
        )
    except (ValueError, KeyError, IndexError, TypeError):
        return fail(f"{address} does not speak chat completions", "LLM_BASE_URL usually ends in /v1")
    if not message.get("tool_calls"):
        return warn(
            f"{question['model']} answered without calling the tool", "choose a model that can call tools: LLM_MODEL"
        )
    return ok(f"{question['model']} at {address} calls tools")


def _presets(machine: Machine) -> Any:
    """The application's own table of providers, loaded by its path, without the packages around it."""
    spec = importlib.util.spec_from_file_location("presets", machine.root / "backend/app/engines/presets.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["presets"] = module
    spec.loader.exec_module(module)
    return module


def _refusal(status: int, address: str, name: str) -> Finding:
    reasons = {
        401: ("the key is not accepted", "make a new key, and put it into .env as LLM_API_KEY"),
        403: ("the key may not use this model", "choose another LLM_MODEL, or widen the key's rights"),
        404: (
            f"no model {name} there",
            "set LLM_MODEL to one that your provider lists; LLM_BASE_URL usually ends in /v1",
        ),
        429: ("the quota is used up", "wait, or raise the limit at the provider; the rule engine takes over meanwhile"),
    }
    text, remedy = reasons.get(status, (f"status {status}", "look at the provider's status page"))
    return fail(f"{address}: {text}", remedy)
