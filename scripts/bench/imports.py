"""How long `import app.main` takes beside what it imports from others: the part that a save pays."""

import json
import subprocess
import sys
from pathlib import Path

from scripts.bench.series import Series
from scripts.bench.trees import ROOT

OTHERS = """
import sys, app.main, json
print(json.dumps([n for n, m in sys.modules.items() if "site-packages" in (getattr(m, "__file__", None) or "")]))
"""
OWN = """
import importlib, json, sys, time
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
begun = time.perf_counter()
import app.main
print(time.perf_counter() - begun)
"""


def own_import(runs: int, work: Path) -> list[Series]:
    def run(code: str, *arguments: str) -> str:
        command = [sys.executable, "-c", code, *arguments]
        env = {"PATH": "/usr/bin:/bin", "DATA_DIR": str(work)}
        done = subprocess.run(command, cwd=ROOT / "backend", env=env, capture_output=True, text=True, check=True)
        return done.stdout.splitlines()[-1]

    others = json.dumps([name for name in json.loads(run(OTHERS)) if not name.startswith(("app", "_"))])
    samples = [float(run(OWN, others)) for _ in range(max(5, runs // 2))]
    return [Series("import-own", "import of app.main without its third-party modules", "s", samples)]
