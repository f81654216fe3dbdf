"""What a developer may set, in .env, in the environment and in tilt-settings.yaml, and what each setting does."""

from __future__ import annotations

import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
import yaml
from dotenv import dotenv_values

from scripts.local import parts
from scripts.tilt_eval import ROOT, Machine, TiltfileError, evaluate
from scripts.tilt_scripted_model import IN_POD

DESKTOP = Machine()
MODES = ("cluster", "hybrid", "local")
ENV_FILE = """
# LLM_MODEL=a comment
LLM_MODEL=small # the cheap one
export RATE_LIMIT=off
SECRET_KEY='quoted # not a comment'
DATABASE_URL="postgresql://me:pw@db.example/todo?sslmode=require" # ours
JWT_ISSUER=https://id.example/#realm
LLM_API_KEY=
=nameless
no assignment
"""


def with_env(text: str = "", **environment: str) -> Machine:
    return replace(DESKTOP, env=environment, files={".env": text, "tilt-settings.yaml": "{}"})


def with_settings(text: str) -> Machine:
    return replace(DESKTOP, files={".env": "", "tilt-settings.yaml": text})


def served_with(machine: Machine) -> dict[str, str]:
    """The backend's environment where it is a process of Tilt's."""
    environment: dict[str, str] = evaluate("--mode=local", machine=machine).resources()["backend"]["serve_env"]
    return environment


def test_a_line_of_the_env_file_means_what_it_means_in_local_mode() -> None:
    expected = {key: value for key, value in dotenv_values(stream=StringIO(ENV_FILE)).items() if key and value}
    found = served_with(with_env(ENV_FILE))
    assert expected == {key: found[key] for key in expected}
    assert "LLM_API_KEY" not in found


def test_the_secrets_of_a_codespace_count_in_the_cluster_and_win_over_the_file() -> None:
    machine = with_env("LLM_API_KEY=from-the-file\n", LLM_API_KEY="from-the-codespace", SECRET_KEY="k" * 40)
    recording = evaluate(machine=machine)
    secret = next(yaml.safe_load(y["yaml"]) for y in recording.of("k8s_yaml") if "kind: Secret" in y["yaml"])
    assert secret["stringData"] == {"LLM_API_KEY": "from-the-codespace", "SECRET_KEY": "k" * 40}
    assert "from-the" not in str(recording.of("helm"))


def test_limits_of_the_env_file_reach_the_pod() -> None:
    values = evaluate(machine=with_env("RATE_LIMIT=60/minute\nLOG_LEVEL=debug\nDATA_DIR=.data\n")).of("helm")[0]["set"]
    assert {"config.extra.RATE_LIMIT=60/minute", "config.extra.LOG_LEVEL=debug"} <= set(values)
    assert not [value for value in values if "DATA_DIR" in value]


@pytest.mark.parametrize("text", ["only: app,tests", "only: [app, tests]"])
def test_groups_may_stand_in_a_line_or_in_a_list(text: str) -> None:
    chosen = evaluate(machine=with_settings(text)).of("config.set_enabled_resources")[0]["resources"]
    assert {"backend", "backend-tests"} <= set(chosen)
    assert "doctor" not in chosen


@pytest.mark.parametrize("flag", ["--port=0", "--port=http", "--backend-port=65536", "--frontend-port=-1"])
def test_what_is_no_port_is_refused(flag: str) -> None:
    with pytest.raises(TiltfileError, match=f"{flag} is not a port number"):
        evaluate(flag)


@pytest.mark.parametrize("mode", ["hybrid", "local"])
def test_a_taken_port_behind_the_router_can_be_another(mode: str) -> None:
    resources = evaluate(f"--mode={mode}", "--backend-port=8001", "--frontend-port=3001").resources()
    assert {"http://127.0.0.1:8001", "http://127.0.0.1:3001"} <= set(resources["router"]["serve_cmd"])
    assert resources["frontend"]["serve_cmd"][-1] == "3001"
    assert resources["frontend"]["readiness_probe"]["http_get"]["port"] == 3001
    backend = resources["backend"]
    if mode == "hybrid":
        assert backend["port_forwards"][0]["local_port"] == 8001
    else:
        assert "--port 8001" in backend["serve_cmd"]


