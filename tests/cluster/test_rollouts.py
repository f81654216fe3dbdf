"""What users notice of an upgrade, a rollback, a lost pod and a bad image: nothing."""

from random import Random

import pytest

from tests.chaos.checker import checking
from tests.cluster.kubernetes import Failed, get, helm, kubectl, wait_until
from tests.cluster.load import steady_load
from tests.cluster.release import Release
from tests.figures import Figure

REQUESTS = 10_000


def running_images(release: Release, component: str) -> set[str]:
    return {pod["spec"]["containers"][0]["image"].rpartition(":")[2] for pod in release.pods(component)}


def test_no_request_of_ten_thousand_fails_while_both_images_are_upgraded_and_rolled_back(
    release: Release, record_property, figure: Figure
):
    with (
        steady_load(release.port, release.host) as load,
        checking(release.port, Random(1), host=release.host, pause=0.2) as checker,
    ):
        load.wait_for(200, 60)
        release.upgrade(release.images.values(release.images.changed_tag))
        upgraded = load.total
        for component in ("backend", "frontend"):
            assert running_images(release, component) == {release.images.changed_tag}
        helm("rollback", release.name, "--namespace", release.namespace, "--wait")
        rolled_back = load.total
        load.wait_for(REQUESTS, 300)
    record_property("requests", load.total)
    record_property("failed", len(load.failures))
    figure(f"{load.total} requests, {len(load.failures)} failed; upgraded by {upgraded}, back by {rolled_back}")
    figure(f"two users beside them: {checker.figures}")
    print(f"answers after more than three seconds: {load.slow}")
    assert not load.failures
    for component in ("backend", "frontend"):
        wait_until("the rollback", lambda c=component: running_images(release, c) == {release.images.tag}, 60)


def test_no_request_fails_while_a_pod_is_deleted_with_another_beside_it(release: Release):
    release.upgrade({part: {"autoscaling": {"minReplicas": 2}} for part in ("backend", "frontend")})
    for component in ("backend", "frontend"):
        wait_until(f"two pods of {component}", lambda c=component: len(release.ready_pods(c)) >= 2, 90)
    with steady_load(release.port, release.host) as load:
        load.wait_for(50, 60)
        for component in ("backend", "frontend"):
            kubectl("-n", release.namespace, "delete", "pod", release.ready_pods(component)[0])
        load.wait_for(load.total + 500, 90)
    assert not load.failures
    release.upgrade()


def test_a_bad_image_goes_back_by_itself_while_the_old_pods_serve(release: Release):
    before = get("deployment", f"{release.name}-todo-app-backend", "-n", release.namespace)["spec"]["template"]
    with steady_load(release.port, release.host, rate=20) as load:
        with pytest.raises(Failed):
            release.upgrade(release.images.values("there-is-no-such-tag"), seconds=15)
        load.wait_for(load.total + 20, 30)
    assert not load.failures
    after = get("deployment", f"{release.name}-todo-app-backend", "-n", release.namespace)["spec"]["template"]
    assert after == before
    assert running_images(release, "backend") <= {release.images.tag, "there-is-no-such-tag"}
    status = helm("status", release.name, "--namespace", release.namespace)
    assert "STATUS: deployed" in status
