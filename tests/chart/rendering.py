"""The chart as real Helm renders it, as plain objects that tests can ask."""

import functools
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from scripts.install_helm import any_helm

REPOSITORY = Path(__file__).parents[2]
CHART = REPOSITORY / "helm" / "todo-app"
Object = dict[str, Any]

# The least that production needs to know
INSTALLABLE: Object = {"secrets": {"existingSecret": "todo"}}


class Unique(yaml.CSafeLoader):
    """Refuses a mapping that holds a key twice, of which readers see one and a server-side apply none."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        twice = {key for key in keys if keys.count(key) > 1}
        assert not twice, f"twice in one mapping: {twice}"
        return super().construct_mapping(node, deep)


class Refused(Exception):
    """Helm would not render; the message is what the user reads."""


@dataclass(frozen=True)
class Rendered:
    text: str

    @functools.cached_property
    def objects(self) -> list[Object]:
        return [entry for entry in yaml.load_all(self.text, Unique) if entry]

    def all(self, kind: str) -> list[Object]:
        return [entry for entry in self.objects if entry["kind"] == kind]

    def one(self, kind: str, ending: str = "") -> Object:
        """The only object of this kind whose name ends so."""
        found = [entry for entry in self.all(kind) if entry["metadata"]["name"].endswith(ending)]
        assert len(found) == 1, f"{len(found)} objects {kind} *{ending}"
        return found[0]

    def container(self, component: str) -> Object:
        containers: list[Object] = self.one("Deployment", component)["spec"]["template"]["spec"]["containers"]
        (container,) = containers
        return container

    def pods(self) -> Iterator[tuple[str, Object, Object]]:
        """Every pod template and bare pod: a name, its labels and its spec."""
        for entry in self.objects:
            name = f"{entry['kind']}/{entry['metadata']['name']}"
            if entry["kind"] == "Pod":
                yield name, entry["metadata"]["labels"], entry["spec"]
            elif entry["kind"] in ("Deployment", "Job"):
                template = entry["spec"]["template"]
                yield name, template["metadata"]["labels"], template["spec"]


def environment(container: Object) -> dict[str, Object]:
    return {variable["name"]: variable for variable in container.get("env", [])}


@functools.cache
def _helm(arguments: tuple[str, ...], values: str, helm: Path, chart: Path) -> subprocess.CompletedProcess[str]:
    command = [str(helm), *arguments, str(chart), "--values", "-"]
    return subprocess.run(command, input=values, capture_output=True, text=True, timeout=60)


def forget() -> None:
    """Let the next rendering be a new one; equal ones are otherwise done once."""
    _helm.cache_clear()


def render(
    values: Object | None = None,
    *files: str,
    release: str = "todo",
    namespace: str = "todo",
    kube_version: str = "1.34.0",
    helm: Path | None = None,
    chart: Path = CHART,
) -> Rendered:
    """`helm template` with the chart's own values files by name, then with these values over them.

    Raises Refused with Helm's message when it will not render.
    """
    layers = [argument for name in files for argument in ("--values", str(CHART / name))]
    options = ("--namespace", namespace, "--kube-version", kube_version, *layers)
    done = _helm(("template", release, *options), json.dumps(values or {}), helm or any_helm(), chart)
    if done.returncode:
        raise Refused(done.stderr)
    return Rendered(done.stdout)


def notes(values: Object, *, release: str = "todo", namespace: str = "todo") -> str:
    """What `helm install` prints at its end."""
    done = _helm(
        ("install", release, "--namespace", namespace, "--dry-run=client"), json.dumps(values), any_helm(), CHART
    )
    if done.returncode:
        raise Refused(done.stderr)
    return done.stdout.partition("\nNOTES:\n")[2]


def case_files() -> list[str]:
    """The values files that stand for a feature each, by their path inside the chart."""
    return sorted(f"ci/{path.name}" for path in (CHART / "ci").glob("*-values.yaml"))


def every_rendering() -> dict[str, tuple[Object, tuple[str, ...]]]:
    """The arguments of `render` for every way of using the chart that its files describe."""
    return {
        "production": (INSTALLABLE, ()),
        "development": ({}, ("values-dev.yaml",)),
        "minikube": (INSTALLABLE, ("values-minikube.yaml",)),
        **{name: ({}, (name,)) for name in case_files()},
    }
