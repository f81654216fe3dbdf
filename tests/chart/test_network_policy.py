"""Who may talk to whom, decided by the rendered policies as Kubernetes would.

No network plugin that can be had here enforces them, so the rules themselves are evaluated.
https://kubernetes.io/docs/concepts/services-networking/network-policies/
"""

import ipaddress
from dataclasses import dataclass, field

import pytest

from tests.chart.rendering import INSTALLABLE, Object, Rendered, render

SECRETS = {"secrets": {"secretKey": "s" * 40}}
DATABASE = {"postgresql": {"enabled": True, "auth": {"password": "x"}}}
CHART = {**SECRETS, **DATABASE, "networkPolicy": {"enabled": True}}
NAMED = {"http": {"backend": 8000, "frontend": 3000}, "postgresql": {"postgresql": 5432}}


@dataclass(frozen=True)
class Peer:
    """A pod in a namespace, or an address outside of the cluster."""

    namespace: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    address: str = ""

    @property
    def component(self) -> str:
        return self.labels.get("app.kubernetes.io/component", "")


def selects(selector: Object, labels: dict[str, str]) -> bool:
    if not selector.get("matchLabels", {}).items() <= labels.items():
        return False
    for wanted in selector.get("matchExpressions", []):
        assert wanted["operator"] == "In"
        if labels.get(wanted["key"]) not in wanted["values"]:
            return False
    return True


def matches(rule: Object, peer: Peer, home: str) -> bool:
    if "ipBlock" in rule:
        if not peer.address:
            return False
        address, block = ipaddress.ip_address(peer.address), rule["ipBlock"]
        excepted = any(address in ipaddress.ip_network(network) for network in block.get("except", []))
        return address in ipaddress.ip_network(block["cidr"]) and not excepted
    if not peer.namespace:
        return False
    namespace_labels = {"kubernetes.io/metadata.name": peer.namespace}
    inside = (
        selects(rule["namespaceSelector"], namespace_labels) if "namespaceSelector" in rule else peer.namespace == home
    )
    return inside and selects(rule.get("podSelector", {}), peer.labels)


def opens(ports: list[Object], port: int, protocol: str, owner: Peer) -> bool:
    numbers = [(NAMED.get(p["port"], {}).get(owner.component, p["port"]), p.get("protocol", "TCP")) for p in ports]
    return (port, protocol) in numbers


def allowed(chart: Rendered, source: Peer, target: Peer, port: int, protocol: str = "TCP") -> bool:
    """Both ends must agree; a pod that no policy selects agrees to everything."""
    for peer, other, direction, key in ((source, target, "Egress", "to"), (target, source, "Ingress", "from")):
        policies = [
            policy["spec"]
            for policy in chart.all("NetworkPolicy")
            if policy["metadata"]["namespace"] == peer.namespace and selects(policy["spec"]["podSelector"], peer.labels)
        ]
        rules = [rule for spec in policies if direction in spec["policyTypes"] for rule in spec[direction.lower()]]
        if policies and not any(
            opens(rule["ports"], port, protocol, target) and any(matches(entry, other, "todo") for entry in rule[key])
            for rule in rules
        ):
            return False
    return True


def pod(component: str, namespace: str = "todo", release: str = "todo") -> Peer:
    names = {"name": "todo-app", "instance": release, "component": component}
    return Peer(namespace, {f"app.kubernetes.io/{key}": value for key, value in names.items()})


ROUTER = Peer("ingress-nginx", {"app.kubernetes.io/name": "ingress-nginx"})
DNS = Peer("kube-system", {"k8s-app": "kube-dns"})
STRANGER = Peer("elsewhere", {"app": "stranger"})
NEON, NEON_V6, INTERNAL = Peer(address="3.66.1.2"), Peer(address="2a05:d014::1"), Peer(address="10.20.30.40")

MAY = [
    (ROUTER, pod("backend"), 8000, "TCP"),
    (ROUTER, pod("frontend"), 3000, "TCP"),
    (pod("frontend"), pod("backend"), 8000, "TCP"),
    (pod("test"), pod("backend"), 8000, "TCP"),
    (pod("test"), pod("frontend"), 3000, "TCP"),
    (pod("backend"), pod("postgresql"), 5432, "TCP"),
    (pod("backend"), DNS, 53, "UDP"),
    (pod("backend"), DNS, 53, "TCP"),
    (pod("frontend"), DNS, 53, "UDP"),
    (pod("backend"), NEON, 5432, "TCP"),
    (pod("backend"), NEON, 443, "TCP"),
    (pod("backend"), NEON_V6, 443, "TCP"),
]
MAY_NOT = [
    (STRANGER, pod("backend"), 8000, "TCP"),
    (STRANGER, pod("frontend"), 3000, "TCP"),
    (pod("backend", release="other"), pod("postgresql"), 5432, "TCP"),
    (pod("frontend"), pod("postgresql"), 5432, "TCP"),
    (ROUTER, pod("postgresql"), 5432, "TCP"),
    (pod("frontend"), NEON, 443, "TCP"),
    (pod("backend"), NEON, 22, "TCP"),
    (pod("backend"), INTERNAL, 443, "TCP"),
    (pod("backend"), pod("frontend"), 3000, "TCP"),
    (pod("postgresql"), NEON, 443, "TCP"),
    (pod("postgresql"), DNS, 53, "UDP"),
]


@pytest.mark.parametrize(("source", "target", "port", "protocol"), MAY)
def test_what_the_application_needs_is_open(source, target, port, protocol):
    assert allowed(render(CHART), source, target, port, protocol)


@pytest.mark.parametrize(("source", "target", "port", "protocol"), MAY_NOT)
def test_everything_else_is_closed(source, target, port, protocol):
    assert not allowed(render(CHART), source, target, port, protocol)


def test_the_routers_namespace_and_the_ports_outside_are_values():
    values = {**CHART, "networkPolicy": {"enabled": True, "routerNamespaces": ["edge"], "egressPorts": [6543]}}
    chart = render(values)
    assert allowed(chart, Peer("edge"), pod("backend"), 8000)
    assert not allowed(chart, ROUTER, pod("backend"), 8000)
    assert allowed(chart, pod("backend"), NEON, 6543)
    assert not allowed(chart, pod("backend"), NEON, 5432)


def test_no_port_outside_means_none_and_not_all():
    chart = render({**CHART, "networkPolicy": {"enabled": True, "egressPorts": []}})
    for port in (443, 5432, 22):
        assert not allowed(chart, pod("backend"), NEON, port)
    assert allowed(chart, pod("backend"), DNS, 53, "UDP")


@pytest.mark.parametrize("component", ["backend", "frontend"])
def test_each_component_takes_more_rules(component):
    name, number = component.capitalize(), NAMED["http"][component]
    more = {
        f"extra{name}Ingress": [{"from": [{"namespaceSelector": {}}], "ports": [{"port": "http"}]}],
        f"extra{name}Egress": [{"to": [{"ipBlock": {"cidr": "10.20.0.0/16"}}], "ports": [{"port": 11434}]}],
    }
    chart = render({**CHART, "networkPolicy": {"enabled": True, **more}})
    assert allowed(chart, STRANGER, pod(component), number)
    assert allowed(chart, pod(component), INTERNAL, 11434)
    assert not allowed(chart, pod(component), INTERNAL, 443)


def test_there_is_none_unless_asked_for():
    assert not render(INSTALLABLE).all("NetworkPolicy")
