"""An installed release and what tests ask of it."""

import http.client
from dataclasses import dataclass
from typing import Any

from tests.cluster.images import Images
from tests.cluster.kubernetes import CHART, get, helm, kubectl, rollback_flag, wait_until

Values = dict[str, Any]


def merged(first: Values, second: Values) -> Values:
    """Values as Helm layers them."""
    both = dict(first)
    for key, value in second.items():
        both[key] = merged(both[key], value) if isinstance(value, dict) and isinstance(both.get(key), dict) else value
    return both


@dataclass(frozen=True)
class Release:
    namespace: str
    name: str
    port: int
    images: Images

    @property
    def host(self) -> str:
        return f"{self.namespace}.localhost"

    @property
    def url(self) -> str:
        """Where a browser on this machine reaches it."""
        return f"http://{self.host}:{self.port}"

    def values(self) -> Values:
        """Production, with the chart's PostgreSQL and an autoscaler that does not wait five minutes."""
        paths = [{"path": "/api", "service": "backend"}, {"path": "/", "service": "frontend"}]
        hosts = [{"host": self.host, "paths": [{**path, "pathType": "Prefix"} for path in paths]}]
        quick = {"autoscaling": {"behavior": {"scaleDown": {"stabilizationWindowSeconds": 10}}}}
        own = {
            "secrets": {"existingSecret": "todo"},
            "postgresql": {"enabled": True, "auth": {"existingSecret": "todo"}},
            "ingress": {"enabled": True, "className": "nginx", "hosts": hosts},
            "backend": quick,
            "frontend": quick,
        }
        return merged(self.images.values(), own)

    def create_secret(self) -> None:
        literals = ["SECRET_KEY=" + "only-for-tests-" * 4, "POSTGRES_PASSWORD=only-for-tests"]
        options = [f"--from-literal={literal}" for literal in literals]
        kubectl("-n", self.namespace, "create", "secret", "generic", "todo", *options)

    def upgrade(self, changes: Values | None = None, seconds: int = 180) -> str:
        """`helm upgrade --install` that waits, and goes back by itself when it fails."""
        options = ["--namespace", self.namespace, "--wait", rollback_flag(), f"--timeout={seconds}s"]
        values = merged(self.values(), changes or {})
        return helm("upgrade", "--install", self.name, str(CHART), *options, values=values, seconds=2 * seconds)

    def uninstall(self) -> None:
        helm("uninstall", self.name, "--namespace", self.namespace, "--wait")

    def pods(self, component: str) -> list[dict[str, Any]]:
        """Pods of a component that are not on their way out."""
        selector = f"app.kubernetes.io/instance={self.name},app.kubernetes.io/component={component}"
        found = get("pods", "-n", self.namespace, "-l", selector)
        return [pod for pod in found if "deletionTimestamp" not in pod["metadata"]]

    def ready_pods(self, component: str) -> list[str]:
        def ready(pod: dict[str, Any]) -> bool:
            return any(c["type"] == "Ready" and c["status"] == "True" for c in pod["status"].get("conditions", []))

        return [pod["metadata"]["name"] for pod in self.pods(component) if ready(pod)]

    def ask(self, path: str) -> tuple[int, str]:
        """Status and body of one request through the ingress."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers={"Host": self.host})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except http.client.HTTPException as error:
            raise OSError(str(error)) from error
        finally:
            connection.close()

    def sql(self, statement: str, database: str = "todo") -> str:
        """What the chart's PostgreSQL answers, its values apart by |."""
        psql = ["psql", "-qtAX", "-U", "todo", "-d", database, "-c", statement]
        where = ("-n", self.namespace, f"deployment/{self.name}-todo-app-postgresql")
        return kubectl("exec", *where, "--", *psql).strip()

    def wait_for_page(self) -> None:
        for path in ("/", "/api/health"):
            wait_until(f"{path} through the ingress", lambda path=path: self.ask(path)[0] == 200, 60)
