"""The autoscaler and the disruption budget against real load and real evictions."""

import json
from random import Random

import pytest

from tests.chaos.checker import checking
from tests.cluster.kubernetes import Failed, get, kubectl, wait_until
from tests.cluster.load import steady_load
from tests.cluster.release import Release
from tests.figures import Figure


def desired(release: Release) -> int:
    scaler = get("hpa", f"{release.name}-todo-app-backend", "-n", release.namespace)
    return int(scaler["status"].get("desiredReplicas", 0))


def utilization_is_known(release: Release) -> bool:
    metrics = get("hpa", f"{release.name}-todo-app-backend", "-n", release.namespace)["status"].get("currentMetrics")
    return bool(metrics and metrics[0].get("resource", {}).get("current", {}).get("averageUtilization") is not None)


def test_the_backend_grows_to_three_pods_under_load_and_shrinks_back(release: Release, figure: Figure):
    release.upgrade()
    wait_until("the first metrics", lambda: utilization_is_known(release), 120)
    # One write a second: more would keep the autoscaler from going back to one pod.
    with checking(release.port, Random(1), users=1, host=release.host, pause=1.0) as checker:
        with steady_load(release.port, release.host, rate=1000) as load:
            wait_until("three backend pods", lambda: len(release.ready_pods("backend")) == 3, 240)
        wait_until("one backend pod", lambda: desired(release) == 1 and len(release.pods("backend")) == 1, 150)
    assert not load.failures
    figure(f"to three pods and back to one: {checker.figures}")


def evict(release: Release, pod: str) -> None:
    """What `kubectl drain` asks for each pod of a node."""
    eviction = {
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": {"name": pod, "namespace": release.namespace},
    }
    path = f"/api/v1/namespaces/{release.namespace}/pods/{pod}/eviction"
    kubectl("create", "--raw", path, "-f", "-", given=json.dumps(eviction))


def test_a_drain_takes_one_pod_at_a_time_and_loses_no_request(release: Release):
    release.upgrade({"backend": {"autoscaling": {"minReplicas": 2}}})
    wait_until("two backend pods", lambda: len(release.ready_pods("backend")) == 2, 90)
    first, second = release.ready_pods("backend")
    with steady_load(release.port, release.host, rate=20) as load:
        load.wait_for(20, 30)
        evict(release, first)
        with pytest.raises(Failed, match="disruption budget"):
            evict(release, second)
        wait_until("the replacement", lambda: len(set(release.ready_pods("backend")) - {first}) == 2, 90)
        evict(release, second)
        wait_until("the second one", lambda: len(set(release.ready_pods("backend")) - {first, second}) == 2, 90)
    assert not load.failures
    release.upgrade()
