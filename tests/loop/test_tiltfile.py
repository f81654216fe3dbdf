"""The Tiltfile under a real Starlark interpreter: what it declares in each mode, and how it refuses."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from scripts.install_helm import any_helm
from scripts.tilt_eval import HEALTHY, ROOT, Machine, TiltfileError, evaluate

DESKTOP = Machine()
CODESPACE = Machine(
    env={"CODESPACE_NAME": "silver-lamp-42", "GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN": "app.github.dev"}
)
APP_IN_CODESPACE = "https://silver-lamp-42-8080.app.github.dev"
KUBECONFIG = """
apiVersion: v1
kind: Config
current-context: minikube
clusters: [{name: minikube, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: minikube, user: {}}]
contexts: [{name: minikube, context: {cluster: minikube, user: minikube}}]
"""
MODES = ("cluster", "hybrid", "local")


@pytest.fixture(autouse=True)
def helm(monkeypatch: pytest.MonkeyPatch) -> None:
    """A real Helm on PATH, fetched where the machine has none."""
    monkeypatch.setenv("PATH", f"{any_helm().parent}:{os.environ['PATH']}")


def links_of(resource: dict[str, object]) -> list[str]:
    return [link["url"] for link in resource.get("links") or []]


def test_the_cluster_mode_deploys_both_halves_and_forwards_the_ingress() -> None:
    resources = evaluate().resources()
    assert {"config", "postgres", "backend", "frontend", "ingress", "backend-tests"} <= set(resources)
    assert "router" not in resources
    assert resources["backend"]["workload"] == "todo-todo-app-backend"


def test_the_hybrid_mode_keeps_the_backend_in_a_pod_and_runs_the_rest_here() -> None:
    recording = evaluate("--mode=hybrid")
    resources = recording.resources()
    assert [image["ref"] for image in recording.of("docker_build")] == ["todo-backend"]
    assert "node_modules/next/dist/bin/next" in resources["frontend"]["serve_cmd"]
    assert resources["backend"]["port_forwards"][0]["local_port"] == 8000
    assert "router" in resources
    assert "ingress" not in resources


def test_the_local_mode_touches_no_cluster() -> None:
    machine = replace(DESKTOP, context="", cluster="")
    recording = evaluate("--mode=local", machine=machine)
    assert not recording.of("docker_build")
    assert not recording.of("k8s_yaml")
    assert {"backend", "frontend", "router"} <= set(recording.resources())


@pytest.mark.parametrize("mode", MODES)
def test_every_resource_has_a_group(mode: str) -> None:
    for name, resource in evaluate(f"--mode={mode}").resources().items():
        assert set(resource["labels"]) <= {"app", "data", "ingress", "tests", "tools"}, name


@pytest.mark.parametrize("mode", MODES)
def test_every_dependency_is_a_resource_that_exists(mode: str) -> None:
    resources = evaluate(f"--mode={mode}").resources()
    for name, resource in resources.items():
        assert set(resource.get("resource_deps") or []) <= set(resources), name


@pytest.mark.parametrize("mode", MODES)
def test_links_work_on_a_desktop_and_in_a_browser_codespace(mode: str) -> None:
    for machine, origin in ((DESKTOP, "http://localhost:8080"), (CODESPACE, APP_IN_CODESPACE)):
        resources = evaluate(f"--mode={mode}", machine=machine).resources()
        urls = [url for resource in resources.values() for url in links_of(resource)]
        assert urls
        assert all(url.startswith(origin) for url in urls)
        assert origin in links_of(resources["frontend"])


def test_a_remote_host_names_its_own_address() -> None:
    resources = evaluate("--public-url=http://devbox:9000/", "--port=9000").resources()
    assert links_of(resources["frontend"]) == ["http://devbox:9000"]


@pytest.mark.parametrize(("mode", "name"), [("cluster", "ingress"), ("hybrid", "router"), ("local", "router")])
def test_the_router_is_asked_for_a_health_path_and_never_for_a_page(mode: str, name: str) -> None:
    probe = evaluate(f"--mode={mode}", "--port=8123").resources()[name]["readiness_probe"]
    assert probe["http_get"]["port"] == 8123
    assert probe["http_get"]["path"] == "/api/health"


def test_the_backend_tests_wait_for_a_save_in_the_loop_and_all_run_in_ci() -> None:
    in_the_loop = evaluate().resources()["backend-tests"]
    in_ci = evaluate(machine=replace(DESKTOP, subcommand="ci")).resources()["backend-tests"]
    assert not in_the_loop["auto_init"]
    assert in_the_loop["cmd"][-1] == "scripts.affected_tests"
    assert in_ci["auto_init"]
    assert "pytest" in in_ci["cmd"]
    assert in_the_loop["allow_parallel"]


def test_live_update_steps_stand_in_the_order_that_tilt_demands() -> None:
    order = ["initial_sync", "fall_back_on", "sync", "run"]
    for image in evaluate().of("docker_build"):
        kinds = [order.index(step["builtin"]) for step in image["live_update"]]
        assert kinds == sorted(kinds), image["ref"]


def test_synced_sources_lie_among_the_inputs_of_their_image() -> None:
    for image in evaluate().of("docker_build"):
        for step in image["live_update"]:
            if step["builtin"] == "sync":
                inside = step["local_path"].removeprefix(image["context"] + "/")
                assert any(inside == path or inside.startswith(path + "/") for path in image["only"]), step


def test_a_changed_lock_file_installs_in_the_running_pod_and_never_empties_it() -> None:
    runs = [
        step for image in evaluate().of("docker_build") for step in image["live_update"] if step["builtin"] == "run"
    ]
    triggers = [trigger for step in runs for trigger in step["trigger"]]
    assert {"backend/requirements.txt", "frontend/package-lock.json"} <= set(triggers)
    assert not any("npm ci" in step["cmd"] for step in runs)


def test_the_debug_flag_opens_both_debuggers() -> None:
    recording = evaluate("--debug")
    ports = {
        forward["local_port"]
        for name in ("backend", "frontend")
        for forward in recording.resources()[name]["port_forwards"]
    }
    assert ports == {5678, 9229}
    values = recording.of("helm")[0]["set"]
    assert any(value.startswith("backend.command") and value.endswith("=--debug=5678") for value in values)
    assert any(value.startswith("frontend.command") and value.endswith("=--inspect=127.0.0.1:9229") for value in values)


def test_no_image_overrides_a_command_which_would_reach_the_container_that_migrates() -> None:
    for image in evaluate("--debug").of("docker_build"):
        assert "entrypoint" not in image


def test_the_manual_flag_waits_for_the_button() -> None:
    assert [call["trigger_mode"] for call in evaluate("--manual").of("trigger_mode")] == ["manual"]
    assert not evaluate().of("trigger_mode")


def test_personal_settings_count_until_a_flag_says_otherwise() -> None:
    personal = replace(DESKTOP, files={".env": "", "tilt-settings.yaml": "mode: local\nport: 8181\n"})
    assert "router" in evaluate(machine=personal).resources()
    assert "ingress" in evaluate("--mode=cluster", machine=personal).resources()


def test_the_namespace_demands_restricted_pods() -> None:
    documents = [yaml.safe_load(given["yaml"]) for given in evaluate().of("k8s_yaml") if "kind:" in given["yaml"]]
    namespace = next(document for document in documents if document["kind"] == "Namespace")
    assert namespace["metadata"]["name"] == "todo"
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


def overrides(machine: Machine, *arguments: str) -> dict[str, str]:
    return dict(value.split("=", 1) for value in evaluate(*arguments, machine=machine).of("helm")[0]["set"])


def test_secrets_of_the_env_file_reach_the_cluster_in_a_secret_and_nowhere_else() -> None:
    env = "DATABASE_URL=postgresql://me:hush@db.example/todo\nLLM_API_KEY='sk-hush'\nLLM_MODEL=small\nEMPTY=\n# NO=1\n"
    recording = evaluate(machine=replace(DESKTOP, files={".env": env, "tilt-settings.yaml": ""}))
    secret = next(yaml.safe_load(y["yaml"]) for y in recording.of("k8s_yaml") if "kind: Secret" in y["yaml"])
    assert secret["stringData"]["LLM_API_KEY"] == "sk-hush"
    assert secret["stringData"]["DATABASE_URL"].endswith("@db.example/todo")
    assert "hush" not in str(recording.of("helm")) + str(recording.of("local")) + str(recording.printed)
    assert "config.llmModel=small" in recording.of("helm")[0]["set"]
    assert "postgres" not in recording.resources()


ENV_FILES = {
    "nothing set": "",
    "a database": "DATABASE_URL=postgresql://me:hush@db.example/todo\n",
    "a model": "LLM_API_KEY=sk-hush\nLLM_BASE_URL=https://models.example/v1\nLLM_MODEL=a,b\n",
    "limits": "RATE_LIMIT=60/minute\nMAX_BODY_BYTES=1048576\nLLM_TIMEOUT=20\n",
    "a signing key": f"SECRET_KEY={'k' * 40}\n",
}


@pytest.mark.parametrize("flags", [(), ("--mode=hybrid",), ("--debug",)], ids=" ".join)
@pytest.mark.parametrize("text", ENV_FILES.values(), ids=ENV_FILES)
def test_the_chart_accepts_what_the_tiltfile_sets(text: str, flags: tuple[str, ...]) -> None:
    machine = replace(DESKTOP, files={".env": text, "tilt-settings.yaml": ""})
    given = evaluate(*flags, machine=machine).of("helm")[0]
    argv = ["helm", "template", given["name"], given["pathToChartDir"], "--namespace", given["namespace"]]
    for values in given["values"]:
        argv += ["--values", values]
    for value in given["set"]:
        argv += ["--set", value]
    run = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    names = {
        (document["kind"], document["metadata"]["name"]) for document in yaml.safe_load_all(run.stdout) if document
    }
    for call in evaluate(*flags, machine=machine).of("k8s_resource"):
        if call.get("workload"):
            assert ("Deployment", call["workload"]) in names


def test_a_changed_secret_replaces_the_pod() -> None:
    machines = [
        replace(DESKTOP, files={".env": f"LLM_API_KEY={key}\n", "tilt-settings.yaml": ""}) for key in ("one", "two")
    ]
    one, two = (overrides(machine)["backend.podAnnotations.env"] for machine in machines)
    assert one != two


def test_the_browsers_own_host_may_talk_to_both_halves() -> None:
    host = APP_IN_CODESPACE.removeprefix("https://")
    values = overrides(CODESPACE)
    assert values["frontend.extraEnv[0].value"] == host
    assert values["config.allowedHosts[1]"] == host
    assert values["config.publicUrl"] == APP_IN_CODESPACE
    assert evaluate("--mode=hybrid", machine=CODESPACE).resources()["frontend"]["serve_env"]["DEV_ORIGINS"] == host


def test_nothing_phones_home_and_secrets_are_scrubbed() -> None:
    recording = evaluate()
    assert recording.of("analytics_settings") == [{"enable": False}]
    assert recording.of("secret_settings") == [{"disable_scrub": False}]
    assert recording.of("version_settings") == [{"constraint": ">=0.37.5", "check_updates": False}]


def test_no_extension_is_fetched() -> None:
    for file in [ROOT / "Tiltfile", *Path(ROOT, "tilt").glob("*.tiltfile")]:
        assert "ext://" not in file.read_text()


REFUSALS = [
    ((), replace(DESKTOP, context="prod-eu-1"), 'context is "prod-eu-1", which is not known'),
    ((), replace(DESKTOP, context=""), "No Kubernetes context is set"),
    ((), replace(DESKTOP, missing_tools=["helm"]), "Not on PATH: helm"),
    ((), replace(DESKTOP, absent=[f"{ROOT}/.venv/bin/python"]), "Run `make install` once"),
    ((), replace(DESKTOP, cluster=HEALTHY.replace("docker=29.0.0\n", "")), "Docker does not answer"),
    ((), replace(DESKTOP, cluster="docker=29.0.0\n"), 'The cluster "minikube" does not answer'),
    ((), replace(DESKTOP, cluster="docker=1\nruntime=containerd://2\ningress=nginx\n"), "announce no registry"),
    ((), replace(DESKTOP, cluster="docker=1\nruntime=docker://2\n"), "minikube addons enable ingress"),
    (("--mode=fast",), DESKTOP, "--mode=fast is not a mode. Choose one of: cluster, hybrid, local"),
    (("--port=http",), DESKTOP, "--port=http is not a port number"),
    (("--mood=x",), DESKTOP, "unknown flag: --mood"),
    ((), replace(DESKTOP, files={".env": "", "tilt-settings.yaml": "moed: local"}), 'unknown key "moed"'),
    (("--only=router",), DESKTOP, "--only=router names nothing that cluster mode has"),
]


@pytest.mark.parametrize(("arguments", "machine", "message"), REFUSALS, ids=[message for *_, message in REFUSALS])
def test_a_guard_says_what_is_wrong_and_what_to_do(arguments: tuple[str, ...], machine: Machine, message: str) -> None:
    with pytest.raises(TiltfileError) as refusal:
        evaluate(*arguments, machine=machine)
    assert message in str(refusal.value)


def test_a_foreign_context_can_be_allowed_by_name_only() -> None:
    remote = replace(DESKTOP, context="dev-box")
    assert evaluate("--context=dev-box", machine=remote).of("allow_k8s_contexts") == [{"contexts": "dev-box"}]
    with pytest.raises(TiltfileError):
        evaluate("--context=other", machine=remote)


@pytest.mark.parametrize("context", ["kind-todo", "k3d-todo", "docker-desktop", "colima"])
def test_local_clusters_of_every_kind_are_welcome(context: str) -> None:
    registry = HEALTHY + "registry=local-registry-hosting\n"
    assert "backend" in evaluate(machine=replace(DESKTOP, context=context, cluster=registry)).resources()


def test_tearing_down_works_while_the_cluster_is_unwell() -> None:
    assert evaluate(machine=replace(DESKTOP, subcommand="down", cluster="")).resources()


def test_a_misspelt_keyword_fails_as_it_would_in_tilt(tmp_path: Path) -> None:
    (tmp_path / "Tiltfile").write_text("local_resource('x', serv_cmd='sleep 1')\n")
    with pytest.raises(TiltfileError, match="serv_cmd"):
        evaluate(machine=replace(DESKTOP, root=tmp_path))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.skipif(shutil.which("tilt") is None, reason="tilt is not on PATH")
def test_tilt_itself_accepts_every_mode(mode: str, tmp_path: Path) -> None:
    """Needs no cluster: the guards' questions to the machine are answered by stand-ins for kubectl and docker."""
    answers = {
        "kubectl": 'case "$*" in *nodes*) echo docker://29;; *ingress*) echo nginx;; esac',
        "docker": "echo 29.0.0",
        "helm": f'exec {shutil.which("helm") or "false"} "$@"',
    }
    for name, script in answers.items():
        tool = tmp_path / name
        tool.write_text(f"#!/bin/sh\n{script}\n")
        tool.chmod(0o755)
    (tmp_path / "config").write_text(KUBECONFIG)
    # Tilt writes a kubeconfig for its commands into the runtime folder, also over that of a Tilt that runs.
    own = {"KUBECONFIG": str(tmp_path / "config"), "XDG_RUNTIME_DIR": str(tmp_path)}
    env = os.environ | own | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    argv = ["tilt", "alpha", "tiltfile-result", "--", f"--mode={mode}"]
    run = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    manifests = {manifest["Name"] for manifest in json.loads(run.stdout)["Manifests"]}
    assert {"backend", "frontend", "backend-tests"} <= manifests


