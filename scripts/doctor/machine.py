"""The machine itself: limits, room, ports, and who else can reach the dashboard."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator

import psutil

from .check import Finding, Machine, check, fail, ok, skip, warn

INNER_PORTS = {"backend-port": 8000, "frontend-port": 3000}
INOTIFY = {"max_user_instances": 512, "max_user_watches": 65_536}


@check("inotify")
def inotify(machine: Machine) -> Finding:
    """Tilt, Next and the warm server watch files; when watches run out, saves go unseen without a word."""
    folder = machine.proc / "sys" / "fs" / "inotify"
    if not folder.exists():
        return ok("not limited on this system")
    found = {name: int((folder / name).read_text()) for name in INOTIFY}
    low = {name: value for name, value in found.items() if value < INOTIFY[name]}
    if low:
        assign = [f"fs.inotify.{name}={INOTIFY[name] * 2}" for name in low]
        said = ", ".join(f"{name} is {value}" for name, value in low.items())
        return warn(
            f"{said}; saves may go unseen", f"sudo sysctl -w {' '.join(assign)}", "sudo", "-n", "sysctl", "-w", *assign
        )
    return ok(", ".join(f"{name} {value}" for name, value in found.items()))


@check("disk")
def disk(machine: Machine) -> Finding:
    free = shutil.disk_usage(machine.root).free / 2**30
    if free < machine.min_disk_gb:
        return fail(
            f"{free:.1f} GB free, {machine.min_disk_gb:.0f} are needed to build images",
            "docker system prune, or `tilt docker-prune`",
        )
    return ok(f"{free:.0f} GB free")


@check("memory")
def memory(machine: Machine) -> Finding:
    lines = (line.split() for line in (machine.proc / "meminfo").read_text().splitlines())
    available = next(int(words[1]) for words in lines if words[0] == "MemAvailable:") / 2**20
    if available < machine.min_memory_gb:
        remedy = "close something, take a larger machine, or run without a cluster: make up MODE=local"
        return fail(f"{available:.1f} GB available, {machine.min_memory_gb:.0f} are needed", remedy)
    return ok(f"{available:.1f} GB available")


def _listens(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0


@check("port of the page")
def page_port(machine: Machine) -> Finding:
    if not _listens("127.0.0.1", machine.port):
        return ok(f"{machine.port} is free")
    if machine.app_answers:
        return ok(f"{machine.port} is served by this application")
    return fail(f"something else listens on {machine.port}", "stop it, or choose another: make up PORT=8081")


@check("ports behind the router", cluster=True)
def inner_ports(machine: Machine) -> Finding:
    """Hybrid mode needs two more, of which 3000 is everybody's favourite."""
    if machine.mode != "hybrid":
        return skip("hybrid mode alone needs any")
    if machine.app_answers:
        return ok("served by this application")
    ports = {name: int(machine.tilt_settings.get(name, usual)) for name, usual in INNER_PORTS.items()}
    taken = {name: port for name, port in ports.items() if _listens("127.0.0.1", port)}
    if taken:
        flags = " ".join(f"--{name}={port + 1}" for name, port in taken.items())
        return fail(f"something listens on {', '.join(map(str, taken.values()))}", f"stop it, or tilt up -- {flags}")
    return ok(f"{', '.join(map(str, ports.values()))} are free")


@check("port of the dashboard", cluster=True)
def dashboard_port(machine: Machine) -> Finding:
    if not _listens("127.0.0.1", machine.tilt_port):
        return ok(f"{machine.tilt_port} is free")
    if machine.run("tilt", "get", "session", "--port", str(machine.tilt_port), "-o", "name"):
        return ok(f"{machine.tilt_port} is served by Tilt")
    return fail(f"something else than Tilt listens on {machine.tilt_port}", "stop it, or `tilt up --port=10351`")


def _outside_addresses() -> Iterator[str]:
    for interface, addresses in psutil.net_if_addrs().items():
        if interface.startswith(("docker", "br-", "veth")):
            continue
        for address in addresses:
            if address.family == socket.AF_INET and not address.address.startswith("127."):
                yield address.address


@check("dashboard not exposed", cluster=True)
def exposure(machine: Machine) -> Finding:
    """Whoever reaches Tilt's port can run commands here."""
    open_on = [address for address in _outside_addresses() if _listens(address, machine.tilt_port)]
    if open_on:
        return fail(
            f"port {machine.tilt_port} answers on {', '.join(open_on)}, and whoever reaches it can run commands here",
            "start Tilt without --host, and keep the port private in a Codespace",
        )
    return ok("loopback only")
