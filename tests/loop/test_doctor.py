"""The doctor: for every check, something is really broken and the red line with its remedy is seen."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from scripts.doctor.__main__ import likely_mode, likely_port, repair
from scripts.doctor.check import CHECKS, ROOT, Finding, Machine, examine
from tests.loop.answering import Answer, serving


def closed_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A bare machine: an empty tree, nothing on PATH, nothing running."""
    (tmp_path / "bin").mkdir()
    return Machine(
        root=tmp_path, env={"PATH": str(tmp_path / "bin")}, port=closed_port(), tilt_port=closed_port(), min_memory_gb=0
    )


def tool(machine: Machine, name: str, script: str) -> None:
    """Put a command of our own on the machine's PATH."""
    path = machine.root / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def ask(machine: Machine, name: str, mode: str = "cluster") -> Finding:
    return examine(machine, mode=mode, only=(name,))[0].finding


@pytest.fixture
def serve(machine: Machine) -> Iterator[Callable[[Answer], Machine]]:
    """Start an HTTP server where the page would be, and look at that machine."""
    with ExitStack() as servers:

        def start(answer: Answer) -> Machine:
            return replace(machine, port=urlsplit(servers.enter_context(serving(answer))).port)

        yield start


def say(handler: BaseHTTPRequestHandler, status: int, body: object = None, **headers: str) -> None:
    content = b"" if body is None else json.dumps(body).encode()
    handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    handler.send_response_only(status)
    for name, value in {"Content-Length": str(len(content)), "Date": formatdate(usegmt=True), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(content)


# --- tools ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["node", "tilt", "kubectl", "helm"])
def test_a_missing_tool_is_named_with_where_it_comes_from(name: str, machine: Machine) -> None:
    finding = ask(machine, name)
    assert finding.status == "fail"
    assert finding.text == f"{name} is not on PATH"
    assert finding.remedy


@pytest.mark.parametrize(
    ("name", "old"), [("node", "v18.20.1"), ("tilt", "v0.36.0"), ("kubectl", "v1.20.0"), ("helm", "v3.1.0")]
)
def test_an_old_tool_is_refused(name: str, old: str, machine: Machine) -> None:
    tool(machine, name, f"echo {old}")
    assert "is older than" in ask(machine, name).text
    tool(machine, name, "echo v99.9.9")
    assert ask(machine, name).status == "ok"


def test_a_tool_that_does_not_run_is_found(machine: Machine) -> None:
    tool(machine, "helm", "exit 3")
    assert ask(machine, "helm").text == "helm does not run"


def test_a_missing_environment_is_found(machine: Machine) -> None:
    finding = ask(machine, "python")
    assert finding.text == ".venv is missing"
    assert finding.fix == ("make", "install")


def test_a_missing_browser_is_a_warning(machine: Machine) -> None:
    assert ask(machine, "browser").status == "warn"
    tool(machine, "chromium", "exit 0")
    assert ask(machine, "browser").status == "ok"
    finding = ask(replace(machine, env={**machine.env, "CHROMIUM": "/gone"}), "browser")
    assert (finding.status, "/gone" in finding.text) == ("warn", True)


# --- the machine ------------------------------------------------------------------------------------------------------


def test_few_inotify_watches_are_found_and_raising_them_is_offered(machine: Machine) -> None:
    folder = machine.root / "sys" / "fs" / "inotify"
    folder.mkdir(parents=True)
    (folder / "max_user_instances").write_text("128\n")
    (folder / "max_user_watches").write_text("524288\n")
    finding = ask(replace(machine, proc=machine.root), "inotify")
    assert finding.status == "warn"
    assert "max_user_instances is 128" in finding.text
    assert finding.fix[-1] == "fs.inotify.max_user_instances=1024"


def test_a_full_disk_is_found(machine: Machine) -> None:
    finding = ask(replace(machine, min_disk_gb=1e9), "disk")
    assert finding.status == "fail"
    assert "prune" in finding.remedy


def test_too_little_memory_is_found(machine: Machine) -> None:
    (machine.root / "meminfo").write_text("MemTotal: 4000000 kB\nMemAvailable: 524288 kB\n")
    finding = ask(replace(machine, proc=machine.root, min_memory_gb=2), "memory")
    assert finding.text == "0.5 GB available, 2 are needed"


def test_a_foreign_server_on_the_port_of_the_page_is_found(serve: Callable[[Answer], Machine]) -> None:
    other = serve(lambda handler: say(handler, 404))
    assert ask(other, "port of the page").text == f"something else listens on {other.port}"
    ours = serve(lambda handler: say(handler, 200, {"status": "ok"}))
    assert ask(ours, "port of the page").status == "ok"


def test_a_foreign_server_behind_the_router_of_hybrid_mode_is_found(machine: Machine) -> None:
    name = "ports behind the router"
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        (machine.root / "tilt-settings.yaml").write_text(f"frontend-port: {port}\nbackend-port: {closed_port()}\n")
        finding = ask(machine, name, mode="hybrid")
        assert finding.text == f"something listens on {port}"
        assert finding.remedy.endswith(f"tilt up -- --frontend-port={port + 1}")
        assert ask(machine, name, mode="cluster").status == "skip"
    assert ask(replace(machine), name, mode="hybrid").status == "ok"


def test_a_foreign_server_on_the_port_of_the_dashboard_is_found(machine: Machine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        finding = ask(replace(machine, tilt_port=server.getsockname()[1]), "port of the dashboard")
    assert finding.status == "fail"


def test_a_dashboard_that_others_can_reach_is_found(machine: Machine) -> None:
    with socket.create_server(("0.0.0.0", 0)) as server:
        finding = ask(replace(machine, tilt_port=server.getsockname()[1]), "dashboard not exposed")
    assert finding.status == "fail"
    assert "without --host" in finding.remedy
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert ask(replace(machine, tilt_port=server.getsockname()[1]), "dashboard not exposed").status == "ok"


# --- docker and the cluster -------------------------------------------------------------------------------------------


def test_a_docker_that_does_not_answer_is_found(machine: Machine) -> None:
    away = replace(machine, env={**machine.env, "DOCKER_HOST": f"unix://{machine.root}/none.sock"})
    assert ask(away, "docker").text.startswith("Docker does not answer on unix://")


def test_a_docker_command_older_than_the_daemon_accepts_is_found(serve: Callable[[Answer], Machine]) -> None:
    about = {"Version": "29.0.0", "ApiVersion": "1.52", "MinAPIVersion": "1.44"}
    daemon = serve(lambda handler: say(handler, 200, about))
    tool(daemon, "docker", "echo 1.41")
    there = replace(daemon, env={**daemon.env, "DOCKER_HOST": f"tcp://127.0.0.1:{daemon.port}"})
    assert ask(there, "docker").text == "the daemon wants API 1.44 or newer, the docker command speaks 1.41"
    tool(daemon, "docker", "echo 1.52")
    assert ask(there, "docker").status == "ok"


def test_a_context_of_somewhere_else_is_refused(machine: Machine) -> None:
    tool(machine, "kubectl", "echo prod-eu-1")
    assert '"prod-eu-1" is not known' in ask(machine, "context").text
    tool(machine, "kubectl", "exit 1")
    assert ask(machine, "context").text == "no Kubernetes context is set"


def test_a_context_that_ones_own_settings_allow_is_well(machine: Machine) -> None:
    tool(machine, "kubectl", "echo dev-box")
    assert "tilt up -- --context=dev-box" in ask(machine, "context").remedy
    (machine.root / "tilt-settings.yaml").write_text("context: dev-box\n")
    assert ask(machine, "context").status == "ok"


KUBECONFIG = """
apiVersion: v1
kind: Config
current-context: minikube
clusters: [{{name: minikube, cluster: {{server: "http://127.0.0.1:{port}"}}}}]
users: [{{name: minikube, user: {{}}}}]
contexts: [{{name: minikube, context: {{cluster: minikube, user: minikube}}}}]
"""


def with_cluster(machine: Machine, port: int) -> Machine:
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("kubectl is not on PATH")
    (machine.root / "bin" / "kubectl").symlink_to(kubectl)
    (machine.root / "kubeconfig").write_text(KUBECONFIG.format(port=port))
    return replace(machine, env={**machine.env, "KUBECONFIG": str(machine.root / "kubeconfig")})


def test_a_cluster_that_does_not_answer_is_found_in_time(machine: Machine) -> None:
    away = with_cluster(machine, closed_port())
    finding = ask(away, "cluster")
    assert finding.text == "the cluster does not answer"
    assert finding.remedy.startswith("minikube start")


def node(*, ready: str, runtime: str) -> dict[str, object]:
    return {
        "metadata": {"name": "minikube"},
        "status": {
            "conditions": [{"type": "Ready", "status": ready}],
            "nodeInfo": {"kubeletVersion": "v1.34.4", "containerRuntimeVersion": runtime},
        },
    }


def kubectl_says(machine: Machine, **answers: object) -> None:
    """A kubectl that answers by the kind asked for; what it does not know fails."""
    script = ""
    for kind, answer in answers.items():
        file, word = machine.root / f"{kind}.txt", kind.replace("_", "-")
        file.write_text((answer if isinstance(answer, str) else json.dumps(answer)) + "\n")
        script += f'case " $* " in *" {word} "*) while read -r line; do echo "$line"; done < {file}; exit 0;; esac\n'
    tool(machine, "kubectl", f"{script}exit 1")


def test_a_node_that_is_not_ready_is_found(machine: Machine) -> None:
    kubectl_says(machine, nodes={"items": [node(ready="False", runtime="docker://29")]})
    assert ask(machine, "cluster").text == "not ready: minikube"


def test_nodes_that_never_get_our_images_are_found(machine: Machine) -> None:
    kubectl_says(machine, nodes="containerd://2.1", current_context="minikube")
    finding = ask(machine, "images reach the nodes")
    assert finding.text == "the nodes run containerd://2.1 and announce no registry"
    kubectl_says(machine, nodes="docker://29.0", current_context="minikube")
    assert ask(machine, "images reach the nodes").status == "ok"


def test_a_cluster_without_a_way_in_is_found(machine: Machine) -> None:
    kubectl_says(machine, ingressclasses="")
    assert ask(machine, "ingress").text.startswith("no ingress class")
    kubectl_says(machine, ingressclasses="nginx", deployments="ingress-nginx/ingress-nginx-controller=")
    finding = ask(machine, "ingress")
    assert finding.text == "class nginx, but no controller is ready"
    assert finding.fix == ("minikube", "addons", "enable", "ingress")
    assert ask(machine, "ingress", mode="hybrid").status == "skip"


# --- configuration ----------------------------------------------------------------------------------------------------


def write_env(machine: Machine, text: str, mode: int = 0o600) -> None:
    (machine.root / ".env").write_text(text)
    (machine.root / ".env").chmod(mode)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("LLM_API_KEY=your-key-here\n", "LLM_API_KEY still holds an example value"),
        ("SECRET_KEY=short\n", "SECRET_KEY is shorter than 32 characters"),
    ],
)
def test_a_secret_that_is_none_is_found(text: str, said: str, machine: Machine) -> None:
    write_env(machine, text)
    assert ask(machine, "secrets").text == said