@pytest.mark.parametrize("mode", MODES)
def test_what_the_tests_and_the_page_need_is_asked_for_in_every_mode(mode: str) -> None:
    asked = re.findall(r"\w+", evaluate(f"--mode={mode}").of("local")[0]["command"][-1])
    assert {"node", "npm"} <= set(asked)
    assert ("docker" in asked) == (mode != "local")


@pytest.mark.parametrize("mode", MODES)
def test_the_debug_flag_opens_the_inspector_of_the_server_and_not_of_what_starts_it(mode: str) -> None:
    """`node --inspect next dev` would give 9229 to the parent and 9230 to the server."""
    recording = evaluate(f"--mode={mode}", "--debug")
    if mode == "cluster":
        words = [value.partition("=")[2] for value in recording.of("helm")[0]["set"] if "frontend.command" in value]
    else:
        words = recording.resources()["frontend"]["serve_cmd"]
    assert words.index("--inspect=127.0.0.1:9229") > words.index("dev")


@pytest.mark.parametrize("mode", MODES)
def test_what_is_installed_follows_the_lock_files(mode: str) -> None:
    resources = evaluate(f"--mode={mode}").resources()
    assert resources["frontend-packages"]["deps"] == ["frontend/package-lock.json"]
    assert resources["python-packages"]["deps"] == ["requirements-dev.txt"]


def test_tilt_is_told_how_much_at_once_how_long_and_what_to_throw_away() -> None:
    recording = evaluate()
    assert recording.of("update_settings")[0]["max_parallel_updates"] > 3
    assert recording.of("docker_prune_settings")[0]["keep_recent"] == 2
    assert {"timeout", "readiness_timeout", "k8s_grace_period"} == set(recording.of("ci_settings")[0])


ORDER = {
    "cluster": [("config", "backend"), ("config", "postgres"), ("config", "frontend"), ("config", "routes")],
    "hybrid": [("config", "backend"), ("config", "postgres"), ("frontend-packages", "frontend")],
    "local": [("frontend-packages", "frontend")],
}


@pytest.mark.parametrize("mode", MODES)
def test_what_others_need_starts_first(mode: str) -> None:
    router = "ingress" if mode == "cluster" else "router"
    watchers = ("doctor", "stuck-reload", "chat-replay", "open-streams", "smoke")
    resources = evaluate(f"--mode={mode}").resources()
    wanted = ORDER[mode] + [(before, after) for after in watchers for before in ("backend", router)]
    for before, after in wanted:
        assert before in resources[after]["resource_deps"], (before, after)


def test_a_replay_waits_for_a_save_and_is_scripted_in_ci() -> None:
    in_the_loop = evaluate().resources()["chat-replay"]
    in_ci = evaluate(machine=replace(DESKTOP, subcommand="ci")).resources()["chat-replay"]
    assert not in_the_loop["auto_init"]
    assert in_the_loop["deps"][0] == "backend/app"
    assert "--saved" in in_the_loop["cmd"]
    assert in_ci["auto_init"]
    assert "--scripted" in in_ci["cmd"]


@pytest.mark.parametrize("mode", MODES)
def test_replays_and_open_streams_know_where_the_application_runs(mode: str) -> None:
    resources = evaluate(f"--mode={mode}", "--namespace=mine").resources()
    for environment in (resources["chat-replay"]["env"], resources["open-streams"]["serve_env"]):
        assert (environment["TODO_MODE"], environment["TODO_NAMESPACE"]) == (mode, "mine")
        assert environment["DATA_DIR"].endswith(".data")


def test_scripted_models_are_for_development_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chart = ROOT / "helm/todo-app"
    development = yaml.safe_load((chart / "values-dev.yaml").read_text())["config"]
    assert (development["appEnv"], development["extra"]["SCRIPTED_MODELS"]) == ("development", str(IN_POD))
    others = [file for file in chart.rglob("*") if file.is_file() and file.name != "values-dev.yaml"]
    assert not [file for file in others if "SCRIPTED" in file.read_text(errors="replace").upper()]
    assert served_with(with_env())["SCRIPTED_MODELS"].endswith("/.data/models")
    assert "SCRIPTED_MODELS" not in served_with(with_env("APP_ENV=production\n"))
    monkeypatch.setattr(parts, "ROOT", tmp_path)  # where a person's .env is
    assert parts.settings_env(tmp_path)["SCRIPTED_MODELS"] == str(tmp_path / "models")
    (tmp_path / ".env").write_text("APP_ENV=production\n")
    assert "SCRIPTED_MODELS" not in parts.settings_env(tmp_path)
