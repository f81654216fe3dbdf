"""A second release beside the first one: from a registry, with an outside database, migrated by a hook."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.package_chart import package
from tests.cluster.kubernetes import get, helm, kubectl
from tests.cluster.release import Release, merged

NAME = "second"


def pods(release: Release) -> set[str]:
    """Which templates the first release's pods are made of (their number may change), and which pod is its database."""
    scaled = [pod["metadata"]["labels"] for part in ("backend", "frontend") for pod in release.pods(part)]
    (database,) = release.pods("postgresql")
    return {labels["pod-template-hash"] for labels in scaled} | {database["metadata"]["uid"]}


@pytest.fixture
def database(release: Release) -> Iterator[str]:
    """The name of a Secret that names a new database, which to the second release is one outside of its chart."""
    release.sql(f"CREATE DATABASE {NAME}")
    url = f"postgresql://todo:only-for-tests@{release.name}-todo-app-postgresql:5432/{NAME}"
    literals = [f"--from-literal=DATABASE_URL={url}", "--from-literal=SECRET_KEY=" + 40 * "s"]
    kubectl("-n", release.namespace, "create", "secret", "generic", NAME, *literals)
    yield NAME
    kubectl("-n", release.namespace, "delete", "secret", NAME)
    release.sql(f"DROP DATABASE {NAME} WITH (FORCE)")


@pytest.fixture
def chart(release: Release, tmp_path: Path) -> list[str]:
    """What names the packaged chart: its address in the cluster's registry where there is one, else the file."""
    made = package(tmp_path)
    registry = release.images.registry
    if not registry:
        return [str(made)]
    helm("push", str(made), f"oci://{registry}/charts", "--plain-http")
    return [f"oci://{registry}/charts/todo-app", "--version", "1.0.0", "--plain-http"]


def test_two_releases_share_a_namespace_and_the_second_migrates_by_a_hook(
    release: Release, database: str, chart: list[str]
):
    before = pods(release)
    values = merged(
        release.images.values(),
        {
            "secrets": {"existingSecret": database},
            "backend": {"migrations": {"mode": "hook"}},
            "networkPolicy": {"enabled": True, "egressExcept": []},
        },
    )
    where = ["--namespace", release.namespace]
    helm("install", NAME, *chart, *where, "--wait", "--timeout=180s", values=values)
    try:
        assert "Succeeded" in helm("test", NAME, *where)
        assert int(release.sql("SELECT count(*) FROM alembic_version", database)) == 1
        assert not get("jobs", "-n", release.namespace), "a hook that succeeded leaves nothing"
        assert not Release(release.namespace, NAME, release.port, release.images).pods("postgresql")
    finally:
        helm("uninstall", NAME, *where, "--wait")
    assert pods(release) == before
    assert release.ask("/api/health")[0] == 200