def test_an_env_file_that_everybody_reads_is_found_and_closed(machine: Machine) -> None:
    write_env(machine, "SECRET_KEY=\n", mode=0o644)
    assert ask(machine, "secrets").fix == ("chmod", "600", ".env")


def test_an_env_file_under_version_control_is_found(machine: Machine) -> None:
    git = shutil.which("git")
    assert git
    (machine.root / "bin" / "git").symlink_to(git)
    write_env(machine, "SECRET_KEY=\n")
    subprocess.run([git, "init", "-q"], cwd=machine.root, check=True)
    assert ask(machine, "secrets").status == "ok"
    subprocess.run([git, "add", "-f", ".env"], cwd=machine.root, check=True)
    assert ask(machine, "secrets").text == ".env is under version control"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://me:pw@host/todo", "neither PostgreSQL's nor SQLite's"),
        ("postgresql://me:pw@host/", "names no database"),
        ("postgresql:///todo", "names no host"),
        ("postgresql://me:pw@ep-x-1.eu.aws.neon.tech/todo", "Neon accepts encrypted connections only"),
        ("sqlite:///", "names no file"),
    ],
)
def test_a_database_url_that_cannot_work_is_explained_without_its_password(
    url: str, said: str, machine: Machine
) -> None:
    finding = ask(replace(machine, env={**machine.env, "DATABASE_URL": url}), "database")
    assert finding.status == "fail"
    assert said in finding.text
    assert "pw" not in finding.text + finding.remedy


