"""Users who write and read all the time, whatever breaks: what is not answered is asked for again, until it is."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from tests.chaos.browser import GONE
from tests.chaos.writer import Refused, Writer, is_a_sentence_with_a_remedy

PAUSE = 0.02  # seconds between two writes of a user
AFTER_A_REFUSAL = 0.1


@dataclass
class Checker:
    """Counts while it runs. `outages` are the seconds from a user's first refusal to what it asked for."""

    writers: list[Writer]
    pause: float = PAUSE
    acknowledged: int = 0
    said: Counter[str] = field(default_factory=Counter)
    outages: list[float] = field(default_factory=list)
    slowest: float = 0.0
    over: threading.Event = field(default_factory=threading.Event)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _failed: BaseException | None = None

    def work(self, writer: Writer) -> None:
        try:
            while not self.over.is_set():
                began = time.monotonic()
                self._persist(writer.write, writer.insist)
                self._persist(writer.look, writer.look)
                with self._changed:
                    self.acknowledged += 1
                    self.slowest = max(self.slowest, time.monotonic() - began)
                    self._changed.notify_all()
                self.over.wait(self.pause)
        except BaseException as error:
            with self._changed:
                self._failed = error
                self._changed.notify_all()

    def _persist(self, ask: Callable[[], None], again: Callable[[], None]) -> None:
        """One request, for as long as it takes."""
        refused: float | None = None
        while True:
            try:
                (again if refused else ask)()
            except (Refused, *GONE) as refusal:
                refused = refused or time.monotonic()
                with self._changed:
                    self.said[_named(refusal)] += 1
                    self._changed.notify_all()
                assert not self.over.is_set() or time.monotonic() - refused < 60, "it never came back"
                threading.Event().wait(AFTER_A_REFUSAL)
            else:
                if refused is not None:
                    self.outages.append(time.monotonic() - refused)
                return

    def wait_for(self, more: int, seconds: float = 60) -> float:
        """Until so many more writes are acknowledged and read again; how many seconds that took."""
        return self._wait(lambda: self.acknowledged, more, seconds)

    def wait_for_refusals(self, more: int, seconds: float = 60) -> float:
        return self._wait(self.said.total, more, seconds)

    def _wait(self, count, more: int, seconds: float) -> float:  # type: ignore[no-untyped-def]
        began, wanted = time.monotonic(), count() + more
        with self._changed:
            done = self._changed.wait_for(lambda: self._failed is not None or count() >= wanted, seconds)
        if self._failed is not None:
            raise self._failed
        assert done, f"{wanted - count()} of {more} were missing after {seconds} s; said: {dict(self.said)}"
        return time.monotonic() - began

    @property
    def replayed(self) -> int:
        return sum(writer.replayed for writer in self.writers)

    @property
    def figures(self) -> str:
        longest = f"{max(self.outages):.1f} s" if self.outages else "none"
        said = ", ".join(f"{count}x {what}" for what, count in self.said.most_common()) or "nothing"
        done = f"{self.acknowledged} acknowledged and read again, 0 lost, 0 twice"
        return f"{done}; longest wait {longest}; refused with: {said}"


def _named(refusal: BaseException) -> str:
    if not isinstance(refusal, Refused):
        return type(refusal).__name__
    answer = refusal.answer
    return str(answer.body["detail"]) if is_a_sentence_with_a_remedy(answer) else f"a bare {answer.status}"


@contextmanager
def checking(
    port: int, random: Random, *, users: int = 2, host: str = "", name: str = "user", pause: float = PAUSE
) -> Iterator[Checker]:
    """Users write and read while the block runs. At its end each sees what was acknowledged, and nothing else."""
    writers = [Writer(port, f"{name}{number}", Random(random.random()), host=host) for number in range(users)]
    checker = Checker(writers, pause)
    threads = [threading.Thread(target=checker.work, args=[writer]) for writer in writers]
    for thread in threads:
        thread.start()
    try:
        yield checker
    finally:
        checker.over.set()
        for thread in threads:
            thread.join()
        for writer in writers:
            writer.browser.close()
    checker.wait_for(0)  # raises what a user met
    for writer in writers:
        assert writer.doubt is None
        writer.verify()
