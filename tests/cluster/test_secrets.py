"""Where the secrets of a release stand, and where they do not."""

import base64
import gzip
import json

import httpx2

from tests.cluster.kubernetes import get, kubectl
from tests.cluster.release import Release


def secrets(release: Release) -> list[str]:
    [made] = [one for one in get("secrets", "-n", release.namespace) if one["metadata"]["name"] == "todo"]
    return [base64.b64decode(value).decode() for value in made["data"].values()]


def history(release: Release) -> list[str]:
    """What Helm keeps of each revision: the values, the chart and the manifests (helm.sh/docs/topics/advanced)."""
    kept = [one for one in get("secrets", "-n", release.namespace) if one["type"] == "helm.sh/release.v1"]
    return [gzip.decompress(base64.b64decode(base64.b64decode(one["data"]["release"]))).decode() for one in kept]


def logs(release: Release) -> str:
    where = ("-n", release.namespace, "-l", f"app.kubernetes.io/instance={release.name}")
    return kubectl("logs", *where, "--all-containers", "--tail=-1", "--prefix")


def test_a_secret_that_was_there_is_in_no_revision_of_helms_and_in_no_log(release: Release):
    with httpx2.Client(base_url=f"http://127.0.0.1:{release.port}", headers={"Host": release.host}) as client:
        assert client.post("/api/tasks", json={"title": "Of whoever has a cookie"}).status_code == 201
        hidden = [*secrets(release), client.cookies["todo_guest"]]
    revisions, written = history(release), logs(release)
    assert len(hidden) == 3
    assert all('"existingSecret":"todo"' in revision for revision in revisions)
    assert "/api/tasks" in written
    assert [secret for secret in hidden if secret in written or secret in json.dumps(revisions)] == []