def test_a_database_that_lets_nobody_in_is_found(machine: Machine) -> None:
    url = f"postgresql://me:pw@127.0.0.1:{closed_port()}/todo"
    finding = ask(replace(machine, env={**machine.env, "DATABASE_URL": url}), "database")
    assert finding.text.startswith("PostgreSQL on 127.0.0.1 does not let us in")
    assert "pw" not in finding.text


@pytest.mark.parametrize(("direct", "status"), [("", "warn"), ("postgresql://me:pw@ep-x.neon.tech/todo", "ok")])
def test_neons_pooler_is_explained(direct: str, status: str, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.doctor.database._cannot_connect", lambda _: "")
    url = "postgresql://me:pw@ep-x-pooler.neon.tech/todo?sslmode=require"
    settings = {"DATABASE_URL": url, "DIRECT_DATABASE_URL": direct}
    finding = ask(replace(machine, env={**machine.env, **settings}), "database")
    assert finding.status == status
    if status == "warn":
        assert "transaction pooler" in finding.text
        assert finding.remedy.endswith("ep-x.neon.tech")


def test_a_database_behind_the_code_is_found(machine: Machine) -> None:
    versions = machine.root / "backend" / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions / "one.py").write_text('revision = "a1"\ndown_revision = None\n')
    (versions / "two.py").write_text('revision: str = "b2"\ndown_revision: str | None = "a1"\n')
    (machine.root / ".data").mkdir()
    with closing(sqlite3.connect(machine.root / ".data" / "todo.db")) as file:
        file.execute("create table alembic_version (version_num text)")
        file.execute("insert into alembic_version values ('a1')")
        file.commit()
        assert ask(machine, "migrations", "local").text == "the database stands at a1, the code at b2"
        file.execute("update alembic_version set version_num = 'b2'")
        file.commit()
        assert ask(machine, "migrations", "local").text == "at b2"


