"""The lines of a file that somebody sent, which may be one line of 128 MiB, or a row that never ends."""

from collections.abc import Iterator
from typing import IO

LARGEST_TASK = 1 << 20  # characters


class Lines:
    """Iterates over lines. Raises ValueError when more than LARGEST_TASK characters come between two `begin`."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._number = self._size = 0

    def begin(self) -> None:
        """A new task, or a part of one that stands alone."""
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(LARGEST_TASK + 1)
        if not line:
            raise StopIteration
        self._number += 1
        self._size += len(line)
        if self._size > LARGEST_TASK:
            raise ValueError(f"line {self._number}: a task may take at most {LARGEST_TASK} characters")
        return line
