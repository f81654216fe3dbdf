"""Messages between supervisor, zygote and servers: JSON lines with file descriptors, over a Unix stream socket."""

from __future__ import annotations

import json
import os
import socket
from collections import deque
from collections.abc import Sequence
from typing import Any

Message = dict[str, Any]
MOST_DESCRIPTORS = 64
"""Descriptors in one message; Linux allows 253."""


class Channel:
    """One end of a connection. Sending blocks; receiving returns what is there and raises EOFError at the end."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._buffer = b""
        self._descriptors: deque[int] = deque()

    @classmethod
    def pair(cls) -> tuple[Channel, socket.socket]:
        """This side's channel, and the other side's socket to give away."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        return cls(ours), theirs

    def fileno(self) -> int:
        return self.sock.fileno()

    def send(self, message: Message, descriptors: Sequence[int] = ()) -> None:
        """Raise OSError when the other side is gone."""
        data = json.dumps({**message, "descriptors": len(descriptors)}).encode() + b"\n"
        sent = socket.send_fds(self.sock, [data], descriptors)
        self.sock.sendall(data[sent:])

    def receive(self) -> list[tuple[Message, list[int]]]:
        """Every message that has arrived whole; waits for the first byte. The descriptors belong to the caller."""
        try:
            data, descriptors, _, _ = socket.recv_fds(self.sock, 65536, MOST_DESCRIPTORS)
        except ConnectionError as error:
            raise EOFError from error
        if not data:
            raise EOFError
        for descriptor in descriptors:
            os.set_inheritable(descriptor, False)
        self._descriptors.extend(descriptors)
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        messages = []
        for line in lines:
            message: Message = json.loads(line)
            messages.append((message, [self._descriptors.popleft() for _ in range(message.pop("descriptors"))]))
        return messages

    def close(self) -> None:
        while self._descriptors:
            os.close(self._descriptors.popleft())
        self.sock.close()
