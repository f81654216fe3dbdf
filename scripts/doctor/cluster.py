"""Docker and the cluster: reachable, on this machine, able to run images built here, with a way in."""

from __future__ import annotations

import json
import socket
from contextlib import closing

import docker  # type: ignore[import-untyped]
from docker.errors import DockerException  # type: ignore[import-untyped]

from .check import Finding, Machine, check, fail, ok, skip

LOCAL_NAMES = ("minikube", "docker-desktop", "rancher-desktop", "colima", "orbstack")
LOCAL_PREFIXES = ("kind-", "k3d-")
START = "minikube start --driver=docker --container-runtime=docker"


@check("docker", cluster=True)
def daemon(machine: Machine) -> Finding:
    """The daemon answers, and its API and the command's have a version in common."""
    address = machine.env.get("DOCKER_HOST") or "unix:///var/run/docker.sock"
    remedy = "start it (Linux: sudo systemctl start docker), or make up MODE=local"
    if address.startswith("unix://") and not _accepts(address.removeprefix("unix://")):
        return fail(f"Docker does not answer on {address}", remedy)
    try:
        with closing(docker.DockerClient(base_url=address, version="1.41", timeout=3)) as client:
            about = client.api.version(api_version=False)
    except (DockerException, OSError):
        return fail(f"Docker does not answer on {address}", remedy)
    floor = about.get("MinAPIVersion", "1.12")
    spoken = machine.run("docker", "version", "--format", "{{.Client.APIVersion}}")
    if spoken is None:
        return fail("the docker command is missing or cannot talk to the daemon", "install the Docker client")
    if _number(spoken) < _number(floor):
        return fail(
            f"the daemon wants API {floor} or newer, the docker command speaks {spoken}", "update the Docker client"
        )
    return ok(f"Docker {about['Version']}, API {about['ApiVersion']} (client {spoken})")


def _accepts(path: str) -> bool:
    """Asked first, since the SDK forgets to close a socket that was refused."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(path) == 0


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _kubectl(machine: Machine, *argv: str) -> str | None:
    return machine.run("kubectl", "--request-timeout=3s", *argv, timeout=3.5)


@check("context", cluster=True)
def context(machine: Machine) -> Finding:
    name = machine.run("kubectl", "config", "current-context")
    if not name:
        return fail("no Kubernetes context is set", START)
    if name in LOCAL_NAMES or name.startswith(LOCAL_PREFIXES):
        return ok(name)
    if name == machine.tilt_settings.get("context"):
        return ok(f"{name}, which tilt-settings.yaml allows")
    remedy = f"kubectl config use-context minikube, or allow it: tilt up -- --context={name}"
    return fail(f'"{name}" is not known to be on this machine', remedy)


@check("cluster", cluster=True)
def cluster(machine: Machine) -> Finding:
    printed = _kubectl(machine, "get", "nodes", "-o", "json")
    if printed is None:
        return fail("the cluster does not answer", START)
    nodes = json.loads(printed)["items"]
    unready = [node["metadata"]["name"] for node in nodes if not _ready(node)]
    if unready:
        return fail(f"not ready: {', '.join(unready)}", "kubectl describe nodes; a full disk is the usual reason")
    about = nodes[0]["status"]["nodeInfo"]
    return ok(f"Kubernetes {about['kubeletVersion']}, {len(nodes)} node{'s'[: len(nodes) != 1]}")


def _ready(node: dict[str, dict[str, list[dict[str, str]]]]) -> bool:
    return any(each["type"] == "Ready" and each["status"] == "True" for each in node["status"]["conditions"])


@check("images reach the nodes", cluster=True)
def registry(machine: Machine) -> Finding:
    """By the node's own Docker, by loading (kind), or by a registry that the cluster announces."""
    query = "jsonpath={.items[0].status.nodeInfo.containerRuntimeVersion}"
    runtime = _kubectl(machine, "get", "nodes", "-o", query)
    name = machine.run("kubectl", "config", "current-context") or ""
    if not runtime:
        return skip("the cluster does not answer")
    if runtime.startswith("docker://"):
        return ok(f"{runtime}: Tilt builds inside the node")
    if name.startswith("kind-") or name in ("docker-desktop", "orbstack"):
        return ok(f"{runtime}: {name} loads what was built here")
    query = r"jsonpath={.data.localRegistryHosting\.v1}"
    announced = _kubectl(
        machine, "--namespace", "kube-public", "get", "configmap", "local-registry-hosting", "-o", query
    )
    if not announced:
        return fail(f"the nodes run {runtime} and announce no registry", f"minikube delete && {START}")
    return ok(f"{runtime}, registry {announced.partition('host:')[2].split()[0].strip(chr(34))}")


@check("ingress", cluster=True)
def ingress(machine: Machine) -> Finding:
    """A class that Ingress objects can name, and a controller that is ready behind it."""
    if machine.mode == "hybrid":
        return skip("hybrid mode has a router of its own")
    classes = _kubectl(machine, "get", "ingressclasses", "-o", "jsonpath={.items[*].metadata.name}")
    if classes is None:
        return skip("the cluster does not answer")
    remedy = "minikube addons enable ingress"
    if not classes:
        return fail("no ingress class: nothing routes /api", remedy, *remedy.split())
    query = "jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name}={.status.readyReplicas} {end}"
    deployments = (_kubectl(machine, "get", "deployments", "--all-namespaces", "-o", query) or "").split()
    controllers = [each for each in deployments if "ingress" in each or "traefik" in each]
    if not any(each.rpartition("=")[2] not in ("", "0") for each in controllers):
        return fail(f"class {classes}, but no controller is ready", remedy, *remedy.split())
    return ok(f"class {classes}, {controllers[0].partition('=')[0]} is ready")
