"""A customer's own system: a real HTTP server that answers as told and remembers what it got."""

from __future__ import annotations

import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook


@dataclass
class Received:
    """One request that came in."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def event(self) -> dict[str, Any]:
        """The envelope."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    def verified_with(self, secret: str) -> bool:
        """Whether the receiver's library accepts it."""
        return bool(Webhook(secret).verify(self.body, self.headers))


@dataclass
class Receiver:
    """Answers 200 unless `answers` holds other statuses for a path, used one after the other (the last stays)."""

    received: list[Received] = field(default_factory=list)
    answers: dict[str, list[int]] = field(default_factory=dict)
    pauses: dict[str, float] = field(default_factory=dict)
    body: bytes = b"thank you"
    drip: bool = False

    def __post_init__(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                receiver._take(self)

            def do_GET(self) -> None:
                receiver._take(self)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def url(self, path: str = "/hook") -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def at(self, path: str) -> list[Received]:
        """What came in on a path."""
        return [request for request in self.received if request.path == path]

    @property
    def events(self) -> list[str]:
        """The types of what came in, in order."""
        return [request.event["type"] for request in self.received]

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def _take(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        self.received.append(Received(handler.path, headers, body, time.monotonic()))
        time.sleep(self.pauses.get(handler.path, 0))
        waiting = self.answers.get(handler.path, [200])
        status = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        with suppress(OSError):
            self._answer(handler, status)

    def _answer(self, handler: BaseHTTPRequestHandler, status: int) -> None:
        if self.drip:
            for _ in range(100):
                handler.wfile.write(b"HTTP/1.1 200 OK\r\n"[:1])
                handler.wfile.flush()
                time.sleep(0.1)
        handler.send_response(status)
        if 300 <= status < 400:
            handler.send_header("Location", self.url("/elsewhere"))
        handler.send_header("Content-Length", str(len(self.body)))
        handler.end_headers()
        handler.wfile.write(self.body)
