"""The webhook client: one attempt, from URL to what was seen, within 15 seconds and never to an inside address."""

from __future__ import annotations

import ssl
import threading
import time
from http.client import HTTPException

from urllib3.exceptions import HTTPError, NewConnectionError, SSLError
from urllib3.exceptions import TimeoutError as LateError
from urllib3.util.ssl_match_hostname import CertificateError

from services.webhooks.delivery.deadline import Deadlines
from services.webhooks.delivery.resolve import AddressRefused, NameUnknown, resolve
from services.webhooks.delivery.wire import Wire
from services.webhooks.domain.attempts import SNIPPET_BYTES, Attempt, Fault, fault_of
from services.webhooks.domain.urls import Target, target_of
from shared.clock import now

TIMEOUT = 15.0
KEPT_SECONDS = 30.0
"""How long a connection is used again before its name is resolved and checked anew."""
KEPT_MOST = 128

_FAULTS: tuple[tuple[tuple[type[BaseException], ...], Fault], ...] = (
    ((AddressRefused,), Fault.ADDRESS),
    ((NameUnknown,), Fault.NAME),
    ((ssl.SSLError, SSLError, CertificateError), Fault.TLS),
    # urllib3 derives it from its timeout.
    ((NewConnectionError,), Fault.CONNECTION),
    ((TimeoutError, LateError), Fault.TIMEOUT),
    ((OSError,), Fault.CONNECTION),
    ((HTTPException, ValueError), Fault.PROTOCOL),
    ((HTTPError,), Fault.CONNECTION),
)


class Client:
    """Sends attempts; keeps connections open for a short while. Safe to share between threads."""

    def __init__(self, *, allow_private: bool, timeout: float = TIMEOUT) -> None:
        self._allow_private = allow_private
        self._timeout = timeout
        self._deadlines = Deadlines()
        self._lock = threading.Lock()
        self._idle: dict[str, Wire] = {}

    def attempt(self, url: str, headers: dict[str, str], body: bytes) -> Attempt:
        """Post `body` to `url` once; whatever goes wrong is part of the answer."""
        at, started = now(), time.monotonic()
        status, fault, response = None, None, b""
        try:
            status, response = self._post(url, headers, body, until=started + self._timeout)
            fault = fault_of(status)
        except (
            HTTPError,
            HTTPException,
            OSError,
            ValueError,
            AddressRefused,
            NameUnknown,
        ) as failure:
            late = time.monotonic() - started >= self._timeout
            fault = Fault.TIMEOUT if late else _fault(failure)
        duration = round((time.monotonic() - started) * 1000)
        text = response.decode("utf-8", "replace")
        return Attempt(at=at, duration_ms=duration, status=status, fault=fault, response=text)

    def close(self) -> None:
        """Close what is kept open."""
        with self._lock:
            kept, self._idle = self._idle, {}
        for wire in kept.values():
            wire.close()

    def _post(self, url: str, headers: dict[str, str], body: bytes, *, until: float) -> tuple[int, bytes]:
        wire = self._take(url)
        if wire is not None:
            try:
                return self._use(wire, url, headers, body, until)
            except (HTTPError, HTTPException, OSError):
                # Most likely the receiver had closed the idle connection: once more on a fresh one.
                if time.monotonic() >= until:
                    raise
        return self._use(self._open(target_of(url), until), url, headers, body, until)

    def _use(self, wire: Wire, url: str, headers: dict[str, str], body: bytes, until: float) -> tuple[int, bytes]:
        try:
            with self._deadlines.guard(until - time.monotonic(), lambda: wire.handle):
                answer = wire.post(headers, body, read=SNIPPET_BYTES)
        except BaseException:
            wire.close()
            raise
        self._keep(url, wire)
        return answer

    def _open(self, target: Target, until: float) -> Wire:
        address = resolve(target.host, target.port, allow_private=self._allow_private)
        return Wire(target, address, timeout=max(0.1, until - time.monotonic()))

    def _take(self, url: str) -> Wire | None:
        with self._lock:
            wire = self._idle.pop(url, None)
        if wire is not None and time.monotonic() - wire.opened_at > KEPT_SECONDS:
            wire.close()
            return None
        return wire

    def _keep(self, url: str, wire: Wire) -> None:
        if wire.handle is None:
            return
        with self._lock:
            dropped = [self._idle.pop(url)] if url in self._idle else []
            self._idle[url] = wire
            while len(self._idle) > KEPT_MOST:
                dropped.append(self._idle.pop(next(iter(self._idle))))
        for other in dropped:
            other.close()


def _fault(failure: BaseException) -> Fault:
    return next(fault for kinds, fault in _FAULTS if isinstance(failure, kinds))