def test_answers_about_the_cluster_never_run_into_each_other(tmp_path: Path) -> None:
    for name in ("docker", "kubectl"):
        (tmp_path / name).write_text('#!/bin/sh\nprintf "%s" "${0##*/}"\nprintf " %s" says so\necho\n')
        (tmp_path / name).chmod(0o755)
    env = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    for _ in range(10):
        run = subprocess.run(["sh", "tilt/cluster-facts.sh", "x"], cwd=ROOT, env=env, capture_output=True, check=True)
        lines = sorted(run.stdout.decode().splitlines())
        said = "kubectl says so"
        assert lines == ["docker=docker says so", f"ingress={said}", f"registry={said}", f"runtime={said}"]


def test_what_destroys_asks_first() -> None:
    asked = {button["name"] for button in evaluate().of("v1alpha1.ui_button") if button["requires_confirmation"]}
    assert asked == {"reset-database", "rotate-secret", "kill-pod", "free-disk"}


@pytest.mark.parametrize("mode", MODES)
def test_every_button_starts_a_command_and_sits_on_a_resource_that_exists(mode: str) -> None:
    recording = evaluate(f"--mode={mode}")
    commands = {command["name"] for command in recording.of("v1alpha1.cmd")}
    for button in recording.of("v1alpha1.ui_button"):
        assert button["name"] in commands
        assert button["icon_svg"].startswith("<svg")
        where = button["location"]
        if where["component_type"] == "Resource":
            assert where["component_id"] in recording.resources(), button["name"]


