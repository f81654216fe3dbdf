"""The application in a namespace of its own, as in production, with a scripted model and users who have tasks."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.browser import Browser
from tests.cluster import forward, images
from tests.cluster.kubernetes import kubectl, namespace, wait_until
from tests.cluster.model import Model, scripted_model
from tests.cluster.release import Release, Values

ROW = {"title": "Buy milk and bread", "notes": "As real ones have, a sentence of text.", "tags": ["shop"]}


@dataclass(frozen=True)
class Deployment:
    """`guests` is the file with the headers of the users that were invited last."""

    release: Release
    guests: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.release.port}"

    def scale(self, pods: int) -> None:
        self.release.upgrade(_values(pods))
        wait_until(f"{pods} backend pods", lambda: len(self.release.ready_pods("backend")) == pods, 90)

    def invite(self, users: int, tasks: int) -> None:
        """New users with so many tasks each, who are those of the next levels."""
        rows, host = [{**ROW, "title": f"{ROW['title']} {number}"} for number in range(tasks)], self.release.host
        headers = []
        for _ in range(users):
            with Browser(self.release.port, host=host, timeout=120) as browser:
                answer = browser.call("POST", "/api/import", rows)
                assert answer.status == 200, answer
                headers.append({"Host": host, "Cookie": browser.cookie})
        self.guests.write_text(json.dumps(headers))

    def forget(self) -> None:
        """The model keeps what it was asked until it is told otherwise."""
        kubectl("delete", "--raw", f"/api/v1/namespaces/{self.release.namespace}/pods/scripted-model:9000/proxy/script")


def _engine(release: Release) -> str:
    with Browser(release.port, host=release.host) as browser:
        answer = browser.call("POST", "/api/chat", {"message": "Good morning"}, accept="application/json")
        return str(answer.body["engine"])


def _values(pods: int) -> Values:
    return {
        "backend": {"replicaCount": pods, "autoscaling": {"enabled": False}},
        "config": {"llmBaseUrl": Model.base_url, "llmModel": "scripted"},
    }


@contextmanager
def deployed() -> Iterator[Deployment]:
    """As long as the block runs; with one backend pod."""
    built = images.prepare()
    try:
        with forward.ingress() as port, namespace("soak") as name, tempfile.TemporaryDirectory() as work:
            release = Release(name, "todo", port, built)
            release.create_secret()
            release.upgrade(_values(1))
            release.wait_for_page()
            with scripted_model(release):
                wait_until("a turn of the model", lambda: _engine(release) == "openai_compatible", 30)
                yield Deployment(release, Path(work, "guests.json"))
    finally:
        images.discard(built)
