"""The images under test: built once a run and brought to where the cluster finds them."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cluster.kubernetes import Failed, get, run


@dataclass(frozen=True)
class Images:
    """Names that the cluster can run; `registry` is empty where images are loaded into the node."""

    registry: str
    tag: str
    changed_tag: str

    def values(self, tag: str | None = None) -> dict[str, Any]:
        image = {"image": {"tag": tag or self.tag}}
        return {"global": {"imageRegistry": self.registry}, "backend": image, "frontend": image}


def local_registry() -> str:
    """The registry the cluster announces (KEP-1755), or nothing."""
    try:
        announced = get("configmap", "local-registry-hosting", "-n", "kube-public")
    except Failed:
        return ""
    for line in announced["data"]["localRegistryHosting.v1"].splitlines():
        if line.startswith("host:"):
            return str(line.split('"')[1])
    return ""


def deliver(name: str, registry: str) -> None:
    if not registry:
        run("minikube", "image", "load", name)
        return
    run("docker", "tag", name, f"{registry}/{name}")
    run("docker", "push", "--quiet", f"{registry}/{name}")


def preload(name: str) -> None:
    """Bring an image that Docker has onto the node, for a cluster that reaches no registry on the internet."""
    try:
        run("docker", "image", "inspect", name)
    except Failed:
        return  # then the node pulls it
    run("minikube", "image", "load", name)


def build(component: str | Path, tag: str, *options: str) -> str:
    """The image of a component's folder, the repository's or a copy of it."""
    name = f"todo-{Path(component).name}:{tag}"
    revision = ["--build-arg", f"REVISION={tag}"]
    run("docker", "build", "--quiet", *revision, *options, "-t", name, component, seconds=600)
    return name


def prepare() -> Images:
    """Build both production images, a second pair that differs, and deliver them with PostgreSQL."""
    tag = f"test-{secrets.token_hex(4)}"
    images = Images(local_registry(), tag, f"{tag}-changed")
    for version in (images.tag, images.changed_tag):
        for component in ("backend", "frontend"):
            deliver(build(component, version), images.registry)
    if images.registry:
        deliver("postgres:17", images.registry)
    return images


def discard(images: Images) -> None:
    """Forget the tags; the layers stay for the next build."""
    names = [f"todo-{part}:{tag}" for part in ("backend", "frontend") for tag in (images.tag, images.changed_tag)]
    pushed = [f"{images.registry}/{name}" for name in names] if images.registry else []
    run("docker", "image", "rm", "--force", *names, *pushed)
