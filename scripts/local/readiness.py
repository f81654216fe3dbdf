"""Waiting for a part until it answers, by asking it and never by a fixed pause."""

import asyncio
import http.client
import json
import time
from collections.abc import Callable
from typing import Any


def get(port: int, path: str, timeout: float = 60.0) -> tuple[int, bytes]:
    """One GET to a port of this machine: status and body. Raises OSError while nothing listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path, headers={"Host": f"localhost:{port}", "Accept": "text/html,application/json"})
        response = connection.getresponse()
        return response.status, response.read()
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error
    finally:
        connection.close()


async def answers(port: int, path: str, alive: Callable[[], bool], limit: float) -> float | None:
    """Seconds until GET path gave 200, or None when the part died or the limit passed."""
    started = time.monotonic()
    while time.monotonic() - started < limit and alive():
        try:
            status, _ = await asyncio.to_thread(get, port, path)
            if status == 200:
                return time.monotonic() - started
        except OSError:
            pass
        await asyncio.sleep(0.03)
    return None


def meta(port: int) -> dict[str, Any]:
    """What answers behind the router: /api/meta."""
    _, body = get(port, "/api/meta")
    loaded: dict[str, Any] = json.loads(body)
    return loaded
