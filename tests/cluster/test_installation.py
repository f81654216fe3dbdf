"""Installations of their own: what stops them, five backends at once, and what an uninstall leaves."""

from collections.abc import Iterator

import pytest

from tests.cluster.images import Images
from tests.cluster.kubernetes import Failed, get, helm, kubectl, namespace, wait_until
from tests.cluster.release import Release

# Not the chart's: these come and go with the namespace and with Kubernetes itself.
OTHERS = {"Event", "PodMetrics", "EndpointSlice", "Endpoints", "Lease"}


@pytest.fixture
def empty(built: Images, port: int) -> Iterator[Release]:
    with namespace("install") as name:
        yield Release(name, "todo", port, built)


def contents(name: str) -> set[str]:
    """Every object of the namespace, whatever its kind."""
    kinds = kubectl("api-resources", "--verbs=list", "--namespaced", "-o", "name").split()
    found = get(",".join(kinds), "-n", name, "--ignore-not-found")
    return {f"{o['kind']}/{o['metadata']['name']}" for o in found if o["kind"] not in OTHERS}


def asks_well(release: Release) -> bool:
    status, _ = release.ask("/api/tasks")
    return status == 200


def test_a_missing_secret_or_key_says_so_before_anything_is_changed(empty: Release):
    before = contents(empty.namespace)
    with pytest.raises(Failed, match=f"the Secret todo does not exist in namespace {empty.namespace}; create it first"):
        empty.upgrade()
    kubectl("-n", empty.namespace, "create", "secret", "generic", "todo", "--from-literal=POSTGRES_PASSWORD=x")
    with pytest.raises(Failed, match="the Secret todo has no key SECRET_KEY"):
        empty.upgrade()
    elsewhere = {"postgresql": {"auth": {"existingSecret": "database"}}, "secrets": {"keys": {"secretKey": "signing"}}}
    kubectl("-n", empty.namespace, "create", "secret", "generic", "database", "--from-literal=signing=" + 40 * "s")
    with pytest.raises(Failed, match="the Secret database has no key POSTGRES_PASSWORD"):
        empty.upgrade({**elsewhere, "secrets": {**elsewhere["secrets"], "existingSecret": "database"}})
    assert contents(empty.namespace) == before | {"Secret/todo", "Secret/database"}


def test_five_backends_migrate_at_once_and_an_uninstall_leaves_nothing(empty: Release):
    empty.create_secret()
    before = contents(empty.namespace)
    five = {"replicaCount": 5, "autoscaling": {"enabled": False}, "resources": {"requests": {"cpu": "20m"}}}
    none = {"replicaCount": 0, "autoscaling": {"enabled": False}}
    empty.upgrade({"backend": five, "frontend": none})
    pods = empty.pods("backend")
    assert len(pods) == 5
    for pod in pods:
        (migration,) = [s for s in pod["status"]["initContainerStatuses"] if s["name"] == "migrate"]
        if migration["restartCount"]:
            logs = ["logs", pod["metadata"]["name"], "-c", "migrate", "--previous"]
            pytest.fail(f"a migration failed first: {migration} {kubectl('-n', empty.namespace, *logs)}")
    wait_until("an answer through the router, which hears of new pods late", lambda: asks_well(empty), 30)
    empty.uninstall()
    wait_until("an empty namespace", lambda: contents(empty.namespace) == before, 60)


def test_an_unreachable_database_stops_the_upgrade_with_a_sentence_in_the_migrations_log(empty: Release):
    empty.create_secret()
    literal = "--from-literal=DATABASE_URL=postgresql://todo@127.0.0.1:1/todo"
    kubectl("-n", empty.namespace, "delete", "secret", "todo")
    kubectl(
        "-n", empty.namespace, "create", "secret", "generic", "todo", literal, "--from-literal=SECRET_KEY=" + 40 * "s"
    )
    values = {**empty.values(), "postgresql": {"enabled": False}}
    helm("install", "todo", "helm/todo-app", "--namespace", empty.namespace, values=values)

    def said() -> str:
        return kubectl("-n", empty.namespace, "logs", "deployment/todo-todo-app-backend", "-c", "migrate")

    wait_until("the sentence", lambda: said().strip(), 60)
    assert "Traceback" not in said()
    assert len(said().strip().splitlines()) <= 2
