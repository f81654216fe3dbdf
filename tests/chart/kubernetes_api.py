"""As much of a Kubernetes API as a router reads: it lists and watches rendered objects that never change.

Services get the endpoints they would have: the workload that their selector hits, on ports of this machine.
"""

import copy
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.chart.rendering import Object, Rendered

NETWORKING, DISCOVERY = "networking.k8s.io/v1", "discovery.k8s.io/v1"
GATEWAY = "gateway.networking.k8s.io"
NAMESPACE = "todo"
# What a router lists though there is none of it
NONE_OF = {
    f"{GATEWAY}/v1": {"grpcroutes": "GRPCRoute", "tlsroutes": "TLSRoute", "backendtlspolicies": "BackendTLSPolicy"},
    f"{GATEWAY}/v1beta1": {"referencegrants": "ReferenceGrant"},
    f"{GATEWAY}/v1alpha2": {"tcproutes": "TCPRoute", "tlsroutes": "TLSRoute"},
}


def identified(entry: Object, number: int) -> Object:
    """The object as the API server would return it: with an identity and its defaults."""
    entry = copy.deepcopy(entry)
    defaults = {"namespace": NAMESPACE, "uid": f"uid-{number}", "resourceVersion": "1", "generation": 1}
    entry["metadata"] = {**defaults, "creationTimestamp": "2026-01-01T00:00:00Z", **entry["metadata"]}
    if entry["kind"] == "Service":
        entry["spec"].setdefault("clusterIP", "10.0.0.1")
    return entry


def endpoints(chart: Rendered, service: Object, ports: dict[str, int]) -> Object:
    wanted = service["spec"]["selector"].items()
    ((_, labels, _),) = [pod for pod in chart.pods() if wanted <= pod[1].items()]
    name = service["metadata"]["name"]
    return {
        "kind": "EndpointSlice",
        "addressType": "IPv4",
        "metadata": {"name": f"{name}-x", "labels": {"kubernetes.io/service-name": name}},
        "ports": [{"name": "http", "port": ports[labels["app.kubernetes.io/component"]], "protocol": "TCP"}],
        "endpoints": [{"addresses": ["127.0.0.1"], "conditions": {"ready": True, "serving": True}}],
    }


def resources(chart: Rendered, ports: dict[str, int], listener: int) -> dict[str, tuple[str, str, list[Object]]]:
    """Path of each collection: its API version, kind and items."""
    ingress_class = {"kind": "IngressClass", "metadata": {"name": "traefik"}}
    ingress_class["spec"] = {"controller": "traefik.io/ingress-controller"}
    gateway_class = {"kind": "GatewayClass", "metadata": {"name": "traefik"}}
    gateway_class["spec"] = {"controllerName": "traefik.io/gateway-controller"}
    listen = {"name": "web", "port": listener, "protocol": "HTTP", "allowedRoutes": {"namespaces": {"from": "All"}}}
    gateway = {"kind": "Gateway", "metadata": {"name": "public"}}
    gateway["spec"] = {"gatewayClassName": "traefik", "listeners": [listen]}
    services = chart.all("Service")
    found: dict[str, tuple[str, str, list[Object]]] = {
        f"/apis/{NETWORKING}/ingresses": (NETWORKING, "Ingress", chart.all("Ingress")),
        f"/apis/{NETWORKING}/ingressclasses": (NETWORKING, "IngressClass", [ingress_class]),
        f"/apis/{DISCOVERY}/endpointslices": (
            DISCOVERY,
            "EndpointSlice",
            [endpoints(chart, service, ports) for service in services],
        ),
        f"/apis/{GATEWAY}/v1/gatewayclasses": (f"{GATEWAY}/v1", "GatewayClass", [gateway_class]),
        f"/apis/{GATEWAY}/v1/gateways": (f"{GATEWAY}/v1", "Gateway", [gateway]),
        f"/apis/{GATEWAY}/v1/httproutes": (f"{GATEWAY}/v1", "HTTPRoute", chart.all("HTTPRoute")),
        "/api/v1/services": ("v1", "Service", services),
        "/api/v1/namespaces": ("v1", "Namespace", [{"kind": "Namespace", "metadata": {"name": NAMESPACE}}]),
    }
    for version, kinds in NONE_OF.items():
        found |= {f"/apis/{version}/{plural}": (version, kind, []) for plural, kind in kinds.items()}
    found |= {f"/api/v1/{kind.lower()}s": ("v1", kind, []) for kind in ("Secret", "Node", "ConfigMap")}
    return {
        path: (version, kind, [{**identified(entry, n), "apiVersion": version} for n, entry in enumerate(items)])
        for path, (version, kind, items) in found.items()
    }


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    collections: dict[str, tuple[str, str, list[Object]]]
    over: threading.Event

    def log_message(self, *_: Any) -> None:
        """Quiet."""

    def answer(self, body: Object, status: int = 200) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_PUT(self) -> None:
        """A router reports a status; it is taken and forgotten."""
        self.answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path == "/version":
            return self.answer({"major": "1", "minor": "34", "gitVersion": "v1.34.0"})
        if path not in self.collections:
            parent, _, name = path.rpartition("/")
            found = [o for o in self.collections.get(parent, ("", "", []))[2] if o["metadata"]["name"] == name]
            return self.answer(found[0]) if found else self.answer({"kind": "Status", "code": 404}, 404)
        version, kind, items = self.collections[path]
        if "watch=true" in query:
            return self.watch(items if "sendInitialEvents=true" in query else [], version, kind)
        meta = {"resourceVersion": "1"}
        return self.answer({"apiVersion": version, "kind": f"{kind}List", "metadata": meta, "items": items})

    def watch(self, items: list[Object], version: str, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        end = {"resourceVersion": "1", "annotations": {"k8s.io/initial-events-end": "true"}}
        events = [{"type": "ADDED", "object": item} for item in items]
        for event in [*events, {"type": "BOOKMARK", "object": {"apiVersion": version, "kind": kind, "metadata": end}}]:
            text = (json.dumps(event) + "\n").encode()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(text), text))
        self.wfile.flush()
        self.over.wait(120)
        self.close_connection = True


@contextmanager
def serving(chart: Rendered, ports: dict[str, int], listener: int) -> Iterator[str]:
    """The URL of an API that knows this chart; `ports` says where each component answers."""
    over = threading.Event()
    known = {"collections": resources(chart, ports, listener), "over": over}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("ChartHandler", (Handler,), known))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()
