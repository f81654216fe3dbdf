"""What a container finds in its environment, and who wins where two say something about one variable."""

import pytest

from tests.chart.rendering import INSTALLABLE, environment, every_rendering, render

EVERY = pytest.mark.parametrize(("values", "files"), every_rendering().values(), ids=every_rendering().keys())


def names(container):
    return [variable["name"] for variable in container.get("env", [])]


@EVERY
def test_no_container_is_given_a_variable_twice(values, files):
    for _, _, spec in render(values, *files).pods():
        for container in [*spec["containers"], *spec.get("initContainers", [])]:
            assert len(names(container)) == len(set(names(container)))


def test_a_components_variable_wins_over_the_global_one_and_both_over_the_charts():
    everywhere = [{"name": "TZ", "value": "UTC"}, {"name": "BACKEND_URL", "value": "http://elsewhere"}]
    values = {
        **INSTALLABLE,
        "global": {"extraEnv": everywhere},
        "backend": {"extraEnv": [{"name": "LLM_API_KEY", "value": "local"}]},
        "frontend": {"extraEnv": [{"name": "TZ", "value": "Asia/Karachi"}]},
    }
    chart = render(values)
    backend, frontend = chart.container("backend"), chart.container("frontend")
    (migrate,) = chart.one("Deployment", "backend")["spec"]["template"]["spec"]["initContainers"]
    for container in (backend, migrate):
        assert environment(container)["TZ"] == {"name": "TZ", "value": "UTC"}
        assert environment(container)["LLM_API_KEY"] == {"name": "LLM_API_KEY", "value": "local"}
    assert environment(frontend)["TZ"]["value"] == "Asia/Karachi"
    assert environment(frontend)["BACKEND_URL"]["value"] == "http://elsewhere"
    for container in (backend, migrate, frontend):
        assert len(names(container)) == len(set(names(container)))


def test_what_the_backend_reads_from_elsewhere_its_migrations_read_too():
    more = [{"secretRef": {"name": "more"}}]
    chart = render({**INSTALLABLE, "backend": {"extraEnvFrom": more}})
    (migrate,) = chart.one("Deployment", "backend")["spec"]["template"]["spec"]["initContainers"]
    assert migrate["envFrom"] == more
    assert chart.container("backend")["envFrom"][1:] == more


def test_any_setting_of_the_backend_may_be_given_and_keeps_its_form():
    extra = {"RATE_LIMIT": "off", "MAX_BODY_BYTES": 10485760, "LLM_MODEL": "wins", "LOG_LEVEL": "debug"}
    data = render({**INSTALLABLE, "config": {"extra": extra, "llmTimeout": 45}}).one("ConfigMap", "-config")["data"]
    assert data["MAX_BODY_BYTES"] == "10485760", "not 1.048576e+07"
    assert (data["RATE_LIMIT"], data["LLM_MODEL"], data["LOG_LEVEL"]) == ("off", "wins", "debug")
    assert (data["LLM_TIMEOUT"], data["APP_ENV"]) == ("45", "production")


def test_the_address_of_the_page_is_the_first_host_that_is_one_host():
    paths = [{"path": "/", "pathType": "Prefix", "service": "frontend"}]
    hosts = [{"host": name, "paths": paths} for name in ("*.example.com", "todo.example.com")]
    values = {**INSTALLABLE, "ingress": {"enabled": True, "hosts": hosts, "tls": [{"secretName": "t"}]}}
    data = render(values).one("ConfigMap", "-config")["data"]
    assert data["PUBLIC_URL"] == "https://todo.example.com"
