"""Minutes at one load: failures, the slope of the memory, and connections before and after."""

import subprocess
from dataclasses import asdict
from statistics import linear_regression
from typing import Any

from tests.soak.deployment import Deployment
from tests.soak.level import Load, answered, start
from tests.soak.pods import Sample, sample

EVERY = 15  # seconds between two samples
WARM = 0.2  # of the time, in which caches and pools fill


def held(deployment: Deployment, load: Load, minutes: float) -> dict[str, Any]:
    before = sample(deployment.release)
    running = start(load, deployment.url, deployment.guests, minutes * 60)
    samples = [before]
    while True:
        try:
            running.process.wait(EVERY)
            break
        except subprocess.TimeoutExpired:
            samples.append(sample(deployment.release))
            deployment.forget()
            print(f"  {samples[-1].at - before.at:.0f} s: {samples[-1].memory:.1f} MiB", flush=True)
    answer = answered(running)
    samples.append(after := sample(deployment.release))
    return {
        **vars(answer),
        "minutes": minutes,
        "memory_slope": slope(samples),
        "files": [before.files, after.files],
        "connections": [before.connections, after.connections],
        "samples": [asdict(one) | {"at": one.at - before.at} for one in samples],
    }


def slope(samples: list[Sample]) -> float:
    """MiB an hour, once it is warm."""
    warm = [one for one in samples if one.at >= samples[0].at + WARM * (samples[-1].at - samples[0].at)]
    warm = warm if len(warm) > 1 else samples
    return 3600 * linear_regression([one.at for one in warm], [one.memory for one in warm]).slope
