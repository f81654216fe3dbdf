"""How the cost of a request grows with users, tasks and replicas, each from few to many while the rest stays."""

from collections.abc import Iterable
from typing import Any

from tests.soak.climb import tried
from tests.soak.deployment import Deployment
from tests.soak.level import Load

USERS = (4, 40, 400)
TASKS = (10, 100, 1_000, 5_000)  # of each of FEW users
REPLICAS = (1, 2, 3)
FEW = 20


def grown(deployment: Deployment, rate: float, seconds: float) -> dict[str, list[dict[str, Any]]]:
    """A level for each number, by what it counts."""

    def level(count: int, users: int) -> dict[str, Any]:
        found = tried(deployment, Load(requests=rate, users=users), seconds)
        cost = float(found["backend_ms"]) + float(found["database_ms"])
        print(f"  {count}: {cost:.1f} ms of a processor each, p99 {found['p99']:.0f} ms", flush=True)
        return {"count": count, "cost": cost, **found}

    def by_users() -> Iterable[dict[str, Any]]:
        for users in USERS:
            deployment.invite(users, 20)
            yield level(users, users)

    def by_tasks() -> Iterable[dict[str, Any]]:
        for tasks in TASKS:
            deployment.invite(FEW, tasks)
            yield level(FEW * tasks, FEW)

    def by_replicas() -> Iterable[dict[str, Any]]:
        deployment.invite(FEW, 20)
        for replicas in REPLICAS:
            deployment.scale(replicas)
            yield level(replicas, FEW)

    return {"users": list(by_users()), "tasks": list(by_tasks()), "replicas": list(by_replicas())}
