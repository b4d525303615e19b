"""The load generator: a number of clients in one thread, each sending its next request when the last is answered."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.wire import Reply, Target, WireError, dial

_clock = time.perf_counter


@dataclass
class Tally:
    """What one run saw: latencies of good answers in seconds, wrong statuses, broken connections."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    wrong: dict[int, int] = field(default_factory=dict)
    broken: int = 0
    sample: bytes = b""

    @property
    def errors(self) -> int:
        """Answers other than the expected one, and requests without an answer."""
        return sum(self.wrong.values()) + self.broken

    def rate(self, items: int = 1) -> float:
        """Good answers per second, each counting for `items`."""
        return len(self.latencies) * items / self.seconds if self.seconds else 0.0


class _Client:
    """One connection and the request it is waiting for."""

    __slots__ = ("content", "reply", "retried", "sent_at", "sock")

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.reply = Reply()
        self.content = b""
        self.sent_at = 0.0
        self.retried = False


class Load:
    """`clients` connections to `target` working through `requests` until they or the time run out."""

    def __init__(self, target: Target, requests: Iterator[bytes], *, clients: int, expect: int) -> None:
        self._target = target
        self._requests = requests
        self._expect = expect
        self._count = clients
        self._selector = selectors.DefaultSelector()
        self._open = 0
        self.tally = Tally()

    def run(self, *, warm_up: float, seconds: float) -> Tally:
        """Send for `warm_up` unmeasured, then `seconds` measured; then let what is under way finish."""
        start = _clock()
        self._measure_from, self._until = start + warm_up, start + warm_up + seconds
        for _ in range(self._count):
            self._next(_Client(dial(self._target, 30.0)), new=True)
        last = self._turn()
        self.tally.seconds = max(min(last, self._until) - self._measure_from, 1e-9)
        self._selector.close()
        return self.tally

    def _turn(self) -> float:
        """Serve whoever has an answer until every client has stopped; when the last answer came."""
        last = _clock()
        give_up = self._until + 30.0
        while self._open:
            ready = self._selector.select(timeout=1.0)
            for key, _ in ready:
                self._receive(key.data)
                last = _clock()
            if not ready and _clock() > give_up:
                self.tally.broken += self._open
                break
        return last

    def _next(self, client: _Client, *, new: bool = False) -> None:
        content = next(self._requests, None) if _clock() < self._until else None
        if content is None:
            self._stop(client, registered=not new)
            return
        if new:
            self._selector.register(client.sock, selectors.EVENT_READ, client)
            self._open += 1
        client.content, client.reply, client.retried = content, Reply(), False
        client.sent_at = _clock()
        client.sock.sendall(content)

    def _receive(self, client: _Client) -> None:
        try:
            data = client.sock.recv(262_144)
        except OSError:
            data = b""
        if not data:
            self._reopen(client)
        elif client.reply.feed(data):
            self._answered(client, _clock())

    def _answered(self, client: _Client, at: float) -> None:
        tally, status = self.tally, client.reply.status
        if status != self._expect:
            tally.wrong[status] = tally.wrong.get(status, 0) + 1
            tally.sample = tally.sample or client.reply.body[:400]
        elif self._measure_from <= at <= self._until:
            tally.latencies.append(at - client.sent_at)
        self._next(client)

    def _reopen(self, client: _Client) -> None:
        """A server may close a kept connection between requests: ask again once, then call it broken."""
        self._selector.unregister(client.sock)
        client.sock.close()
        client.sock = dial(self._target, 30.0)
        self._selector.register(client.sock, selectors.EVENT_READ, client)
        if client.reply.started or client.retried:
            self.tally.broken += 1
            self._next(client)
            return
        client.retried, client.reply = True, Reply()
        client.sock.sendall(client.content)

    def _stop(self, client: _Client, *, registered: bool) -> None:
        if registered:
            self._selector.unregister(client.sock)
            self._open -= 1
        client.sock.close()


__all__ = ["Load", "Tally", "WireError"]
