"""A clock that several processes share and that jumps under them, as that of their node does."""

from pathlib import Path

import psutil
import pytest

# It answers for the C library (https://github.com/wolfcw/libfaketime). Debian and Fedora put it there.
PLACES = ("lib/*/faketime/libfaketime.so.1", "lib64/faketime/libfaketime.so.1")


class NodeClock:
    """`settings` is the environment of the processes. `folder` must be open to their users.

    Only what tells the time of day jumps; what measures how long something takes goes on, as in the kernel.
    """

    def __init__(self, folder: Path) -> None:
        found = [library for place in PLACES for library in Path("/usr").glob(place)]
        if not found:
            pytest.skip("libfaketime is not installed: apt-get install libfaketime")
        self.offset = 0
        self._file = folder / "offset"
        self.jump(0)
        self.settings = {
            "LD_PRELOAD": str(found[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def jump(self, seconds: int) -> None:
        """Forward, or back. A process notices within two seconds: one that looked each time would do little else."""
        self.offset += seconds
        new = self._file.with_suffix(".new")
        new.write_text(f"{self.offset:+}")
        new.chmod(0o644)
        new.rename(self._file)  # at once: nobody reads half of it


def sweep() -> None:
    """Removes what libfaketime leaves in shared memory for a process that a signal ended: named after its id."""
    for left in Path("/dev/shm").glob("*faketime_*"):
        if not psutil.pid_exists(int(left.name.rpartition("_")[2])):
            left.unlink(missing_ok=True)
