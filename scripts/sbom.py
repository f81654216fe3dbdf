"""A software bill of materials of each production image, in CycloneDX 1.6, asked of the images themselves.

    python -m scripts.sbom [--to FOLDER]      default: .data/sbom

Debian's packages, Python's distributions and npm's packages as they are in the image, with the licences of the
last two. Debian's licences are in the image: /usr/share/doc/*/copyright.
https://cyclonedx.org/docs/1.6/json/
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
KIT = Path.home() / ".cache" / "localcluster" / "bin"
Component = dict[str, Any]

DEBIAN = ["dpkg-query", "--show", "--showformat", "${Package}\\t${Version}\\t${Architecture}\\n"]
PYTHON = [
    "python",
    "-c",
    "import importlib.metadata as m, json\n"
    "def name(about):\n"
    "    kinds = [k.split(' :: ')[-1] for k in about.get_all('Classifier', []) if k.startswith('License ::')]\n"
    "    return next(iter((about.get('License') or '').splitlines()), '') or ' or '.join(kinds)\n"
    "seen = {(d.name, d.version, d.metadata.get('License-Expression') or '', name(d.metadata))"
    " for d in m.distributions()}\n"
    "print(json.dumps(sorted(seen)))",
]
NPM = [
    "node",
    "-e",
    "const fs = require('fs'), out = [];"
    "for (const file of fs.globSync('/app/node_modules/**/package.json')) {"
    "  const {name, version, license} = JSON.parse(fs.readFileSync(file));"
    "  if (name && version) out.push([name, version, typeof license === 'string' ? license : '', '']);"
    "} console.log(JSON.stringify(out));",
]


def docker(*arguments: str) -> str:
    """What docker printed; ends with its error as one sentence."""
    env = {**os.environ, "PATH": f"{KIT}{os.pathsep}{os.environ['PATH']}", "DOCKER_BUILDKIT": "1"}
    try:
        done = subprocess.run(["docker", *arguments], cwd=ROOT, env=env, capture_output=True, text=True)
    except FileNotFoundError:
        raise SystemExit("sbom: docker is not installed; see https://docs.docker.com/engine/install/") from None
    if done.returncode:
        raise SystemExit(f"sbom: docker {arguments[0]} failed: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def component(
    kind: str, name: str, version: str, expression: str = "", called: str = "", qualifiers: str = ""
) -> Component:
    """`expression` is SPDX's for the licence; without one it is `called` what its authors call it."""
    purl = f"pkg:{kind}/{name.replace('@', '%40')}@{version}{qualifiers}"
    entry: Component = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
    licence = {"expression": expression} if expression else {"license": {"name": called}}
    return {**entry, "licenses": [licence]} if expression or called else entry


def contents(image: str, languages: tuple[tuple[str, list[str]], ...]) -> Iterator[Component]:
    run = ["run", "--rm", "--network=none", "--entrypoint="]
    for line in docker(*run, image, *DEBIAN).splitlines():
        name, version, architecture = line.split("\t")
        yield component("deb/debian", name, version, qualifiers=f"?arch={architecture}")
    for kind, command in languages:
        for about in json.loads(docker(*run, image, *command)):
            yield component(kind, *about)


def bill(name: str, languages: tuple[tuple[str, list[str]], ...]) -> Component:
    image = f"todo-{name}:sbom"
    docker("build", "--quiet", "--target", "runtime", "--tag", image, name)
    found = {entry["bom-ref"]: entry for entry in contents(image, languages)}
    digest = docker("image", "inspect", "--format", "{{.Id}}", image).strip()
    subject = {"type": "container", "name": f"todo-{name}", "version": digest, "bom-ref": f"todo-{name}"}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": subject},
        "components": [found[key] for key in sorted(found)],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--to", type=Path, default=ROOT / ".data" / "sbom")
    folder: Path = parser.parse_args().to
    folder.mkdir(parents=True, exist_ok=True)
    for name, languages in {"backend": (("pypi", PYTHON),), "frontend": (("npm", NPM),)}.items():
        made = bill(name, languages)
        path = folder / f"todo-{name}.cdx.json"
        path.write_text(json.dumps(made, indent=1) + "\n")
        print(f"{path}: {len(made['components'])} components")
    return 0


if __name__ == "__main__":
    sys.exit(main())
