"""Mistakes that are caught before anything reaches a cluster, each with a sentence or the value's name."""

import pytest

from scripts.install_helm import NEWEST, OLDEST, exact_helm
from tests.chart.rendering import INSTALLABLE, Refused, render

KEY = {"secretKey": "s" * 40}
DATABASE = {"databaseUrl": "postgresql://db/x"}

BETWEEN_VALUES = {
    "no database": ({}, "no database; set secrets.existingSecret"),
    "no signing key": ({"secrets": DATABASE}, "no signing key; set secrets.existingSecret, or secrets.secretKey"),
    "two databases": (
        {"secrets": {**KEY, **DATABASE}, "postgresql": {"enabled": True, "auth": {"password": "x"}}},
        "choose one database",
    ),
    "no password": ({"secrets": KEY, "postgresql": {"enabled": True}}, "needs postgresql.auth.password"),
    "an ignored secret": ({"secrets": {"existingSecret": "a", **KEY}}, "secrets.secretKey would be ignored"),
    "a hook without its secret": (
        {"secrets": {**KEY, **DATABASE}, "backend": {"migrations": {"mode": "hook"}}},
        "runs before the chart's own Secret exists",
    ),
    "a hook without its database": (
        {
            **INSTALLABLE,
            "backend": {"migrations": {"mode": "hook"}},
            "postgresql": {"enabled": True, "auth": {"password": "x"}},
        },
        "runs before the chart's PostgreSQL exists",
    ),
    "a route without a gateway": ({**INSTALLABLE, "httpRoute": {"enabled": True}}, "needs httpRoute.parentRefs"),
    "two routers for one host": (
        {**INSTALLABLE, "ingress": {"enabled": True}, "httpRoute": {"enabled": True, "parentRefs": [{"name": "g"}]}},
        'ingress and httpRoute both serve host "*"',
    ),
    "more at least than at most": (
        {**INSTALLABLE, "backend": {"autoscaling": {"minReplicas": 5}}},
        "backend.autoscaling.minReplicas is larger than maxReplicas",
    ),
    "scaling by what nobody requests": (
        {**INSTALLABLE, "frontend": {"resources": {"requests": {"cpu": None}}}},
        "frontend.resources.requests.cpu must be set",
    ),
    "nothing to scale by": (
        {**INSTALLABLE, "backend": {"autoscaling": {"targetCPUUtilizationPercentage": None}}},
        "backend.autoscaling has nothing to look at",
    ),
    "tokens that nobody can check": (
        {"secrets": {**KEY, **DATABASE}, "config": {"authMode": "jwt"}},
        "config.authMode=jwt needs the keys of the tokens; set config.jwksUrl, or secrets.jwtSecret",
    ),
    "a name that no Service may have": (
        {**INSTALLABLE, "nameOverride": "4ever", "fullnameOverride": ""},
        "the name of a Service begins with a letter, and 4ever-todo does not; choose another release name",
    ),
    "killed while draining": (
        {**INSTALLABLE, "backend": {"preStopSeconds": 60}},
        "terminationGracePeriodSeconds must be longer than preStopSeconds",
    ),
}


@pytest.mark.parametrize("helm", [OLDEST, NEWEST])
@pytest.mark.parametrize(("values", "sentence"), BETWEEN_VALUES.values(), ids=BETWEEN_VALUES.keys())
def test_a_mistake_between_values_is_one_sentence(values, sentence, helm):
    release = "4ever-todo" if "nameOverride" in values else "todo"
    with pytest.raises(Refused) as refusal:
        render(values, release=release, helm=exact_helm(helm))
    assert sentence in str(refusal.value).partition("todo-app: ")[2]


IN_ONE_VALUE = {
    "a misspelt key": ({"backned": {}}, "backned"),
    "a misspelt key further down": ({"backend": {"autoscaling": {"maxReplica": 3}}}, "maxReplica"),
    "a number as text": ({"backend": {"replicaCount": "3"}}, "replicaCount"),
    "a negative number": ({"frontend": {"replicaCount": -1}}, "replicaCount"),
    "a port out of range": ({"backend": {"service": {"port": 70000}}}, "port"),
    "an unknown service type": ({"backend": {"service": {"type": "External"}}}, "type"),
    "an unknown pull policy": ({"backend": {"image": {"pullPolicy": "Sometimes"}}}, "pullPolicy"),
    "a short digest": ({"backend": {"image": {"digest": "sha256:abc"}}}, "digest"),
    "a tag inside the repository": ({"backend": {"image": {"repository": "todo:1"}}}, "repository"),
    "a short signing key": ({"secrets": {"existingSecret": "", "secretKey": "short"}}, "secretKey"),
    "a short key of tokens": ({"secrets": {"jwtSecret": "short"}}, "jwtSecret"),
    "a misspelt setting of a probe": ({"backend": {"livenessProbe": {"periodSecond": 5}}}, "periodSecond"),
    "an unknown strategy": ({"frontend": {"strategy": {"type": "BlueGreen"}}}, "type"),
    "a setting that is no variable": ({"config": {"extra": {"rate-limit": "off"}}}, "rate-limit"),
    "a name with a dot": ({"fullnameOverride": "todo.app"}, "fullnameOverride"),
    "a database that is none": ({"secrets": {"databaseUrl": "mysql://db/x"}}, "databaseUrl"),
    "a password that breaks the URL": ({"postgresql": {"auth": {"password": "p@ss/word"}}}, "password"),
    "an unknown environment": ({"config": {"appEnv": "staging"}}, "appEnv"),
    "a URL that is none": ({"config": {"llmBaseUrl": "llm.example.com"}}, "llmBaseUrl"),
    "a path without a slash": (
        {"ingress": {"hosts": [{"host": "a", "paths": [{"path": "api", "pathType": "Prefix", "service": "backend"}]}]}},
        "path",
    ),
    "a path to nowhere": (
        {"ingress": {"hosts": [{"host": "a", "paths": [{"path": "/", "pathType": "Prefix", "service": "db"}]}]}},
        "service",
    ),
    "a time without a unit": ({"httpRoute": {"backendRequestTimeout": "30"}}, "backendRequestTimeout"),
    "no namespace for the router": ({"networkPolicy": {"routerNamespaces": []}}, "routerNamespaces"),
    "a variable without a name": ({"backend": {"extraEnv": [{"value": "x"}]}}, "name"),
    "a size that is none": ({"postgresql": {"persistence": {"size": "big"}}}, "size"),
}


@pytest.mark.parametrize(("values", "key"), IN_ONE_VALUE.values(), ids=IN_ONE_VALUE.keys())
def test_a_value_that_cannot_be_right_is_refused_by_its_name(values, key):
    secrets = {**INSTALLABLE["secrets"], **values.get("secrets", {})}
    with pytest.raises(Refused) as refusal:
        render({**values, "secrets": secrets})
    assert key in str(refusal.value)
    assert "values don't meet the specifications of the schema" in str(refusal.value)


def test_both_routers_may_serve_one_host_while_one_takes_over():
    both = {"ingress": {"enabled": True}, "httpRoute": {"enabled": True, "parentRefs": [{"name": "g"}]}}
    both["httpRoute"]["allowWithIngress"] = True
    chart = render({**INSTALLABLE, **both})
    assert chart.one("Ingress")
    assert chart.one("HTTPRoute")