def test_a_cluster_with_its_own_database_is_not_held_to_the_one_of_local_mode(machine: Machine) -> None:
    assert "PostgreSQL" in ask(machine, "database", "cluster").text
    assert "SQLite" in ask(machine, "database", "local").text
    assert ask(machine, "migrations", "cluster").status == "skip"


def model_machine(there: Machine) -> Machine:
    target = there.root / "backend" / "app" / "engines"
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "backend" / "app" / "engines" / "presets.py", target)
    settings = {"LLM_API_KEY": "sk-hush", "LLM_BASE_URL": f"http://127.0.0.1:{there.port}/v1"}
    return replace(there, env={**there.env, **settings})


@pytest.mark.parametrize(
    ("status", "said"),
    [(401, "the key is not accepted"), (404, "no model"), (429, "the quota is used up"), (503, "status 503")],
)
def test_a_provider_that_refuses_is_explained(status: int, said: str, serve: Callable[[Answer], Machine]) -> None:
    finding = ask(model_machine(serve(lambda handler: say(handler, status))), "model")
    assert finding.status == "fail"
    assert said in finding.text
    assert "sk-hush" not in finding.text + finding.remedy


def test_a_model_that_calls_no_tool_is_found(serve: Callable[[Answer], Machine]) -> None:
    message: dict[str, object] = {"content": "pong"}
    there = model_machine(serve(lambda handler: say(handler, 200, {"choices": [{"message": message}]})))
    assert ask(there, "model").status == "warn"
    message["tool_calls"] = [{"function": {"name": "ping"}}]
    assert ask(there, "model").status == "ok"


