"""A steady load from several keep-alive connections, in which every failure counts and nothing is retried."""

import collections
import contextlib
import http.client
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

CONNECTIONS = 8
RATE = 90.0  # requests a second over all connections: steady, with room left for the router and the new pods
SLOW = 3.0  # seconds; such answers are remembered, not counted as failures


@dataclass
class Load:
    """What the load has done so far; safe to read while it runs."""

    port: int
    host: str
    pause: float  # seconds from one request's start to the next on the same connection
    answers: collections.Counter[int] = field(default_factory=collections.Counter)
    failures: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def total(self) -> int:
        with self.lock:
            return sum(self.answers.values()) + len(self.failures)

    def wait_for(self, requests: int, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while self.total < requests:
            assert time.monotonic() < deadline, f"only {self.total} of {requests} requests in {seconds} s"
            self.over.wait(0.2)

    def work(self) -> None:
        """One connection: the page, the list, now and then a new task."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Host": self.host, "Accept": "*/*"}
        turn = 0
        while not self.over.is_set():
            turn += 1
            method, path, body = "GET", "/" if turn % 2 else "/api/tasks?limit=5", None
            if turn % 10 == 0:
                method, path, body = "POST", "/api/tasks", json.dumps({"title": f"load {turn}"})
            began = time.monotonic()
            try:
                extra = {"Content-Type": "application/json"} if body else {}
                connection.request(method, path, body, {**headers, **extra})
                answer = connection.getresponse()
                answer.read()
                if cookie := answer.headers.get("Set-Cookie"):
                    headers["Cookie"] = cookie.partition(";")[0]
                self.count(answer.status, f"{method} {path}: {answer.status}", began)
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                self.count(0, f"{method} {path}: {error!r}", began)
            self.over.wait(began + self.pause - time.monotonic())
        connection.close()

    def count(self, status: int, what: str, began: float) -> None:
        now = time.monotonic()
        when = f"{began - self.started:.1f} s for {now - began:.1f} s {what}"
        with self.lock:
            if 200 <= status < 300:
                self.answers[status] += 1
            else:
                self.failures.append(when)
            if now - began > SLOW:
                self.slow.append(when)


@contextlib.contextmanager
def steady_load(port: int, host: str, rate: float = RATE, connections: int = CONNECTIONS) -> Iterator[Load]:
    """Load runs while the block does: `rate` requests a second, or as many as are answered if that is fewer."""
    load = Load(port, host, pause=connections / rate)
    workers = [threading.Thread(target=load.work) for _ in range(connections)]
    for worker in workers:
        worker.start()
    try:
        yield load
    finally:
        load.over.set()
        for worker in workers:
            worker.join()
