import pytest

from tests.chart.rendering import INSTALLABLE, environment, every_rendering, render

OWN = {"secrets": {"databaseUrl": "postgresql://u:hush@db/x", "secretKey": "s" * 40, "llmApiKey": "sk-hush"}}


def roll_marks(chart, component):
    return chart.one("Deployment", component)["spec"]["template"]["metadata"].get("annotations", {})


@pytest.mark.parametrize(("values", "files"), every_rendering().values(), ids=every_rendering().keys())
def test_no_secret_reaches_the_frontend(values, files):
    container = render(values, *files).container("frontend")
    given = [variable for variable in container["env"] if "secretKeyRef" in variable.get("valueFrom", {})]
    assert not given
    assert not [source for source in container.get("envFrom", []) if "secretRef" in source]


@pytest.mark.parametrize(("values", "files"), every_rendering().values(), ids=every_rendering().keys())
def test_no_secret_value_stands_outside_a_secret(values, files):
    chart = render(values, *files)
    hidden = {text for secret in chart.all("Secret") for text in secret["stringData"].values() if len(text) > 8}
    outside = [entry for entry in chart.objects if entry["kind"] != "Secret"]
    assert not [text for text in hidden if text in str(outside)]


def test_the_charts_own_secret_holds_what_was_given_and_nothing_else():
    secret = render(OWN).one("Secret", "-secrets")
    assert secret["stringData"] == {
        "DATABASE_URL": "postgresql://u:hush@db/x",
        "SECRET_KEY": "s" * 40,
        "LLM_API_KEY": "sk-hush",
    }


def test_an_existing_secret_is_used_by_its_own_keys_and_none_is_made():
    keys = {"databaseUrl": "db", "secretKey": "sign", "llmApiKey": "llm"}
    chart = render({"secrets": {"existingSecret": "vault", "keys": keys}})
    assert not chart.all("Secret")
    env = environment(chart.container("backend"))
    assert env["DATABASE_URL"]["valueFrom"]["secretKeyRef"] == {"name": "vault", "key": "db"}
    assert env["SECRET_KEY"]["valueFrom"]["secretKeyRef"] == {"name": "vault", "key": "sign"}
    assert env["LLM_API_KEY"]["valueFrom"]["secretKeyRef"] == {"name": "vault", "key": "llm", "optional": True}


def test_the_backend_reads_its_secrets_key_by_key():
    container = render(OWN).container("backend")
    assert container["envFrom"] == [{"configMapRef": {"name": "todo-todo-app-config"}}]
    optional = {
        name: variable["valueFrom"]["secretKeyRef"].get("optional", False)
        for name, variable in environment(container).items()
    }
    assert optional == {
        "DATABASE_URL": False,
        "SECRET_KEY": False,
        "DIRECT_DATABASE_URL": True,
        "LLM_API_KEY": True,
        "JWT_SECRET": True,
    }


def test_a_changed_secret_or_setting_rolls_the_backend_alone():
    before = render(OWN)
    secret = render({"secrets": {**OWN["secrets"], "llmApiKey": "sk-other"}})
    setting = render({**OWN, "config": {"llmModel": "other"}})
    assert roll_marks(before, "backend") != roll_marks(secret, "backend")
    assert roll_marks(before, "backend") != roll_marks(setting, "backend")
    assert roll_marks(secret, "backend") != roll_marks(setting, "backend")
    frontends = [chart.one("Deployment", "frontend")["spec"]["template"] for chart in (before, secret, setting)]
    assert frontends[0] == frontends[1] == frontends[2]


def test_the_charts_postgresql_is_reached_by_a_password_from_its_secret():
    values = {"secrets": {"secretKey": "s" * 40}, "postgresql": {"enabled": True, "auth": {"password": "pass-word"}}}
    chart = render(values)
    env = list(environment(chart.container("backend")))
    assert env.index("POSTGRES_PASSWORD") < env.index("DATABASE_URL"), "a variable expands only those before it"
    url = environment(chart.container("backend"))["DATABASE_URL"]["value"]
    assert url == "postgresql://todo:$(POSTGRES_PASSWORD)@todo-todo-app-postgresql:5432/todo"
    assert chart.one("Secret", "-postgresql")["stringData"] == {"POSTGRES_PASSWORD": "pass-word"}


def test_hosts_of_the_routers_may_be_named_in_mcp_requests():
    hosts = [{"host": "todo.example.com", "paths": [{"path": "/", "pathType": "Prefix", "service": "frontend"}]}]
    values = {**INSTALLABLE, "ingress": {"enabled": True, "hosts": hosts}, "config": {"allowedHosts": ["mcp.internal"]}}
    allowed = render(values).one("ConfigMap", "-config")["data"]["ALLOWED_HOSTS"].split(",")
    assert {"todo.example.com", "mcp.internal", "todo-todo-app-backend", "localhost"} <= set(allowed)
