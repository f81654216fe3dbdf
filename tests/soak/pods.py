"""What the deployed backend and its database hold and use, as they say themselves."""

import re
import time
from dataclasses import dataclass

from tests.cluster.kubernetes import kubectl
from tests.cluster.release import Release

# One container's own: cgroup v1 says nanoseconds, v2 microseconds with a name.
USED = "cat /sys/fs/cgroup/cpuacct/cpuacct.usage 2>/dev/null || cat /sys/fs/cgroup/cpu.stat"


@dataclass(frozen=True)
class Sample:
    """`at` and the processors' time are in seconds; memory is the fullest pod's, in MiB; the rest is of all pods."""

    at: float
    memory: float
    files: int
    connections: int  # of the database
    backend: float
    database: float


def sample(release: Release) -> Sample:
    said = [_metrics(release, pod) for pod in release.ready_pods("backend")]
    return Sample(
        at=time.monotonic(),
        memory=max(one["process_resident_memory_bytes"] for one in said) / 2**20,
        files=int(sum(one["process_open_fds"] for one in said)),
        connections=int(release.sql("SELECT count(*) FROM pg_stat_activity WHERE datname = 'todo'")) - 1,
        backend=sum(one["process_cpu_seconds_total"] for one in said),
        database=_database_seconds(release),
    )


def _metrics(release: Release, pod: str) -> dict[str, float]:
    text = kubectl("get", "--raw", f"/api/v1/namespaces/{release.namespace}/pods/{pod}:8000/proxy/metrics")
    return {name: float(value) for name, value in re.findall(r"^(process_\w+) (\S+)$", text, re.MULTILINE)}


def _database_seconds(release: Release) -> float:
    pod = f"deployment/{release.name}-todo-app-postgresql"
    said = kubectl("-n", release.namespace, "exec", pod, "--", "sh", "-c", USED).split()
    return float(said[1]) / 1e6 if said[0] == "usage_usec" else float(said[0]) / 1e9
