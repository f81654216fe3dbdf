"""One user over real HTTP: a kept connection and the guest's cookie."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

GONE = (OSError, http.client.HTTPException)  # what a request raises whose server died


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]  # with small letters
    body: Any


class Browser:
    def __init__(self, port: int, cookie: str = "", *, host: str = "", timeout: float = 20) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        self.cookie = cookie
        self._host = {"host": host} if host else {}

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """The answer, whatever its status. Raises one of GONE when there is none."""
        response, text = self._exchange(method, path, body, headers)
        found = {name.lower(): value for name, value in response.getheaders()}
        for name, morsel in SimpleCookie(found.get("set-cookie", "")).items():
            self.cookie = f"{name}={morsel.value}"
        is_json = text and "json" in found.get("content-type", "")
        return Answer(response.status, found, json.loads(text) if is_json else text or None)

    def events(self, path: str, body: object, **headers: str) -> str:
        """The text of a stream of server-sent events, to its end."""
        headers["accept"] = "application/json, text/event-stream"
        response, text = self._exchange("POST", path, body, headers)
        assert response.status == 200, text
        return text.decode()

    def _exchange(
        self, method: str, path: str, body: object, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent |= self._host | ({"cookie": self.cookie} if self.cookie else {})
        sent |= {"content-type": "application/json"} if body is not None else {}
        try:
            self._connection.request(method, path, json.dumps(body) if body is not None else None, sent)
            response = self._connection.getresponse()
            return response, response.read()
        except GONE:
            self._connection.close()
            raise

    def tasks(self) -> dict[str, dict[str, Any]]:
        """Every task of this user by its id, the deleted ones too."""
        found: dict[str, dict[str, Any]] = {}
        for status in ("all", "deleted"):
            cursor = ""
            while True:
                page = self.call("GET", f"/api/tasks?status={status}&limit=100{cursor}")
                assert page.status == 200, page
                for task in page.body["items"]:
                    assert task["id"] not in found, f"listed twice: {task}"
                    found[task["id"]] = task
                if page.body["next_cursor"] is None:
                    break
                cursor = f"&cursor={page.body['next_cursor']}"
        return found

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
