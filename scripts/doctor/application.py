"""The running application, asked through its router: which code, whose clock, does anything buffer or block."""

from __future__ import annotations

import base64
import json
import os
import socket
import time
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from scripts.codespace import forwarded_host

from .check import Finding, Machine, check, fail, ok, skip, warn

NOT_RUNNING = "the application does not run; make up"


def _public_host(machine: Machine) -> str:
    """The host name that the person's browser uses."""
    public = urlsplit(machine.settings.get("PUBLIC_URL", "")).hostname
    return forwarded_host(machine.port, machine.env) or public or "localhost"


@check("application")
def application(machine: Machine) -> Finding:
    """It answers, and what answers is the code of the last save."""
    answer = machine.get("/api/meta")
    if answer is None or answer[0] != 200:
        return skip(NOT_RUNNING)
    meta = json.loads(answer[2])
    reload = meta.get("reload") or {}
    if reload.get("state") == "failed":
        return fail(
            f"the last save does not load, older code serves: {reload.get('error')}",
            "correct that line; the next save tries again",
        )
    parts = (
        meta["version"],
        f"source {meta['source_digest']}",
        meta["database"]["kind"],
        f"{meta['engine']['kind']} engine",
    )
    return ok(", ".join(parts))


@check("clock")
def clock(machine: Machine) -> Finding:
    """Cookies, tokens and certificates break when the cluster's clock drifts, as it does after a laptop slept."""
    answer = machine.get("/api/health")
    stamp = answer[1].get("Date") if answer else None
    if not stamp:
        return skip(NOT_RUNNING)
    drift = abs(time.time() - parsedate_to_datetime(stamp).timestamp())
    if drift > 5:
        return fail(
            f"the application's clock is off by {drift:.0f} s",
            "minikube ssh -- sudo date -u -s @$(date +%s), or restart it",
        )
    return ok(f"within {drift:.0f} s of this machine's")


@check("allowed hosts")
def allowed_hosts(machine: Machine) -> Finding:
    """The MCP endpoint refuses hosts that it does not know, so the browser's must be among ALLOWED_HOSTS."""
    host = _public_host(machine)
    answer = machine.get("/api/mcp", {"Host": host, "Accept": "text/event-stream"})
    if answer is None:
        return skip(NOT_RUNNING)
    if answer[0] == 421:
        return fail(f"the application refuses the host {host}", f"add {host} to ALLOWED_HOSTS and start again")
    return ok(f"{host} is welcome")


@check("hot reload")
def hot_reload(machine: Machine) -> Finding:
    """Next refuses its websocket to origins it does not know; then the page looks right and every click is dead."""
    host = _public_host(machine)
    if not machine.app_answers:
        return skip(NOT_RUNNING)
    status = _websocket_status(machine, host)
    if status == 101:
        return ok(f"the page at {host} is connected")
    if status == 404:
        return skip("the frontend is a production build")
    if status in (0, 403):
        return fail(f"Next refuses the page at {host}", f"add {host} to DEV_ORIGINS and start the frontend again")
    return warn(f"the frontend answers {status} to its own websocket", "look at the frontend's log")


def _websocket_status(machine: Machine, host: str) -> int:
    """The status of the handshake as a browser on that host would make it; 0 when the connection is cut."""
    scheme = "https" if machine.env.get("CODESPACE_NAME") else "http"
    lines = [
        "GET /_next/hmr HTTP/1.1",
        f"Host: {host}:{machine.port}",
        f"Origin: {scheme}://{host}:{machine.port}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
    ]
    try:
        with socket.create_connection(("127.0.0.1", machine.port), timeout=2) as connection:
            connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            first = connection.recv(64).split()
    except OSError:
        return 0
    return int(first[1]) if len(first) > 1 and first[1].isdigit() else 0
