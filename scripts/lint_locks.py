"""Lock files carry versions and hashes and no download addresses, so that any mirror can serve them."""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON_LOCKS = (
    "requirements-dev.txt",
    "backend/requirements.txt",
    "backend/requirements-warm.txt",
    "scripts/requirements-audit.txt",
    "scripts/requirements-checkov.txt",
    "tests/soak/requirements.txt",
)
NODE_LOCKS = (
    "frontend/package-lock.json",
    "scripts/bench/lighthouse/package-lock.json",
    "tests/backend/tools/conformance/package-lock.json",
)


def python_faults(text: str) -> list[str]:
    faults = [f"address in line: {line}" for line in text.splitlines() if "://" in line]
    for block in re.split(r"\n(?=\S)", text):
        pin = (block.split() or [""])[0]
        if "==" in pin and "--hash=sha256:" not in block:
            faults.append(f"no hash: {pin}")
    return faults


def node_faults(text: str) -> list[str]:
    packages = json.loads(text)["packages"]
    return [
        f"address in {name}: run frontend/scripts/complete-lock.mjs beside it"
        for name, entry in packages.items()
        if "resolved" in entry or "://" in json.dumps(entry)
    ]


def main() -> int:
    faults = [f"{name}: {fault}" for name in PYTHON_LOCKS for fault in python_faults((ROOT / name).read_text())]
    faults += [f"{name}: {fault}" for name in NODE_LOCKS for fault in node_faults((ROOT / name).read_text())]
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
