"""Zero loss: how many of 10,000 requests fail while both images are upgraded and rolled back in a real cluster.

The scenario is a test, which the cluster tests run too; here it leaves its figures.
"""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

from scripts.bench.series import Series
from scripts.bench.trees import ROOT

FILE = "tests/cluster/test_rollouts.py"
TEST = f"{FILE}::test_no_request_of_ten_thousand_fails_while_both_images_are_upgraded_and_rolled_back"


def lost_requests(runs: int, work: Path) -> list[Series]:
    """Raises RuntimeError with the end of the test's output when it did not come to its figures."""
    del runs
    found = work / "junit.xml"
    # The properties of a test have no place in pytest's newer kind of report.
    command = [sys.executable, "-m", "pytest", "-q", TEST, f"--junitxml={found}", "-o", "junit_family=xunit1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    properties = ElementTree.parse(found).iter("property") if found.exists() else []
    figures = {entry.get("name"): float(entry.get("value", "nan")) for entry in properties}
    if not {"requests", "failed"} <= set(figures):
        raise RuntimeError("the test measured nothing: " + " ".join(done.stdout.splitlines()[-1:]))
    what = f"failed requests of {figures['requests']:,.0f} while both images are upgraded and rolled back"
    return [Series("rollout-failed", what, "requests", [figures["failed"]])]
