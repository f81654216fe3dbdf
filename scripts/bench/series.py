"""What a scenario measured: the samples of the thing and, from the same sitting, of its peer."""

import math
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any


def percentile(values: list[float], share: float) -> float:
    """The nearest-rank percentile: a value that was really measured."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass
class Series:
    """One row of the report.

    `samples` and `peer_samples` are in `unit`; `parts` names where the time of a sample went, in the same unit.
    `higher_is_better` turns the ratio round: it is always how many times better than the peer.
    """

    name: str
    what: str
    unit: str = "s"
    samples: list[float] = field(default_factory=list)
    peer: str | None = None
    peer_samples: list[float] = field(default_factory=list)
    parts: dict[str, list[float]] = field(default_factory=dict)
    higher_is_better: bool = False
    measured: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))

    @property
    def p50(self) -> float:
        return percentile(self.samples, 0.5)

    @property
    def p95(self) -> float:
        return percentile(self.samples, 0.95)

    @property
    def ratio(self) -> float | None:
        """How many times better than the peer, by the medians; None without a peer."""
        if not self.peer_samples:
            return None
        peer = percentile(self.peer_samples, 0.5)
        return self.p50 / peer if self.higher_is_better else peer / self.p50

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class LeftOut:
    """A scenario that did not run, and why."""

    name: str
    why: str
