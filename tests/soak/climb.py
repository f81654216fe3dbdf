"""The highest steady rate: by steps up, or down, to two of which only the lower one is steady, then between them."""

from collections.abc import Callable

from tests.soak.deployment import Deployment
from tests.soak.level import Load, run
from tests.soak.pods import sample

STEP = 1.5
HALVINGS = 1
LEAST = 1.0  # a second; what is not steady then is not tried any slower
Tried = dict[str, float | int | bool]


def tried(deployment: Deployment, load: Load, seconds: float) -> Tried:
    """A level, and what it cost: milliseconds of a processor for a request, and processors in use."""
    before = sample(deployment.release)
    answer = run(load, deployment.url, deployment.guests, seconds)
    after = sample(deployment.release)
    deployment.forget()
    own, database = after.backend - before.backend, after.database - before.database
    return {
        **vars(answer),
        "steady": answer.steady,
        "backend_ms": 1000 * own / answer.requests,
        "database_ms": 1000 * database / answer.requests,
        "memory": after.memory,
    }


def highest(deployment: Deployment, kind: Callable[[float], Load], first: float, seconds: float) -> list[Tried]:
    """Every level that was tried, in turn."""
    levels: list[Tried] = []

    def steady(rate: float) -> bool:
        """Once of two times: the machine may have had other work."""
        for _ in range(2):
            levels.append(tried(deployment, kind(rate), seconds))
            print(_line(levels[-1]), flush=True)
            if levels[-1]["steady"]:
                return True
        return False

    low, high = first, first
    if steady(first):
        while steady(high := low * STEP):
            low = high
    else:
        while low > LEAST and not steady(low := high / STEP):
            high = low
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if steady(middle) else (low, middle)
    return levels


def best(levels: list[Tried]) -> float:
    """Of those levels, the highest rate that was steady; 0 if none was."""
    return max((float(level["rate"]) for level in levels if level["steady"]), default=0.0)


def _line(level: Tried) -> str:
    return (
        f"  {level['rate']:.0f} a second of {level['wanted']:.0f}, {level['failures']} failed; "
        f"p50 {level['p50']:.0f} ms, p99 {level['p99']:.0f} ms; {level['backend_ms']:.1f} ms in the backend, "
        f"{level['database_ms']:.1f} ms in the database of a processor each"
    )