def test_every_flag_has_a_usage_text() -> None:
    recording = evaluate()
    flags = [flag for kind in ("string", "bool", "string_list") for flag in recording.of(f"config.define_{kind}")]
    assert {"mode", "manual", "debug", "only"} <= {flag["name"] for flag in flags}
    assert all(len(flag["usage"]) > 10 for flag in flags)


def test_naming_resources_starts_only_these() -> None:
    assert evaluate("postgres").of("config.set_enabled_resources") == [{"resources": ["postgres"]}]
    assert not evaluate().of("config.set_enabled_resources")


def started(mode: str, *arguments: str) -> set[str]:
    """What Tilt starts: the chosen resources and, as it does, all that they wait for."""
    recording = evaluate(f"--mode={mode}", *arguments)
    resources, found = recording.resources(), set[str]()
    waiting = [name for call in recording.of("config.set_enabled_resources") for name in call["resources"]]
    while waiting:
        name = waiting.pop()
        waiting += [] if name in found else resources[name].get("resource_deps") or []
        found.add(name)
    return found


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("group", ["app", "data", "ingress", "tests", "tools"])
def test_a_group_brings_every_resource_with_its_label(mode: str, group: str) -> None:
    resources = evaluate(f"--mode={mode}").resources()
    labelled = {name for name, each in resources.items() if group in each["labels"]}
    assert labelled <= (started(mode, f"--only={group}") if labelled else set())


