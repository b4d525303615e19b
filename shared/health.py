"""The health answers of a process that serves no API: `/livez`, `/readyz`, `/version`."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from typing import Any

from pymongo.errors import PyMongoError

from shared.config import Settings


class _Health(BaseHTTPRequestHandler):
    def __init__(self, *args: Any, service: str, ready: Callable[[], None], **kwargs: Any) -> None:
        self._service = service
        self._ready = ready
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        """Answer a probe."""
        status, body = self._answer()
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def _answer(self) -> tuple[int, dict[str, str]]:
        if self.path == "/livez":
            return 200, {"status": "alive"}
        if self.path == "/version":
            return 200, {"service": self._service, "version": version("pelagic")}
        if self.path != "/readyz":
            return 404, {"status": "no such probe"}
        try:
            self._ready()
        except PyMongoError:
            return 503, {"status": "waiting", "for": "mongodb"}
        return 200, {"status": "ready"}

    def log_message(self, format: str, *args: Any) -> None:
        """Probes are not worth a line."""


def serve_health(settings: Settings, *, ready: Callable[[], None]) -> ThreadingHTTPServer:
    """Answer probes on the health port, from a thread that ends with the process."""
    handler = partial(_Health, service=f"{settings.service}-worker", ready=ready)
    server = ThreadingHTTPServer((settings.host, settings.health_port or 0), handler)
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    return server
