"""Deaths without a warning, and the volume that outlives them."""

import contextlib
import json
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.cluster.kubernetes import get, kubectl

DATABASE_USER = 999
Pod = dict[str, Any]  # as the API server has it


def kill(pod: Pod) -> None:
    """SIGKILL to the first process of the pod's main container, as the kernel sends it when memory is short.

    Nobody inside the container can do that: the first process of a namespace does not get it from there.
    """
    container = pod["status"]["containerStatuses"][0]["containerID"].rpartition("/")[2]
    for process in psutil.process_iter():
        with contextlib.suppress(OSError, psutil.Error):
            folder = Path("/proc", str(process.pid))
            inside = (folder / "status").read_text().partition("NSpid:")[2].split("\n")[0].split()
            if inside[-1] == "1" and container in (folder / "cgroup").read_text():
                process.send_signal(signal.SIGKILL)
                return
    pytest.skip("the processes of the cluster's node cannot be seen from here")


def delete_at_once(pod: Pod) -> None:
    """As if its node were gone."""
    where = pod["metadata"]
    kubectl("-n", where["namespace"], "delete", "pod", where["name"], "--force", "--grace-period=0")


@contextlib.contextmanager
def volumes(name: str) -> Iterator[str]:
    """The class that gives a claim its volume: the cluster's own, or one whose volume is a folder of this machine."""
    if any("is-default-class" in str(one["metadata"].get("annotations")) for one in get("storageclass")):
        yield ""
        return
    if not _node_is_here():
        pytest.skip("the cluster makes no volumes, and its node is another machine")
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-"))
    shutil.chown(folder, DATABASE_USER, DATABASE_USER)
    spec = {
        "accessModes": ["ReadWriteOnce"],
        "capacity": {"storage": "1Gi"},
        "hostPath": {"path": str(folder), "type": "Directory"},
        "persistentVolumeReclaimPolicy": "Retain",
        "storageClassName": name,
    }
    volume = {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": name}, "spec": spec}
    kubectl("apply", "-f", "-", given=json.dumps(volume))
    try:
        yield name
    finally:
        kubectl("delete", "pv", name, "--wait=false")
        shutil.rmtree(folder)


def _node_is_here() -> bool:
    own = {address.address for addresses in psutil.net_if_addrs().values() for address in addresses}
    return all(address["address"] in own for node in get("nodes") for address in node["status"]["addresses"][:1])
