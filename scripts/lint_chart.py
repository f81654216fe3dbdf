"""Lint the chart: `helm lint --strict` over every way of using it, and its README against values.yaml."""

import subprocess
import sys
from collections.abc import Iterator

from scripts.chart_readme import CHART, problems
from scripts.install_helm import any_helm

# The oldest Kubernetes the chart accepts, and the newest it was tried with
KUBERNETES = ("1.28.0", "1.37.0")


def layers() -> Iterator[list[str]]:
    """The --values of each use: production by itself, each layer, each feature."""
    yield []
    for path in [*sorted(CHART.glob("values-*.yaml")), *sorted((CHART / "ci").glob("*-values.yaml"))]:
        yield ["--values", str(path)]


def main() -> int:
    found = list(problems())
    for options in layers():
        for version in KUBERNETES:
            command = [str(any_helm()), "lint", "--strict", "--quiet", "--kube-version", version, *options, str(CHART)]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                found.append(f"helm lint {' '.join(options)}: {done.stdout}{done.stderr}")
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
