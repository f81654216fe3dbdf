"""The chart as the one file that registries take; with Helm 4 the same bytes whenever and wherever it is made.

    python -m scripts.package_chart [--to FOLDER] [--source URL]
        [options of `helm package`, such as --sign --key NAME --keyring FILE]

The file names as `home` and `sources` where the repository is published: --source, or in GitHub Actions the repository
that runs them. A checkout has no address of its own, so Chart.yaml names none.
Its files get the time SOURCE_DATE_EPOCH, or a fixed one. Publish it by: helm push FILE oci://REGISTRY/charts
https://reproducible-builds.org/specs/source-date-epoch/
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.chart_readme import CHART
from scripts.install_helm import any_helm

LONG_AGO = 946684800  # 2000-01-01, as in the images


def published_at() -> str | None:
    """The address of the repository whose GitHub Actions run this, or None elsewhere."""
    names = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY")
    return "/".join(os.environ[name] for name in names) if all(os.environ.get(name) for name in names) else None


def package(to: Path, *options: str, helm: Path | None = None, source: str | None = None) -> Path:
    """The file that `helm package` made in this folder; raises SystemExit with Helm's words when it did not."""
    to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        copy = Path(work) / CHART.name
        shutil.copytree(CHART, copy)
        if source:
            with (copy / "Chart.yaml").open("a") as metadata:
                metadata.write(f"home: {json.dumps(source)}\nsources: [{json.dumps(source)}]\n")
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
    parser.add_argument("--source", default=published_at(), help="where the repository is published")
    args, options = parser.parse_known_args()
    if args.source and not args.source.startswith(("https://", "http://")):
        parser.error(f"--source is the address of the repository, such as https://example.com/todo; not {args.source}")
    made = package(args.to, *options, source=args.source)
    print(f"{made}\nsha256:{hashlib.sha256(made.read_bytes()).hexdigest()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
