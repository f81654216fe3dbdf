"""OpenTelemetry: with an endpoint in the environment, requests arrive there as traces; without one nothing is sent."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

BACKEND = Path(__file__).resolve().parents[3] / "backend"
TRACE = "0af7651916cd43dd8448eb211c80319c"
ASKED = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}


class Collector(ThreadingHTTPServer):
    """Takes what an exporter sends, over OTLP/HTTP."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Intake)
        self.received: list[tuple[str, bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def spans(self) -> list[Span]:
        requests = [ExportTraceServiceRequest.FromString(body) for path, body in self.received if path == "/v1/traces"]
        return [s for r in requests for whole in r.resource_spans for scope in whole.scope_spans for s in scope.spans]


class _Intake(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.received.append((self.path, body))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@contextmanager
def served(database: Path, **environment: str) -> Iterator[httpx2.Client]:
    """The application in a process of its own, which stops, and so has sent everything, when the block ends."""
    url = {"DATABASE_URL": f"sqlite:///{database}", "OTEL_EXPORTER_OTLP_COMPRESSION": "none"}
    command = [sys.executable, "-m", "uvicorn", "app.main:app", "--port", "0"]
    with subprocess.Popen(
        command, cwd=BACKEND, env=os.environ | url | environment, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        address = next(found[0] for line in server.stdout if (found := re.search(r"http://127[0-9.:]+", line)))
        with httpx2.Client(base_url=address) as client:
            yield client
        server.send_signal(signal.SIGTERM)
        server.stdout.read()


@pytest.mark.slow
def test_a_request_becomes_a_span_of_its_callers_trace_named_by_its_route(
    migrated_sqlite: Path, tmp_path: Path, collector: Collector
) -> None:
    database = shutil.copy(migrated_sqlite, tmp_path)
    with served(database, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, OTEL_SERVICE_NAME="todo") as client:
        task = client.post("/api/tasks", json={"title": "Private words"}).json()["id"]
        assert client.get(f"/api/tasks/{task}", headers=ASKED).status_code == 200
        assert client.post("/api/tasks", json={"title": ["Private words"]}).status_code == 422
        assert client.get("/health").status_code == 200
    spans = {span.name: span for span in collector.spans if any(a.key == "http.route" for a in span.attributes)}
    assert spans.keys() == {"POST /api/tasks", "GET /api/tasks/{task_id}"}
    assert spans["GET /api/tasks/{task_id}"].trace_id.hex() == TRACE
    assert {path for path, _ in collector.received} >= {"/v1/traces", "/v1/metrics"}
    assert not any(b"Private words" in body for _, body in collector.received)


@pytest.mark.slow
def test_without_an_endpoint_nothing_is_sent_or_loaded(migrated_sqlite: Path, tmp_path: Path) -> None:
    database = shutil.copy(migrated_sqlite, tmp_path)
    with served(database) as client:
        assert client.get("/api/tasks", headers=ASKED).status_code == 200
    code = "import sys, app.main; sys.exit('opentelemetry.sdk' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=BACKEND, check=False).returncode == 0
