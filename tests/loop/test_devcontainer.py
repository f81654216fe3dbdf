"""The Codespace: its configuration, its hooks, and the tools that they install only when their digest fits."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import json5
import jsonschema
import pytest

from scripts.tilt_eval import ROOT

FOLDER = ROOT / ".devcontainer"
HOOKS = ("on-create.sh", "update-content.sh", "post-create.sh", "post-start.sh", "post-attach.sh")


def configuration() -> dict[str, object]:
    return dict(json5.loads((FOLDER / "devcontainer.json").read_text()))


def test_the_configuration_uses_only_what_the_reference_knows() -> None:
    schema = json.loads(Path(__file__).with_name("devcontainer.schema.json").read_text())
    jsonschema.validate(configuration(), schema)


def test_a_misspelt_property_is_noticed() -> None:
    schema = json.loads(Path(__file__).with_name("devcontainer.schema.json").read_text())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(configuration() | {"postStartComand": "x"}, schema)


def test_only_the_page_and_the_dashboard_are_announced() -> None:
    config = configuration()
    assert config["forwardPorts"] == [8080, 10350]
    assert set(config["portsAttributes"]) == {"8080", "10350"}
    assert config["otherPortsAttributes"] == {"onAutoForward": "silent"}


def test_every_hook_is_one_script_that_can_run() -> None:
    named = {value for key, value in configuration().items() if key.endswith("Command")}
    assert named == {f".devcontainer/{hook}" for hook in HOOKS}
    for script in FOLDER.glob("*.sh"):
        assert os.access(script, os.X_OK), script
        assert "set -euo pipefail" in script.read_text()


def test_a_prebuild_serves_nothing() -> None:
    """What serves in a prebuild keeps it running for ever: only downloads and packages belong there."""
    for hook in ("on-create.sh", "update-content.sh"):
        for line in (FOLDER / hook).read_text().splitlines():
            assert "tilt up" not in line
            assert "minikube start" not in line or "--download-only" in line


def test_the_hooks_agree_on_one_kubernetes_version() -> None:
    versions = {
        word.partition("=")[2]
        for hook in HOOKS
        for word in (FOLDER / hook).read_text().split()
        if word.startswith("--kubernetes-version=")
    }
    pinned = next(
        line.split()[1] for line in (FOLDER / "tools.txt").read_text().splitlines() if line.startswith("kubectl")
    )
    assert versions == {f"v{pinned}"}


@pytest.mark.parametrize(
    ("codespace", "expected"), [("", "http://localhost:8080"), ("blue-fox", "https://blue-fox-8080.")]
)
def test_opening_the_editor_says_where_the_page_answers(codespace: str, expected: str) -> None:
    env = {"PATH": os.environ["PATH"]} | ({"CODESPACE_NAME": codespace} if codespace else {})
    printed = subprocess.run([FOLDER / "post-attach.sh"], env=env, capture_output=True, text=True, check=True).stdout
    assert expected in printed
    assert "make up" in printed


def test_the_devcontainer_cli_reads_it(tmp_path: Path) -> None:
    if shutil.which("npx") is None:
        pytest.skip("npx is not on PATH")
    argv = ["npx", "--yes", "@devcontainers/cli@0.89.0", "read-configuration", "--workspace-folder", str(ROOT)]
    env = os.environ | {
        "npm_config_update_notifier": "false",
        "PATH": f"{docker_stand_in(tmp_path)}:{os.environ['PATH']}",
    }
    run = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)
    if "ENOTFOUND" in run.stderr or "E404" in run.stderr or "ECONNREFUSED" in run.stderr:
        pytest.skip("the npm registry does not have the devcontainer CLI")
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["configuration"]["postStartCommand"] == ".devcontainer/post-start.sh"


def docker_stand_in(folder: Path) -> Path:
    """The CLI asks Docker for a running container; none is running."""
    (folder / "docker").write_text("#!/bin/sh\nexit 0\n")
    (folder / "docker").chmod(0o755)
    return folder


# --- the hooks, with stand-ins for what they start --------------------------------------------------------------------

# A minikube that remembers whether it runs, and commands that only write down that they were called.
STAND_IN = """#!/bin/sh
echo "${0##*/} $*" >>"$STATE/calls"
case "${0##*/} $*" in
  "minikube start"*--download-only*) ;;
  "minikube start"*) touch "$STATE/runs" ;;
  "minikube status --format"*) echo Configured ;;
  "minikube status"*) test -e "$STATE/runs" ;;