def test_a_provider_that_does_not_answer_is_found(machine: Machine) -> None:
    assert ask(model_machine(machine), "model").status == "warn"


# --- the running application ------------------------------------------------------------------------------------------

META = {
    "version": "3.0.0",
    "source_digest": "0123456789abcdef",
    "database": {"kind": "sqlite"},
    "engine": {"kind": "rules"},
    "reload": None,
}


def test_code_that_did_not_load_is_found(serve: Callable[[Answer], Machine]) -> None:
    broken = META | {"reload": {"state": "failed", "error": "SyntaxError: invalid syntax (app/x.py, line 3)"}}
    finding = ask(serve(lambda handler: say(handler, 200, broken)), "application")
    assert finding.status == "fail"
    assert "app/x.py, line 3" in finding.text
    assert ask(serve(lambda handler: say(handler, 200, META)), "application").status == "ok"


def test_a_clock_that_drifted_is_found(serve: Callable[[Answer], Machine]) -> None:
    then = formatdate(time.time() - 600, usegmt=True)
    finding = ask(serve(lambda handler: say(handler, 200, {}, Date=then)), "clock")
    assert "off by 600 s" in finding.text or "off by 601 s" in finding.text


def test_a_host_that_the_application_refuses_is_found(serve: Callable[[Answer], Machine]) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        say(handler, 421 if "silver-lamp" in handler.headers["Host"] else 401)

    there = serve(answer)
    assert ask(there, "allowed hosts").status == "ok"
    codespace = replace(there, env={**there.env, "CODESPACE_NAME": "silver-lamp"})
    finding = ask(codespace, "allowed hosts")
    assert f"silver-lamp-{there.port}.app.github.dev" in finding.text
    assert "ALLOWED_HOSTS" in finding.remedy


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"Content_Encoding": "gzip"}, "compresses it (gzip)"),
        ({"Content_Length": "0"}, "collects it"),
        ({"Content_Type": "text/html"}, "instead of a stream"),
    ],
)
def test_a_router_that_holds_events_back_is_found(
    headers: dict[str, str], said: str, serve: Callable[[Answer], Machine]
) -> None:
    there = serve(lambda handler: say(handler, 200, **{"Content_Type": "text/event-stream", **headers}))
    finding = ask(there, "streaming")
    assert finding.status == "fail"
    assert said in finding.text


EVENTS = [b"event: start\ndata: {}\n\n", b"event: text\ndata: {}\n\n", b"event: done\ndata: {}\n\n"]


@pytest.mark.parametrize(
    ("pieces", "status", "said"),
    [
        (EVENTS, "ok", "3 events in 3 pieces"),
        ([b"".join(EVENTS)], "fail", "collects it: 3 events came in one piece"),
    ],
)
def test_a_router_that_passes_events_on_all_at_once_is_found_by_measuring(
    pieces: list[bytes], status: str, said: str, serve: Callable[[Answer], Machine]
) -> None:
    finding = ask(serve(lambda handler: stream(handler, [*pieces, b""])), "streaming")
    assert finding.status == status
    assert said in finding.text


@pytest.mark.parametrize(("cut", "status", "said"), [(1, "ok", "3 events in"), (99, "fail", "stream broke, ")])
def test_a_stream_that_is_cut_once_is_asked_for_again(
    cut: int, status: str, said: str, serve: Callable[[Answer], Machine]
) -> None:
    asked = itertools.count()
    finding = ask(serve(lambda handler: stream(handler, [] if next(asked) < cut else [*EVENTS, b""])), "streaming")
    assert finding.status == status
    assert said in finding.text


