"""Every rendering is what Kubernetes' own schemas accept, by either Helm."""

import functools
import json
from collections.abc import Iterator

import kubernetes_validate
import pytest
from kubernetes_validate import utils

from scripts.install_helm import NEWEST, OLDEST, exact_helm
from tests.chart.rendering import INSTALLABLE, Refused, every_rendering, notes, render

EVERY = pytest.mark.parametrize(("values", "files"), every_rendering().values(), ids=every_rendering().keys())
VERSIONS = [f"1.{minor}" for minor in range(28, 38)]
EVERYTHING = {"networkPolicy": {"enabled": True}, "ingress": {"enabled": True}}


@pytest.fixture(scope="module")
def schemas_read_once() -> Iterator[None]:
    """kubernetes-validate reads 1.5 MB of definitions for each object; they are the same every time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(utils, "schema_contents", functools.cache(utils.schema_contents))
        yield


@pytest.mark.usefixtures("schemas_read_once")
@pytest.mark.parametrize("version", VERSIONS)
def test_every_rendering_is_valid_in_each_kubernetes(version: str):
    unknown, seen = set(), set()
    for values, files in every_rendering().values():
        for entry in render(values, *files, kube_version=f"{version}.0").objects:
            if (text := json.dumps(entry)) in seen:
                continue
            seen.add(text)
            try:
                kubernetes_validate.validate(entry, version, strict=True)
            except kubernetes_validate.SchemaNotFoundError:
                unknown.add(entry["kind"])
    assert unknown <= {"HTTPRoute"}


@EVERY
def test_the_oldest_helm_and_the_newest_render_the_same_objects(values, files):
    assert OLDEST == "3.18.0", "the least that the chart's README and the setup script ask for"
    three, four = (render(values, *files, helm=exact_helm(version)) for version in (OLDEST, NEWEST))

    def by_name(chart):
        return sorted(chart.objects, key=lambda entry: (entry["kind"], entry["metadata"]["name"]))

    assert by_name(three) == by_name(four)


def test_an_older_kubernetes_is_refused():
    with pytest.raises(Refused, match=r"chart requires kubeVersion: >=1\.28\.0-0"):
        render(INSTALLABLE, kube_version="1.27.9")


@EVERY
def test_no_line_is_left_with_trailing_space(values, files):
    text = render(values, *files).text
    assert not [line for line in text.splitlines() if line != line.rstrip()]


def test_the_notes_name_the_next_command():
    cases = {
        "ingress": ({"ingress": {"enabled": True}}, "helm test todo -n todo"),
        "nothing routed": ({}, "--set ingress.enabled=true"),
        "node port": ({"frontend": {"service": {"type": "NodePort"}}}, "jsonpath='{.spec.ports[0].nodePort}'"),
        "load balancer": ({"frontend": {"service": {"type": "LoadBalancer"}}}, "--watch"),
        "scaling": ({}, "get hpa"),
        "secret": ({}, "rollout restart deployment todo-todo-app-backend"),
        "data": ({"postgresql": {"enabled": True, "auth": {"password": "x"}}}, "WARNING: postgresql.persistence"),
    }
    for name, (values, expected) in cases.items():
        assert expected in notes({**INSTALLABLE, **values}), name
