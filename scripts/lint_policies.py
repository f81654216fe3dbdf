"""Lint what the chart renders by checkov's Kubernetes policies, in every way of using it that is not the inner loop's.

Checkov pins old packages, so it has an environment of its own, installed by hash once.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.own_environment import command
from tests.chart.rendering import every_rendering, render

REQUIREMENTS = Path(__file__).with_name("requirements-checkov.txt")
# Each with the reason for which the chart does otherwise
SKIPPED = {
    "CKV_K8S_8": "the test pod ends by itself and needs no probe",
    "CKV_K8S_9": "likewise",
    "CKV_K8S_11": "a CPU limit throttles starts and bursts and protects nobody; requests share the node",
    "CKV_K8S_14": "postgres:17 follows security updates of one major version",
    "CKV_K8S_15": "a tag is never moved, so a pull each time would only make starts depend on the registry",
    "CKV_K8S_35": "the application reads its secrets from variables; they reach one container only",
    "CKV_K8S_40": "1000 and 999 are the users of the node and postgres images",
    "CKV_K8S_43": "a digest is a value (image.digest), and the one in production should be set by the release",
    "CKV2_K8S_6": "network policies are a value, since not every cluster enforces them",
}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        for name, (values, files) in every_rendering().items():
            if "values-dev.yaml" not in files:  # the inner loop is writable
                Path(folder, f"{name.replace('/', '-')}.yaml").write_text(render(values, *files).text)
        options = ["--framework", "kubernetes", "--compact", "--quiet", "--skip-download"]
        skip = ["--skip-check", ",".join(SKIPPED)]
        return subprocess.run([command("checkov", REQUIREMENTS), *options, *skip, "--directory", folder]).returncode


if __name__ == "__main__":
    sys.exit(main())
