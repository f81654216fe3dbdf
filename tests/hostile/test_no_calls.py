"""Nothing here calls anybody when it starts or serves: neither for news of itself nor to tell of its use."""

import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from scripts.local.parts import Addresses, all_parts

ROOT = Path(__file__).resolve().parents[2]
NO_NETWORK = ["unshare", "--map-root-user", "--net"]
# https://docs.python.org/3/library/audit_events.html
LISTENED_TO = """
import sys

def hear(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        print("CALLED", event, arguments[1:] if event == "socket.connect" else arguments, flush=True)

sys.addaudithook(hear)
import uvicorn
uvicorn.main(["app.main:app", "--uds", sys.argv[1], "--no-access-log"])
"""


def test_it_starts_and_serves_where_there_is_no_network_and_tries_to_reach_none(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if subprocess.run([*NO_NETWORK, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let a process have a network of its own")
    door = tmp_path_factory.mktemp("d") / "s"
    env = {"PATH": str(Path(sys.executable).parent), "DATA_DIR": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    subprocess.run([sys.executable, "-m", "app.db.migrate"], cwd=ROOT / "backend", env=env, check=True)
    argv = ["/usr/bin/env", *NO_NETWORK, sys.executable, "-c", LISTENED_TO, str(door)]
    with subprocess.Popen(
        argv,
        cwd=ROOT / "backend",
        env={**env, "PATH": f"{env['PATH']}:/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        assert server.stdout is not None
        said = []
        for line in server.stdout:
            said.append(line)
            if "running on" in line:
                break
        with httpx2.Client(transport=httpx2.HTTPTransport(uds=str(door)), base_url="http://localhost") as client:
            assert client.post("/api/tasks", json={"title": "x"}).status_code == 201
            chat = client.post("/api/chat", json={"message": "what is left?"}, headers={"Accept": "application/json"})
            assert chat.status_code == 200
        server.terminate()
        said.extend(server.stdout)
    assert server.returncode is not None
    assert "CALLED" not in "".join(said)


def test_the_router_and_the_page_of_local_mode_are_told_to_tell_nobody(tmp_path: Path) -> None:
    parts = {part.name: part for part in all_parts(Addresses(1, 2, 3), tmp_path, lambda *_: None)}
    assert {"--global.checknewversion=false", "--global.sendanonymoususage=false"} <= set(parts["router"].argv)
    assert parts["frontend"].env["NEXT_TELEMETRY_DISABLED"] == "1"
