"""Keep the cluster's ingress on a local port: `python -m scripts.tilt_forward --port 8080`.

`kubectl port-forward` ends when the pod it found is replaced. This starts it again, at once when it has worked before,
with a growing pause when it has not, and says in one sentence what is wrong. It never ends by itself, because Tilt
shows a serve command that ends, even well, as broken.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence

# Where the add-ons and charts of the local clusters put their controller: (namespace, service).
CONTROLLERS = (
    ("ingress-nginx", "ingress-nginx-controller"),  # minikube's and kind's ingress-nginx
    ("kube-system", "traefik"),  # k3d
    ("traefik", "traefik"),
)
LONGEST_PAUSE = 5.0


def port_is_taken(port: int) -> bool:
    """Whether something already listens on the local port."""
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def find_controller(kubectl: Sequence[str]) -> tuple[str, str] | None:
    """The (namespace, service) of the first ingress controller that exists in the cluster."""
    for namespace, service in CONTROLLERS:
        found = subprocess.run(
            [*kubectl, "--namespace", namespace, "get", "service", service], capture_output=True, check=False
        )
        if found.returncode == 0:
            return namespace, service
    return None


def next_pause(lived: float, pause: float) -> float:
    """Seconds to wait before the next try, after one that lived so long."""
    return 0.2 if lived > 2 else min(pause * 2, LONGEST_PAUSE)


def forward_once(kubectl: Sequence[str], port: int) -> None:
    """One life of the port-forward; returns when it ended."""
    if port_is_taken(port):
        print(f"Port {port} is taken on this machine; free it or choose another: tilt up -- --port=8081", flush=True)
        return
    controller = find_controller(kubectl)
    if controller is None:
        print("No ingress controller in the cluster; run: minikube addons enable ingress", flush=True)
        return
    namespace, service = controller
    argv = [*kubectl, "--namespace", namespace, "port-forward", f"service/{service}", f"{port}:80"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as child:
        try:
            for line in child.stdout or ():
                if not line.startswith("Handling connection"):  # one a request would bury everything else
                    print(line, end="", flush=True)
        finally:
            child.terminate()


def main() -> None:
    """Forward until asked to stop."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--port", type=int, default=8080, help="port on this machine")
    parser.add_argument("--context", default="", help="Kubernetes context, instead of the current one")
    parser.add_argument("--kubectl", default=os.environ.get("KUBECTL", "kubectl"), help="the kubectl to run")
    options = parser.parse_args()
    kubectl = [options.kubectl, *(["--context", options.context] if options.context else [])]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    pause = 0.2
    while True:
        started = time.monotonic()
        forward_once(kubectl, options.port)
        pause = next_pause(time.monotonic() - started, pause)
        time.sleep(pause)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
