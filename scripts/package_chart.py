"""The chart as the one file that registries take; with Helm 4 the same bytes whenever and wherever it is made.

    python -m scripts.package_chart [--to FOLDER] [options of `helm package`, such as --sign --key NAME --keyring FILE]

Its files get the time SOURCE_DATE_EPOCH, or a fixed one. Publish it by: helm push FILE oci://REGISTRY/charts
https://reproducible-builds.org/specs/source-date-epoch/
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.chart_readme import CHART
from scripts.install_helm import any_helm

LONG_AGO = 946684800  # 2000-01-01, as in the images


def package(to: Path, *options: str, helm: Path | None = None) -> Path:
    """The file that `helm package` made in this folder; raises SystemExit with Helm's words when it did not."""
    to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        copy = Path(work) / CHART.name
        shutil.copytree(CHART, copy)
        when = int(os.environ.get("SOURCE_DATE_EPOCH", LONG_AGO))
        for path in copy.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
            os.utime(path, (when, when))
        command = [str(helm or any_helm()), "package", str(copy), "--destination", str(to), *options]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"package_chart: {done.stderr.strip()}")
    return Path(done.stdout.strip().rpartition(": ")[2])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--to", type=Path, default=CHART.parents[1] / ".data" / "chart")
    args, options = parser.parse_known_args()
    made = package(args.to, *options)
    print(f"{made}\nsha256:{hashlib.sha256(made.read_bytes()).hexdigest()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