def stream(handler: BaseHTTPRequestHandler, pieces: list[bytes]) -> None:
    """Answers a chat in these chunks, of which an empty one is the end."""
    if handler.command != "POST":
        return say(handler, 200)
    handler.rfile.read(int(handler.headers["Content-Length"]))
    handler.send_response_only(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    for piece in pieces:
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))


@pytest.mark.parametrize(("status", "expected"), [(403, "fail"), (101, "ok"), (404, "skip"), (502, "warn")])
def test_a_page_whose_clicks_would_be_dead_is_found(
    status: int, expected: str, serve: Callable[[Answer], Machine]
) -> None:
    there = serve(lambda handler: say(handler, 200 if "health" in handler.path else status))
    assert ask(there, "hot reload").status == expected


def test_what_does_not_run_is_left_out_and_not_red(machine: Machine) -> None:
    for name in ("application", "clock", "allowed hosts", "streaming", "hot reload"):
        assert ask(machine, name).status == "skip"


# --- the whole --------------------------------------------------------------------------------------------------------


def test_every_check_is_broken_in_some_test_here() -> None:
    text = Path(__file__).read_text()
    assert [each.name for each in CHECKS if f'"{each.name}"' not in text] == []


def test_local_mode_asks_nothing_about_clusters(machine: Machine) -> None:
    for each in CHECKS:
        if each.cluster:
            assert ask(machine, each.name, mode="local").status == "skip"


def test_clusters_are_asked_about_where_there_is_tilt_or_where_they_are_wanted(machine: Machine) -> None:
    tool(machine, "kubectl", "exit 0")  # comes with Docker Desktop, and means nothing
    assert likely_mode(machine) == "local"
    assert likely_mode(replace(machine, env={**machine.env, "MODE": "hybrid"})) == "hybrid"
    tool(machine, "tilt", "exit 0")
    assert likely_mode(machine) == "cluster"


def test_the_page_is_looked_for_where_local_mode_serves_it(machine: Machine) -> None:
    assert likely_port(machine) == 8080
    (machine.root / "tilt-settings.yaml").write_text("port: 8181\n")
    assert likely_port(replace(machine)) == 8181
    (machine.root / ".data").mkdir()
    (machine.root / ".data" / "local.json").write_text('{"pid": 1, "ports": {"public": 8123}}')
    assert likely_port(machine) == 8123
    assert likely_port(replace(machine, env={**machine.env, "PORT": "8200"})) == 8200


def test_a_check_that_hangs_holds_nobody_up(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.doctor.check.PATIENCE", 0.3)
    tool(machine, "helm", "exec sleep 2")
    os.symlink("/bin/sleep", machine.root / "bin" / "sleep")
    lines = {line.name: line for line in examine(machine, only=("helm", "disk"))}
    assert "did not answer" in lines["helm"].finding.text
    assert lines["disk"].finding.status == "ok"


def test_a_broken_check_hides_no_other(machine: Machine) -> None:
    finding = ask(replace(machine, proc=machine.root), "memory")
    assert finding.status == "warn"
    assert "the check itself failed" in finding.text


def test_the_report_is_there_within_five_seconds_and_for_tools_as_json() -> None:
    argv = [sys.executable, "-m", "scripts.doctor", "--json", "--port", str(closed_port())]
    run = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    report = json.loads(run.stdout)
    assert report["seconds"] < 5
    assert [each["name"] for each in report["checks"]] == [each.name for each in CHECKS]
    assert run.returncode == (0 if report["ok"] else 1)


def test_a_safe_fix_is_carried_out(machine: Machine) -> None:
    write_env(machine, "SECRET_KEY=\n", mode=0o644)
    os.symlink("/bin/chmod", machine.root / "bin" / "chmod")
    assert repair(examine(machine, only=("secrets",)), machine) == ["secrets"]
    assert (machine.root / ".env").stat().st_mode & 0o777 == 0o600
