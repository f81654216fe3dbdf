"""`make up` chooses a mode, says why, and refuses in one sentence what can't work."""

import json
import os
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from scripts.follow import dashboard, news, page_answers
from scripts.local import ports
from scripts.status import Report, Resource
from scripts.up import choose, cluster_obstacle, wanted

ROOT = Path(__file__).resolve().parents[2]


def up(*args: str, path: str | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scripts.up", *args],
        cwd=ROOT,
        env={**os.environ, **({"PATH": path} if path is not None else {}), **env},
        capture_output=True,
        text=True,
        timeout=60,
    )


def tool(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A PATH on which cluster mode is possible."""
    folder = tmp_path / "bin"
    tool(folder, "docker", "echo 28.0")
    tool(folder, "kubectl", 'case "$*" in *current-context*) echo minikube;; *) echo ok;; esac')
    tool(folder, "tilt", 'case "$1" in version) echo "v0.37.9, built 2026-10-01";; *) echo "ran tilt $*";; esac')
    return folder


@pytest.mark.parametrize(
    ("cores", "mode", "why"),
    [
        (8, "cluster", "Docker, a local cluster and Tilt are all here"),
        (2, "hybrid", "a local cluster and Tilt are here, with 2 cores; MODE=cluster puts all into pods"),
    ],
)
def test_everything_there_runs_tilt_in_the_mode_that_the_machine_can_bear(
    monkeypatch: pytest.MonkeyPatch, tools: Path, cores: int, mode: str, why: str
) -> None:
    monkeypatch.setenv("PATH", f"{tools}:/bin")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)))
    assert choose("auto") == (mode, why)
    assert choose("cluster") == ("cluster", "asked for")


def test_tilt_gets_the_mode_and_the_port(tools: Path) -> None:
    done = up("--mode=cluster", path=str(tools) + ":/bin", PORT="8090")
    assert done.stdout.splitlines() == ["cluster mode: asked for", "ran tilt up -- --mode=cluster --port=8090"]


def test_a_line_a_part_and_the_links_at_the_end() -> None:
    known: dict[str, str] = {}
    first = [Resource("(Tiltfile)", "ok"), Resource("backend", "pending"), Resource("lint", "off")]
    assert list(news(known, Report("cluster", "", first), 0.5)) == ["(Tiltfile) ready after 0.5 s"]
    red = [*first[:1], Resource("backend", "error", "image build failed\nmore")]
    assert list(news(known, Report("cluster", "", red), 2)) == ["backend is red: image build failed"]
    assert list(news(known, Report("cluster", "", red), 3)) == []
    for router in ("ingress", "router"):
        well = [Resource(name, "ok") for name in ("backend", "frontend", router)]
        assert page_answers(Report("cluster", "", well))
        assert not page_answers(Report("cluster", "", well[:2]))


def test_the_links_are_shown_once_the_page_answers(tmp_path: Path) -> None:
    names = ("(Tiltfile)", "backend", "frontend", "ingress")
    well = {"updateStatus": "ok", "runtimeStatus": "ok"}
    tool(tmp_path, "tilt", f"cat {tmp_path}/resources.json")
    (tmp_path / "resources.json").write_text(
        json.dumps({"items": [{"metadata": {"name": name}, "status": well} for name in names]})
    )

    class Meta(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(200)
            self.end_headers()
            self.wfile.write(b'{"engine": {"kind": "rules"}, "database": {"kind": "postgresql"}}')

    with HTTPServer(("127.0.0.1", 0), Meta) as page:
        threading.Thread(target=page.handle_request, daemon=True).start()
        argv = [sys.executable, "-m", "scripts.follow", f"--port={page.server_port}", "--tilt-port=10360"]
        env = {**os.environ, "PATH": f"{tmp_path}:/bin", "UP_STARTED": "", "CODESPACE_NAME": ""}
        done = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    for name in names:
        assert f"{name} ready after" in done.stdout
    assert "dashboard http://localhost:10360" in done.stdout
    assert "engine    rules" in done.stdout


def test_the_dashboard_is_linked_where_a_browser_reaches_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CODESPACE_NAME", raising=False)
    assert dashboard(10350) == "http://localhost:10350"
    monkeypatch.setenv("CODESPACE_NAME", "blue-fox")
    assert dashboard(10350) == "https://blue-fox-10350.app.github.dev"


@pytest.mark.parametrize(
    ("name", "script", "reason"),
    [
        ("docker", "exit 1", "the Docker daemon does not answer"),
        ("kubectl", 'case "$*" in *current-context*) echo prod-eu;; *) echo ok;; esac', "is not a local cluster"),
        ("kubectl", 'case "$*" in *current-context*) echo minikube;; *) exit 1;; esac', "`minikube` does not answer"),
        ("tilt", "echo v0.36.0, built 2025-01-01", "Tilt is older than 0.37.5"),
    ],
)
def test_a_mode_that_is_not_possible_says_what_is_missing(tools: Path, name: str, script: str, reason: str) -> None:
    tool(tools, name, script)
    said = one_sentence(up("--mode=cluster", path=str(tools) + ":/bin"))
    assert reason in said
    assert "MODE=local" in said


def test_ones_own_settings_count_until_something_else_is_asked(
    monkeypatch: pytest.MonkeyPatch, tools: Path, tmp_path: Path
) -> None:
    monkeypatch.setattr("scripts.up.ROOT", tmp_path)
    for name in ("MODE", "PORT"):
        monkeypatch.delenv(name, raising=False)
    assert (wanted("mode", "auto"), wanted("port", "8080")) == ("auto", "8080")
    (tmp_path / "tilt-settings.yaml").write_text("mode: hybrid\nport: 8181\ncontext: dev-box\n")
    assert (wanted("mode", "auto"), wanted("port", "8080")) == ("hybrid", "8181")
    monkeypatch.setenv("PORT", "8090")
    assert wanted("port", "8080") == "8090"
    tool(tools, "kubectl", 'case "$*" in *current-context*) echo dev-box;; *) echo ok;; esac')
    monkeypatch.setenv("PATH", f"{tools}:/bin")
    assert cluster_obstacle() is None


def test_a_missing_tool_is_named(tools: Path) -> None:
    (tools / "tilt").unlink()
    assert "Tilt is not installed" in one_sentence(up("--mode=hybrid", path=str(tools)))


@pytest.mark.parametrize(("env", "said"), [({"MODE": "cloud"}, "MODE=cloud"), ({"PORT": "eighty"}, "PORT=eighty")])
def test_a_bad_argument_is_one_sentence(env: dict[str, str], said: str) -> None:
    assert said in one_sentence(up(**env))


def test_a_taken_port_names_its_holder_and_another_port(tmp_path: Path) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        said = one_sentence(up("--mode=local", f"--port={port}", DATA_DIR=str(tmp_path)))
    assert f"port {port} is in use by" in said
    assert str(os.getpid()) in said
    assert f"PORT={port + 1}" in said


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/none", "not a url"])
def test_a_bad_database_url_stops_before_anything_starts(tmp_path: Path, url: str) -> None:
    done = up("--mode=local", f"--port={ports.prefer(8080)}", DATA_DIR=str(tmp_path), DATABASE_URL=url)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "DATABASE_URL" in done.stderr or "database" in done.stderr
    assert "listening" not in done.stdout


def test_an_internal_port_that_is_taken_is_replaced() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        assert ports.prefer(port) != port


def test_two_local_modes_that_start_together_get_ports_of_their_own() -> None:
    """Both choose before either listens."""
    with ports.claimed(8000, 3000) as first, ports.claimed(8000, 3000) as second:
        assert set(first).isdisjoint(second)
        assert 0 not in second
    with ports.claimed(first[0]) as again:
        assert again == first[:1]