esac
"""


class Codespace:
    """A checkout in a container that is created, started, stopped and resumed."""

    def __init__(self, folder: Path) -> None:
        self.root, self.state = folder / "todo", folder / "state"
        shutil.copytree(FOLDER, self.root / ".devcontainer")
        shutil.copy(ROOT / ".env.example", self.root)
        self.state.mkdir()
        (folder / "bin").mkdir()
        for name in ("apt-get", "docker", "kubectl", "minikube", "python3", "sudo", "sysctl"):
            (folder / "bin" / name).write_text(STAND_IN)
            (folder / "bin" / name).chmod(0o755)
        (folder / "tools.txt").write_text("# none: their installation has its own tests\n")
        self.env = {"PATH": f"{folder}/bin:/usr/bin:/bin", "STATE": str(self.state), "TOOLS": str(folder / "tools.txt")}

    def run(self, hook: str) -> list[str]:
        """The commands that the hook called, from their names on."""
        (self.state / "calls").unlink(missing_ok=True)
        argv = [self.root / ".devcontainer" / hook]
        done = subprocess.run(argv, cwd="/", env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{hook}: {done.stdout}{done.stderr}"
        return (self.state / "calls").read_text().splitlines() if (self.state / "calls").exists() else []


@pytest.fixture
def codespace(tmp_path: Path) -> Codespace:
    return Codespace(tmp_path)


def test_every_hook_runs_twice_in_a_row_and_the_second_time_changes_nothing(codespace: Codespace) -> None:
    for hook in HOOKS:
        codespace.run(hook)
    (codespace.root / ".env").write_text("LLM_API_KEY=mine\n")
    again = [call for hook in HOOKS for call in codespace.run(hook)]
    assert (codespace.root / ".env").read_text() == "LLM_API_KEY=mine\n"
    assert [call for call in again if call.startswith("minikube start") and "--download-only" not in call] == []
    assert "python3 scripts/bootstrap.py" in again


def test_a_codespace_that_was_stopped_has_its_cluster_again(codespace: Codespace) -> None:
    first = codespace.run("post-start.sh")
    (codespace.state / "runs").unlink()
    resumed = codespace.run("post-start.sh")
    for calls in (first, resumed):
        assert [call for call in calls if call.startswith("minikube start --driver=docker --container-runtime=docker")]
        assert any("rollout status deployment/ingress-nginx-controller" in call for call in calls)


def test_an_env_file_of_ones_own_is_nobody_elses_to_read(codespace: Codespace) -> None:
    codespace.run("post-create.sh")
    assert (codespace.root / ".env").stat().st_mode & 0o777 == 0o600


# --- install-tools.sh against a release server of our own -----------------------------------------------------------


class ReleaseServer:
    """Serves a folder over HTTP and keeps the paths that were asked for."""

    def __init__(self, folder: Path) -> None:
        asked = self.asked = list[str]()

        class Handler(SimpleHTTPRequestHandler):
            def __init__(self, *args: object, **kwargs: object) -> None:
                super().__init__(*args, directory=str(folder), **kwargs)  # type: ignore[arg-type, misc]

            def log_message(self, *_: object) -> None:
                asked.append(self.path)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def releases(tmp_path: Path) -> Iterator[tuple[ReleaseServer, Path]]:
    folder = tmp_path / "releases"
    folder.mkdir()
    tool = b"#!/bin/sh\necho v0.37.9\n"
    with tarfile.open(folder / "tilt.tar.gz", "w:gz") as archive:
        member = tarfile.TarInfo("tilt")
        member.size = len(tool)
        archive.addfile(member, io.BytesIO(tool))
    digest = hashlib.sha256((folder / "tilt.tar.gz").read_bytes()).hexdigest()
    (folder / "checksums.txt").write_text(f"{'0' * 64}  other.tar.gz\n{digest}  tilt.tar.gz\n")
    (folder / "kubectl").write_bytes(b"#!/bin/sh\necho Client Version: v1.34.4\n")
    (folder / "kubectl.sha256").write_text(hashlib.sha256((folder / "kubectl").read_bytes()).hexdigest())
    server = ReleaseServer(folder)
    yield server, folder
    server.server.shutdown()
    server.server.server_close()


def install(server: ReleaseServer, tmp_path: Path, known: str = "") -> subprocess.CompletedProcess[str]:
    (tmp_path / "bin").mkdir(exist_ok=True)
    (tmp_path / "tools.txt").write_text(
        f"# a comment\ntilt 0.37.9 {server.url}/tilt.tar.gz {server.url}/checksums.txt tilt {known}\n"
        f"kubectl 1.34.4 {server.url}/kubectl {server.url}/kubectl.sha256 -\n"
    )
    env = {"PATH": os.environ["PATH"], "BIN": str(tmp_path / "bin"), "TOOLS": str(tmp_path / "tools.txt")}
    return subprocess.run([FOLDER / "install-tools.sh"], env=env, capture_output=True, text=True, check=False)


def test_tools_are_installed_when_their_digest_is_the_published_one(
    releases: tuple[ReleaseServer, Path], tmp_path: Path
) -> None:
    run = install(releases[0], tmp_path)
    assert run.returncode == 0, run.stderr
    assert subprocess.run([tmp_path / "bin" / "tilt"], capture_output=True, check=True).stdout == b"v0.37.9\n"
    assert os.access(tmp_path / "bin" / "kubectl", os.X_OK)


def test_a_second_run_fetches_nothing(releases: tuple[ReleaseServer, Path], tmp_path: Path) -> None:
    server, _ = releases
    install(server, tmp_path)
    asked = len(server.asked)
    again = install(server, tmp_path)
    assert again.stdout == "tilt 0.37.9 is there\nkubectl 1.34.4 is there\n"
    assert len(server.asked) == asked


@pytest.mark.parametrize("kind", ["changed file", "no digest published", "another digest known"])
def test_a_tool_that_does_not_fit_its_digest_is_not_installed(
    kind: str, releases: tuple[ReleaseServer, Path], tmp_path: Path
) -> None:
    server, folder = releases
    if kind == "changed file":
        (folder / "tilt.tar.gz").write_bytes((folder / "tilt.tar.gz").read_bytes() + b"\0")
    if kind == "no digest published":
        (folder / "checksums.txt").write_text("0000  other.tar.gz\n")
    run = install(server, tmp_path, known="f" * 64 if kind == "another digest known" else "")
    assert run.returncode != 0
    assert "is not what its release published" in run.stderr
    assert not (tmp_path / "bin" / "tilt").exists()
