"""docker-compose.yml and compose.dev.yaml as a user runs them: the page, what is kept, and a save that is served."""

import contextlib
import http.client
import json
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scripts.bench.trees import copy_of_checkout
from tests.cluster.kubernetes import Failed, run, wait_until
from tests.ports import free_port

SECRET = "never-printed-" * 3


def compose() -> list[str]:
    """Compose as Docker's plugin, or else the program of its own that came before."""
    with contextlib.suppress(Failed):
        run("docker", "compose", "version")
        return ["docker", "compose"]
    return ["docker-compose"] if shutil.which("docker-compose") else []


pytestmark = pytest.mark.skipif(not compose(), reason="docker compose is not installed")


@dataclass(frozen=True)
class Project:
    """The application of one checkout under a name and on a port of its own."""

    tree: Path
    name: str
    port: int
    files: tuple[str, ...]

    def run(self, *arguments: str) -> str:
        files = [option for file in self.files for option in ("--file", str(self.tree / file))]
        where = ["--project-name", self.name, "--project-directory", str(self.tree)]
        env = {"COMPOSE_DOCKER_CLI_BUILD": "1", "PUBLISH": f"127.0.0.1:{self.port}"}
        return run(*compose(), *files, *where, "--env-file", self.tree / ".env", *arguments, seconds=580, **env)

    def containers(self) -> dict[str, Any]:
        """What Docker knows about each service's container."""
        ids = run("docker", "ps", "--all", "--quiet", "--filter", f"label=com.docker.compose.project={self.name}")
        found = json.loads(run("docker", "container", "inspect", *ids.split())) if ids.split() else []
        return {entry["Config"]["Labels"]["com.docker.compose.service"]: entry for entry in found}

    def ask(self, method: str, path: str, body: Any = None, cookie: str = "") -> tuple[int, str, str]:
        """Status, text and the cookie that was set."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = {"Content-Type": "application/json", "Cookie": cookie}
        try:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), (answer.headers.get("Set-Cookie") or "").partition(";")[0]
        except http.client.HTTPException as error:
            raise OSError(str(error)) from error
        finally:
            connection.close()


@contextlib.contextmanager
def project(tree: Path, *files: str) -> Iterator[Project]:
    made = Project(tree, f"todo-{secrets.token_hex(3)}", free_port(), files)
    try:
        yield made
    finally:
        made.run("down", "--volumes", "--remove-orphans")


@pytest.fixture
def tree() -> Iterator[Path]:
    with copy_of_checkout("compose") as copy:
        (copy / ".env").write_text(f"APP_ENV=production\nSECRET_KEY={SECRET}\n")
        yield copy


def test_one_command_serves_production_images_and_keeps_the_tasks(tree: Path):
    with project(tree, "docker-compose.yml") as app:
        app.run("up", "--detach", "--build")
        containers = app.containers()
        assert {"postgres", "backend", "frontend", "router"} <= set(containers)
        assert containers["backend"]["State"]["Health"]["Status"] == "healthy", "the router waits for it"
        for service in ("backend", "frontend"):
            limits = containers[service]["HostConfig"]
            assert limits["ReadonlyRootfs"], service
            assert limits["CapDrop"] == ["ALL"], service
        published = [entry for entry in containers.values() if entry["HostConfig"]["PortBindings"]]
        assert published == [containers["router"]]

        wait_until("the page", lambda: "<html" in app.ask("GET", "/")[1], 30)
        assert json.loads(app.ask("GET", "/api/meta")[1])["database"]["kind"] == "postgresql"
        status, _, cookie = app.ask("POST", "/api/tasks", {"title": "Water the plants"})
        assert status == 201
        app.run("down")
        app.run("up", "--detach")
        wait_until("the same task", lambda: "Water the plants" in app.ask("GET", "/api/tasks", cookie=cookie)[1], 60)
        assert SECRET not in app.run("logs")


def test_in_development_a_save_is_served_from_the_mounted_sources(tree: Path):
    (tree / ".env").write_text("")
    with project(tree, "docker-compose.yml", "compose.dev.yaml") as app:
        app.run("up", "--detach", "--build")
        wait_until("the page", lambda: "<html" in app.ask("GET", "/")[1], 120)

        def digest() -> str:
            return str(json.loads(app.ask("GET", "/api/meta")[1])["source_digest"])

        before = digest()
        edited = tree / "backend" / "app" / "tasks" / "routes.py"
        edited.write_text(edited.read_text() + "\n# a save\n")
        wait_until("the saved source", lambda: digest() != before, 60)
