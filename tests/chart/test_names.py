import re
import shutil

import pytest

from tests.chart.rendering import CHART, INSTALLABLE, every_rendering, forget, render

EVERY = pytest.mark.parametrize(("values", "files"), every_rendering().values(), ids=every_rendering().keys())


@EVERY
def test_every_service_selects_the_pods_of_exactly_one_workload(values, files):
    chart = render(values, *files)
    for service in chart.all("Service"):
        wanted = service["spec"]["selector"].items()
        hit = [name for name, labels, _ in chart.pods() if wanted <= labels.items()]
        assert len(hit) == 1, (service["metadata"]["name"], hit)


@EVERY
def test_every_deployment_selects_its_own_pods_by_three_labels_that_never_change(values, files):
    for deployment in render(values, *files).all("Deployment"):
        selector = deployment["spec"]["selector"]["matchLabels"]
        assert set(selector) == {f"app.kubernetes.io/{key}" for key in ("name", "instance", "component")}
        assert selector.items() <= deployment["spec"]["template"]["metadata"]["labels"].items()


@EVERY
def test_every_port_name_and_target_that_is_referred_to_exists(values, files):
    chart = render(values, *files)
    services = {service["metadata"]["name"]: service for service in chart.all("Service")}
    for service in services.values():
        wanted = service["spec"]["selector"].items()
        (spec,) = [spec for _, labels, spec in chart.pods() if wanted <= labels.items()]
        offered = {port["name"] for container in spec["containers"] for port in container.get("ports", [])}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= offered
    for ingress in chart.all("Ingress"):
        for rule in ingress["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                target = path["backend"]["service"]
                assert target["port"]["name"] in {port["name"] for port in services[target["name"]]["spec"]["ports"]}
    for scaler in chart.all("HorizontalPodAutoscaler"):
        chart.one("Deployment", scaler["spec"]["scaleTargetRef"]["name"])


@EVERY
def test_every_object_says_what_it_belongs_to(values, files):
    for entry in render(values, *files).objects:
        if "extra" in entry["metadata"]["name"] or entry["metadata"]["name"] == "written-as-text":
            continue
        labels = entry["metadata"]["labels"]
        assert labels["app.kubernetes.io/instance"] == "todo"
        assert labels["app.kubernetes.io/managed-by"] == "Helm"
        assert labels["app.kubernetes.io/part-of"] == "todo-app"
        assert labels["app.kubernetes.io/version"] == "3.0.0"
        assert labels["helm.sh/chart"] == "todo-app-1.0.0"
        assert entry["metadata"]["namespace"] == "todo"


def test_two_releases_in_one_namespace_share_no_object_and_no_pod():
    values = {**INSTALLABLE, "ingress": {"enabled": True}, "networkPolicy": {"enabled": True}}
    first, second = render(values, release="one"), render(values, release="two")
    names = [{(e["kind"], e["metadata"]["name"]) for e in chart.objects} for chart in (first, second)]
    assert not names[0] & names[1]
    for service in first.all("Service"):
        assert not [name for name, labels, _ in second.pods() if service["spec"]["selector"].items() <= labels.items()]


def test_a_release_named_like_the_chart_does_not_repeat_itself():
    assert render(INSTALLABLE, release="todo-app").one("Service", "-backend")["metadata"]["name"] == "todo-app-backend"
    named = render({**INSTALLABLE, "fullnameOverride": "tasks"})
    assert {entry["metadata"]["name"] for entry in named.all("Service")} == {"tasks-backend", "tasks-frontend"}


def test_the_longest_release_name_still_gives_valid_names():
    chart = render(INSTALLABLE, release="r" * 53)
    assert max(len(entry["metadata"]["name"]) for entry in chart.objects) <= 63


@pytest.mark.parametrize("release", ["v1.2-todo", "a.b.c", "r" * 53, "todo-" + "x" * 39 + ".y"])
def test_every_release_name_that_helm_takes_gives_names_that_services_may_have(release):
    for service in render(INSTALLABLE, release=release).all("Service"):
        assert re.fullmatch(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?", service["metadata"]["name"])


def test_labels_of_ones_own_reach_every_object_and_pod_once_and_leave_the_selectors_alone():
    values = {
        **INSTALLABLE,
        "commonLabels": {"team": "a", "app.kubernetes.io/component": "x", "app.kubernetes.io/part-of": "suite"},
        "backend": {"podLabels": {"team": "b", "app.kubernetes.io/instance": "y"}},
    }
    chart = render(values)
    for entry in chart.objects:
        labels = entry["metadata"]["labels"]
        assert (labels["team"], labels["app.kubernetes.io/part-of"]) == ("a", "suite")
        assert labels["app.kubernetes.io/managed-by"] == "Helm"
    for deployment in chart.all("Deployment"):
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        assert deployment["spec"]["selector"]["matchLabels"].items() <= labels.items()
        assert labels["team"] == ("b" if labels["app.kubernetes.io/component"] == "backend" else "a")
    assert (
        chart.one("Deployment", "backend")["spec"]["selector"]
        == (render(INSTALLABLE).one("Deployment", "backend")["spec"]["selector"])
    )


def test_a_new_version_of_the_chart_alone_replaces_no_pod_and_of_the_application_no_database(tmp_path):
    def templates(version, app_version):
        copy = tmp_path / version / CHART.name
        shutil.copytree(CHART, copy)
        text = (copy / "Chart.yaml").read_text()
        text = text.replace("version: 1.0.0", f"version: {version}").replace('"3.0.0"', f'"{app_version}"')
        (copy / "Chart.yaml").write_text(text)
        tags = {part: {"image": {"tag": "fixed"}} for part in ("backend", "frontend")}
        database = {"enabled": True, "auth": {"existingSecret": "todo"}}
        chart = render({**INSTALLABLE, **tags, "postgresql": database}, chart=copy)
        return {d["metadata"]["name"]: d["spec"]["template"] for d in chart.all("Deployment")}

    before, after, upgraded = templates("1.0.0", "3.0.0"), templates("1.1.0", "3.0.0"), templates("1.2.0", "3.1.0")
    assert before == after
    assert before["todo-todo-app-postgresql"] == upgraded["todo-todo-app-postgresql"]


def test_rendering_twice_gives_the_same_text():
    first = render(INSTALLABLE)
    forget()
    assert render(INSTALLABLE).text == first.text
