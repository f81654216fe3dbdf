"""The rendered HTTPRoute before a real API server that has the Gateway API's own definitions and rules."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chart.rendering import every_rendering, render
from tests.cluster.kubernetes import Failed, kubectl, run, wait_until

VERSION = "v1.6.1"
DEFINITION = "httproutes.gateway.networking.k8s.io"
ESTABLISHED = '{.status.conditions[?(@.type=="Established")].status}'


def established() -> bool:
    return kubectl("get", "crd", DEFINITION, "-o", f"jsonpath={ESTABLISHED}") == "True"


@pytest.fixture
def http_routes(cluster: None) -> Iterator[None]:  # noqa: ARG001
    """The kind HTTPRoute, for the time of the test unless the cluster has it already."""
    if kubectl("get", "crd", DEFINITION, "--ignore-not-found"):
        yield
        return
    if shutil.which("go") is None:
        pytest.skip("the definitions come with the Gateway API's Go module, and there is no Go")
    module = json.loads(run("go", "mod", "download", "-json", f"sigs.k8s.io/gateway-api@{VERSION}"))
    folder = Path(module["Dir"]) / "config" / "crd" / "standard"
    kubectl("create", "-f", str(folder / "gateway.networking.k8s.io_httproutes.yaml"))
    try:
        # `kubectl wait` fails at once on an object so new that it has no conditions yet.
        wait_until("the definition", established, 30)
        yield
    finally:
        kubectl("delete", "crd", DEFINITION)


@pytest.mark.usefixtures("http_routes")
def test_every_rendered_route_is_taken_by_the_gateway_apis_own_rules():
    routes = [
        route
        for values, files in every_rendering().values()
        for route in render(values, *files, namespace="default").all("HTTPRoute")
    ]
    assert routes
    for route in routes:
        kubectl("apply", "--dry-run=server", "--validate=strict", "-f", "-", given=json.dumps(route))
    routes[0]["spec"]["rules"][0]["backendRefs"][0]["port"] = 70000
    with pytest.raises(Failed, match="port"):
        kubectl("apply", "--dry-run=server", "--validate=strict", "-f", "-", given=json.dumps(routes[0]))
