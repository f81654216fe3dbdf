"""The rendered Ingress and HTTPRoute, and the file that local mode and compose use, through a real Traefik
in front of the real backend and the real frontend."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts.bench.production import Production
from tests.chart import kubernetes_api
from tests.chart.rendering import REPOSITORY, render
from tests.fake_provider.script import Reply
from tests.fake_provider.server import RunningProvider, running_provider
from tests.ports import free_port

HOST = "todo.example.com"
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str

    @property
    def by(self) -> str:
        """Who answered: only the backend numbers its requests, and Traefik's own 404 is a line of text."""
        if "x-request-id" in self.headers:
            return "backend"
        return "nobody" if self.body == "404 page not found\n" else "frontend"


def ask(port: int, path: str, host: str = HOST) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, headers, answer.read().decode())
    finally:
        connection.close()


@contextmanager
def process(*command: str | Path, ready: tuple[int, str], **env: str) -> Iterator[None]:
    """A process that has answered once with a success on this port and path."""
    running = subprocess.Popen(
        [str(part) for part in command],
        cwd=REPOSITORY / "backend",
        env={**os.environ, **env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                if ask(*ready).status == 200:
                    break
            except OSError:
                pass
            assert running.poll() is None, f"{command[0]} ended"
            assert time.monotonic() < deadline, f"{command[0]} did not answer"
            time.sleep(0.05)
        yield
    finally:
        running.terminate()
        running.wait(15)


@pytest.fixture(scope="module")
def provider() -> Iterator[RunningProvider]:
    with running_provider() as running:
        yield running


@pytest.fixture(scope="module")
def ports(
    application: Production, provider: RunningProvider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, int]]:
    """Where each component answers: the frontend, and a backend with a slow model."""
    data = tmp_path_factory.mktemp("backend")
    env = {"DATA_DIR": str(data), "DATABASE_URL": "", "LLM_API_KEY": "sk-test", "LLM_BASE_URL": provider.base_url}
    subprocess.run(
        [sys.executable, "-m", "app.db.migrate"], cwd=REPOSITORY / "backend", env={**os.environ, **env}, check=True
    )
    port = free_port()
    serve = [sys.executable, "-m", "uvicorn", "app.main:app", "--port", str(port)]
    with process(*serve, ready=(port, "/health"), **env):
        yield {"backend": port, "frontend": application.page}


def traefik(port: int, *options: str) -> list[str | Path]:
    quiet = ["--global.checknewversion=false", "--global.sendanonymoususage=false", "--log.level=ERROR"]
    return [BIN / "traefik", f"--entrypoints.web.address=127.0.0.1:{port}", *quiet, *options]


@contextmanager
def router(kind: str, ports: dict[str, int]) -> Iterator[int]:
    """The port of a Traefik that routes by the chart's Ingress or HTTPRoute, or by local mode's file."""
    port = free_port()
    if kind == "file":
        routes = REPOSITORY / "scripts" / "local" / "routes.yaml"
        targets = {f"{part.upper()}_URL": f"http://127.0.0.1:{ports[part]}" for part in ("backend", "frontend")}
        with process(*traefik(port, f"--providers.file.filename={routes}"), ready=(port, "/api/health"), **targets):
            yield port
        return
    values = {"secrets": {"existingSecret": "todo"}}
    if kind == "ingress":
        paths = [{"path": "/api", "service": "backend"}, {"path": "/", "service": "frontend"}]
        hosts = [{"host": HOST, "paths": [{**path, "pathType": "Prefix"} for path in paths]}]
        values["ingress"] = {"enabled": True, "className": "traefik", "hosts": hosts}
        provider = "kubernetesingress"
    else:
        values["httpRoute"] = {"enabled": True, "parentRefs": [{"name": "public"}], "hostnames": [HOST]}
        provider = "kubernetesgateway"
    with kubernetes_api.serving(render(values), ports, port) as api:
        options = [f"--providers.{provider}.endpoint={api}", f"--providers.{provider}.token=x"]
        # Either variable would make Traefik ask the cluster that it names instead of `endpoint`; Tilt sets the first.
        elsewhere = {"KUBECONFIG": "", "KUBERNETES_SERVICE_HOST": ""}
        with process(*traefik(port, *options), ready=(port, "/api/health"), **elsewhere):
            yield port


@pytest.fixture(scope="module", params=["ingress", "httproute", "file"])
def routed(request: pytest.FixtureRequest, ports: dict[str, int]) -> Iterator[tuple[str, int]]:
    with router(request.param, ports) as port:
        yield request.param, port


def test_api_goes_to_the_backend_and_everything_else_to_the_frontend(routed: tuple[str, int]):
    _, port = routed
    expected = {
        "/": "frontend",
        "/_next/static/a.js": "frontend",
        "/health": "frontend",
        "/ready": "frontend",
        "/metrics": "frontend",
        "/api": "backend",
        "/api/tasks": "backend",
        "/api/health": "backend",
        "/api/docs": "backend",
        "/api/no/such/thing": "backend",
    }
    assert {path: ask(port, path).by for path in expected} == expected


def test_only_traefiks_ingress_takes_a_prefix_for_a_string(routed: tuple[str, int]):
    """https://github.com/traefik/traefik/issues/11200"""
    kind, port = routed
    assert ask(port, "/apix").by == ("backend" if kind == "ingress" else "frontend")


def test_another_host_is_answered_by_nobody(routed: tuple[str, int]):
    kind, port = routed
    answer = ask(port, "/api/health", host="x.app.github.dev")
    assert answer.by == ("backend" if kind == "file" else "nobody")


def test_a_streamed_answer_arrives_word_by_word_though_gzip_is_accepted(
    routed: tuple[str, int], provider: RunningProvider
):
    _, port = routed
    provider.provider.script.append(Reply(text="one two three four five six", piece=4, token_delay=0.1))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    body = json.dumps({"message": "hello there"})
    headers = {"Host": HOST, "Content-Type": "application/json", "Accept-Encoding": "gzip"}
    connection.request("POST", "/api/chat", body, headers)
    answer = connection.getresponse()
    assert answer.getheader("Content-Type", "").startswith("text/event-stream")
    assert answer.getheader("Content-Encoding") is None
    arrived = []
    while line := answer.readline():
        if line.startswith(b"event: text"):
            arrived.append(time.monotonic())
    connection.close()
    assert len(arrived) >= 4
    assert arrived[-1] - arrived[0] > 0.25, "the words came in one piece"
