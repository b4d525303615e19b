"""A webhook receiver: accepts every delivery and notes when each deal's event came in."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson


class Arrivals:
    """When each deal was first heard of."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}
        self.port = 0


@contextmanager
def receiving() -> Iterator[Arrivals]:
    """A receiver on a free port for the block."""
    arrivals = Arrivals()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(arrivals))
    server.daemon_threads = True
    arrivals.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield arrivals
    finally:
        server.shutdown()
        server.server_close()


def _handler(arrivals: Arrivals) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            arrivals.at.setdefault(_deal_of(body), time.perf_counter())
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing: the benchmark's table is the output."""

    return Handler


def _deal_of(body: bytes) -> str:
    deal = orjson.loads(body).get("data", {}).get("deal") or {}
    return str(deal.get("id"))
