"""`--debug PORT`: a breakpoint that an editor keeps survives a reload."""

import contextlib
import json
import socket
import threading
from pathlib import Path
from typing import Any

from tests.loop.warm_server import WarmServer, wait_for
from tests.ports import free_port


class Editor:
    """As much of the Debug Adapter Protocol as an editor needs to stop at a line."""

    def __init__(self, port: int) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.stream = self.sock.makefile("rb")
        self.sequence = 0

    def __enter__(self) -> "Editor":
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()
        self.sock.close()

    def send(self, command: str, **arguments: Any) -> None:
        self.sequence += 1
        message = {"seq": self.sequence, "type": "request", "command": command, "arguments": arguments}
        body = json.dumps(message).encode()
        self.sock.sendall(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def until(self, kind: str, name: str) -> dict[str, Any]:
        """Read on to this event or response."""
        while True:
            line = self.stream.readline()
            assert line, f"the adapter went away before {name}"
            length = int(line.split(b":")[1])
            self.stream.readline()
            message: dict[str, Any] = json.loads(self.stream.read(length))
            if message["type"] == kind and message.get("event", message.get("command")) == name:
                return message

    def break_at(self, file: Path, line: int) -> None:
        self.send("initialize", adapterID="test", pathFormat="path")
        self.until("response", "initialize")
        self.send("attach", justMyCode=False)
        self.until("event", "initialized")
        self.send("setBreakpoints", source={"path": str(file)}, breakpoints=[{"line": line}])
        self.until("response", "setBreakpoints")
        self.send("configurationDone")
        self.until("response", "configurationDone")


def connect(port: int) -> Editor:
    def attempt() -> Editor | None:
        with contextlib.suppress(ConnectionRefusedError):
            return Editor(port)
        return None

    return wait_for(attempt, "debugpy to listen")


def stops_at(server: WarmServer, port: int, file: Path, line: int) -> None:
    """Attach, ask, see the request stop at the line and be answered after it goes on."""
    with connect(port) as editor:
        editor.break_at(file, line)
        answers: list[object] = []
        asking = threading.Thread(target=lambda: answers.append(server.get(timeout=20)))
        asking.start()
        stopped = editor.until("event", "stopped")
        assert stopped["body"]["reason"] == "breakpoint"
        assert not answers
        editor.send("continue", threadId=stopped["body"]["threadId"])
        asking.join()
        assert len(answers) == 1
        editor.send("disconnect")
        editor.until("response", "disconnect")


def test_a_breakpoint_stops_in_the_first_server_and_again_after_a_reload(server: WarmServer) -> None:
    port = free_port()
    server.start("--burst", "0", "--patience", "1", "--debug", str(port))
    server.ready()
    main = server.folder / "app" / "main.py"
    line = main.read_text().splitlines().index('    path = scope["path"]') + 1
    server.says("debugpy listens on port")
    stops_at(server, port, main, line)
    server.write("first.py", "VALUE = 1001\n")
    server.serves(1001)
    wait_for(lambda: server.output().count("debugpy listens on port") == 2, "debugpy again", 30, server.output)
    stops_at(server, port, main, line)
