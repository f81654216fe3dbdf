"""Parts of the deployed application that die without a warning while users write through the ingress.

What was acknowledged is there afterwards, nothing is there twice, and what is refused meanwhile is refused in words:
the backend's own while it runs, else the router's bare 502, 503 or 504 (or 404 before it has read its routes), or a
connection that breaks or hears nothing more.
"""

import time
from collections.abc import Iterator
from random import Random

import pytest

from tests.chaos.checker import Checker, checking
from tests.cluster.images import Images
from tests.cluster.killing import delete_at_once, kill, volumes
from tests.cluster.kubernetes import get, kubectl, namespace, wait_until
from tests.cluster.release import Release
from tests.figures import Figure

AWAY = "The database cannot be reached; try again in a moment."
ROUTERS = {"a bare 502", "a bare 503", "a bare 504"}
BROKEN = {"RemoteDisconnected", "ConnectionRefusedError", "ConnectionResetError", "BrokenPipeError", "IncompleteRead"}
BROKEN |= {"TimeoutError"}  # the network of a pod that is deleted by force may go before it can close its connections
SAYS = {"backend": ROUTERS | BROKEN, "postgresql": {AWAY}}  # whose pod dies, and what users may be told meanwhile
DEATHS = {"killed": kill, "deleted by force": delete_at_once}
# One pod of each, so that its death is felt.
ONE = {"autoscaling": {"enabled": False}, "preStopSeconds": 0, "terminationGracePeriodSeconds": 1}


@pytest.fixture(scope="module")
def fragile(built: Images, port: int) -> Iterator[Release]:
    with namespace("faults") as name, volumes(name) as storage:
        installed = Release(name, "todo", port, built)
        installed.create_secret()
        kept = {"persistence": {"enabled": True, "storageClassName": storage}}
        installed.upgrade({"backend": ONE, "frontend": ONE, "postgresql": kept})
        installed.wait_for_page()
        yield installed
        installed.uninstall()
        wait_until("the end of all pods", lambda: not get("pods", "-n", name), 60)


@pytest.fixture
def checker(fragile: Release) -> Iterator[Checker]:
    """Users write before, while and after something dies."""
    with checking(fragile.port, Random(1), host=fragile.host) as checker:
        checker.wait_for(10)
        yield checker


@pytest.mark.parametrize("how", DEATHS)
@pytest.mark.parametrize("part", SAYS)
def test_a_part_that_dies_loses_nothing_and_does_nothing_twice(
    part: str, how: str, fragile: Release, checker: Checker, figure: Figure
):
    [pod] = fragile.pods(part)
    DEATHS[how](pod)
    checker.wait_for_refusals(1)
    back = checker.wait_for(10, 60)
    assert checker.said.keys() <= SAYS[part]
    figure(f"the only {part} pod {how}: {checker.figures}; ten writes after {back:.1f} s")


def test_a_page_that_dies_is_back_in_seconds_and_writers_do_not_notice(
    fragile: Release, checker: Checker, figure: Figure
):
    [pod] = fragile.pods("frontend")
    kill(pod)
    began = time.monotonic()
    wait_until("a page that is away", lambda: fragile.ask("/")[0] in (502, 503, 504), 10, every=0.01)
    wait_until("the page", lambda: fragile.ask("/")[0] == 200, 60)
    back = time.monotonic() - began
    checker.wait_for(10)
    assert not checker.said
    figure(f"the only frontend pod killed: {checker.figures}; the page after {back:.1f} s")


def test_a_router_that_dies_loses_nothing_and_does_nothing_twice(checker: Checker, figure: Figure):
    [pod] = get("pods", "-n", "ingress-nginx", "-l", "app.kubernetes.io/component=controller")
    kill(pod)
    checker.wait_for_refusals(1)
    back = checker.wait_for(10, 60)
    assert checker.said.keys() <= {"a bare 404"} | ROUTERS | BROKEN
    kubectl("-n", "ingress-nginx", "wait", "--for=condition=Available", "deployment/ingress-nginx-controller")
    figure(f"the router killed: {checker.figures}; ten writes after {back:.1f} s")
