"""The scripted model as a pod beside the application, run by the backend's own image."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from tests.cluster.kubernetes import REPOSITORY, kubectl
from tests.cluster.release import Release
from tests.fake_provider.script import Reply

NAME, PORT = "scripted-model", 9000
SAY = """
import sys, urllib.request as http
http.urlopen(http.Request(sys.argv[1], sys.argv[2].encode(), {"content-type": "application/json"}))
"""
RESTRICTED = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "readOnlyRootFilesystem": True,
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}


@dataclass(frozen=True)
class Model:
    namespace: str
    base_url = f"http://{NAME}:{PORT}/v1"

    def says(self, *replies: Reply) -> None:
        """What it says next, a reply a request."""
        body = json.dumps([reply.model_dump() for reply in replies])
        address = f"http://127.0.0.1:{PORT}/script"
        kubectl("-n", self.namespace, "exec", NAME, "--", "python", "-c", SAY, address, body)


@contextlib.contextmanager
def scripted_model(release: Release) -> Iterator[Model]:
    """The model, ready to be asked, as long as the block runs."""
    where = ("-n", release.namespace)
    objects = {"apiVersion": "v1", "kind": "List", "items": _objects(_image(release))}
    kubectl(*where, "apply", "-f", "-", given=json.dumps(objects))
    try:
        kubectl(*where, "wait", "--for=condition=Ready", f"pod/{NAME}", "--timeout=60s")
        yield Model(release.namespace)
    finally:
        kubectl(*where, "delete", "pod,service,configmap", "-l", f"app={NAME}", "--grace-period=1")


def _image(release: Release) -> str:
    return str(release.pods("backend")[0]["spec"]["containers"][0]["image"])


def _objects(image: str) -> list[dict[str, object]]:
    named = {"metadata": {"name": NAME, "labels": {"app": NAME}}}
    sources = {file.name: file.read_text() for file in (REPOSITORY / "tests" / "fake_provider").glob("*.py")}
    container = {
        "name": "model",
        "image": image,
        "workingDir": "/srv",
        "command": ["python", "-m", "tests.fake_provider", "--host", "0.0.0.0", "--port", str(PORT)],
        "readinessProbe": {"httpGet": {"path": "/health", "port": PORT}, "periodSeconds": 1},
        "securityContext": RESTRICTED,
        "volumeMounts": [{"name": "sources", "mountPath": "/srv/tests/fake_provider"}],
    }
    volume = {"name": "sources", "configMap": {"name": NAME}}
    pod = {"automountServiceAccountToken": False, "containers": [container], "volumes": [volume]}
    return [
        {"apiVersion": "v1", "kind": "ConfigMap", **named, "data": sources},
        {"apiVersion": "v1", "kind": "Pod", **named, "spec": pod},
        {
            "apiVersion": "v1",
            "kind": "Service",
            **named,
            "spec": {"selector": {"app": NAME}, "ports": [{"port": PORT}]},
        },
    ]
