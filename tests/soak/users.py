"""Who asks for what. Locust runs this file, in an environment of its own that has nothing of the application's."""

import json
import os
import random
import time
from itertools import cycle
from pathlib import Path

from locust import FastHttpUser, task

GUESTS = cycle(json.loads(Path(os.environ["SOAK_GUESTS"]).read_text()))  # the headers of users who have tasks already


class Guest(FastHttpUser):
    """Acts `pace` times a second, beginning at any moment.

    Locust starts users in groups and counts the pace from there, so that all of a group would act at one moment.
    """

    abstract = True
    connection_timeout = network_timeout = 30
    pace = 1.0

    def wait_time(self) -> float:
        """Seconds until the next act; who is late acts at once, and is not to catch up."""
        self.due = max(self.due + 1 / self.pace, time.time())
        return self.due - time.time()

    def on_start(self) -> None:
        self.own = {"headers": next(GUESTS)}
        time.sleep(random.random() / self.pace)
        self.due = time.time()


class Visitor(Guest):
    """Nine reads for a write. What is added is taken away by the next write, so that a list stays as long as it is."""

    fixed_count = int(os.environ["SOAK_VISITORS"])
    pace = float(os.environ["SOAK_VISITS"])
    added = ""

    @task(6)
    def look(self) -> None:
        self.client.get("/api/tasks?limit=20", **self.own)

    @task(3)
    def search(self) -> None:
        self.client.get("/api/tasks?limit=20&q=milk", **self.own)

    @task(1)
    def write(self) -> None:
        if self.added:
            self.client.delete(f"/api/tasks/{self.added}", name="/api/tasks/{id}", **self.own)
            self.added = ""
        else:
            answer = self.client.post("/api/tasks", json={"title": "Buy milk #shop"}, **self.own)
            self.added = answer.json()["id"] if answer.status_code == 201 else ""


class Talker(Guest):
    """A turn at a time, read to its last event. An answer of the rules is a failure: there is a model to be asked."""

    fixed_count = int(os.environ["SOAK_TALKERS"])
    pace = float(os.environ["SOAK_TALKS"])

    @task
    def talk(self) -> None:
        with self.client.post("/api/chat", json={"message": "Good morning"}, catch_response=True, **self.own) as answer:
            if answer.status_code == 200 and '"engine":"openai_compatible"' not in answer.text.replace(" ", ""):
                answer.failure("not the model's answer")