WAY_IN = {"cluster": {"postgres", "routes", "ingress"}, "hybrid": {"postgres", "router"}, "local": {"router"}}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "chosen", ["backend", "frontend", "--only=app", "--only=tests", "--only=tools", "--only=smoke"]
)
def test_a_backend_never_starts_without_its_database_and_a_way_in(mode: str, chosen: str) -> None:
    found = started(mode, chosen)
    assert "backend" in found
    assert WAY_IN[mode] <= found


def test_one_test_alone_starts_nothing_else() -> None:
    assert started("cluster", "--only=backend-tests") == {"backend-tests"}
    assert "lint" not in started("cluster", "backend", "frontend")


def test_no_test_is_left_out_of_ci() -> None:
    """`tilt ci` leaves out silently what has auto_init=False."""
    resources = evaluate(machine=replace(DESKTOP, subcommand="ci")).resources()
    tests = {name: each for name, each in resources.items() if "tests" in each["labels"]}
    assert {"backend-tests", "frontend-tests", "chart-tests", "loop-tests", "lint", "smoke", "chat-replay"} <= set(
        tests
    )
    assert all(each.get("auto_init") is not False for each in tests.values())


def test_tests_run_side_by_side_and_never_trigger_themselves() -> None:
    for name, resource in evaluate().resources().items():
        if resource["labels"] == ["tests"]:
            assert resource["allow_parallel"], name
            if resource.get("deps"):
                assert "**/__pycache__" in resource["ignore"], name
