"""Each target of `make fuzz` for a moment: its examples, broken and mixed, and bytes of any kind."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.hostile.targets import TARGETS

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "60"))
FOLDER = Path(__file__).with_name("examples")
ODD = (b"", b"\0", b"\xff", b"\xed\xa0\x80", "\u2028".encode(), b"\r\n", b"9" * 400, b"-1", b"NaN", b"[" * 99, b'"')


def of(target: str) -> list[bytes]:
    return [file.read_bytes() for file in sorted((FOLDER / target).iterdir())]


def hostile(target: str) -> st.SearchStrategy[bytes]:
    """The words of the examples in any order with odd ones between them; an example with a hole; any bytes."""
    words = sorted({word for example in of(target) for word in re.findall(rb"\w+|\W", example)})
    mixed = st.lists(st.sampled_from([*words, *ODD]), max_size=60).map(b"".join)
    holes = st.tuples(st.sampled_from(of(target)), st.integers(0, 400), st.integers(0, 20), st.sampled_from(ODD))
    return mixed | holes.map(lambda hole: hole[0][: hole[1]] + hole[3] + hole[0][hole[1] + hole[2] :]) | st.binary()


@pytest.mark.parametrize("name", TARGETS)
def test_no_bytes_make_it_fail_in_any_way_but_its_own(name: str) -> None:
    @settings(
        max_examples=EXAMPLES,
        derandomize=EXAMPLES <= 60,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=hostile(name))
    def run(data: bytes) -> None:
        TARGETS[name](data)

    for example in of(name):
        TARGETS[name](example)
    run()
