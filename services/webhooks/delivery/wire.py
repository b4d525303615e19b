"""One HTTP connection to one checked address, speaking for one host name."""

from __future__ import annotations

import socket
import ssl
import time
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from services.webhooks.domain.urls import Target

_tls = ssl.create_default_context()


class _Guarded:
    """Keeps a second handle on the socket, which stays valid when TLS takes the first one over."""

    handle: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        opened: socket.socket = super()._new_conn()  # type: ignore[misc]
        self.drop_handle()
        self.handle = opened.dup()
        return opened

    def drop_handle(self) -> None:
        """Let go of the second handle."""
        if self.handle is not None:
            self.handle.close()
            self.handle = None


class _Plain(_Guarded, HTTPConnection):
    pass


class _Secure(_Guarded, HTTPSConnection):
    pass


class Wire:
    """A connection that is opened on first use and kept for the next request.

    TLS is negotiated with, and the certificate checked against, the host name; the address is the one given.
    """

    def __init__(self, target: Target, address: str, *, timeout: float) -> None:
        self.opened_at = time.monotonic()
        self._target = target
        self._connection: Any
        if target.secure:
            self._connection = _Secure(
                address,
                target.port,
                timeout=timeout,
                ssl_context=_tls,
                server_hostname=target.host,
                assert_hostname=target.host,
            )
        else:
            self._connection = _Plain(address, target.port, timeout=timeout)

    @property
    def handle(self) -> socket.socket | None:
        """The socket in use, for whoever must end it from outside; None when closed."""
        handle: socket.socket | None = self._connection.handle
        return handle

    def post(self, headers: dict[str, str], body: bytes, *, read: int) -> tuple[int, bytes]:
        """Send `body`; the status and at most `read` bytes of the answer. No redirect is followed."""
        named = {"host": self._target.authority, **headers}
        self._connection.request("POST", self._target.path, body=body, headers=named, preload_content=False)
        self._acknowledge_at_once()
        answer = self._connection.getresponse()
        try:
            start = answer.read(read, decode_content=False)
        except (HTTPError, OSError):
            # The verdict is in the status; a body that breaks off changes nothing about it.
            self.close()
            return answer.status, b""
        if answer.length_remaining != 0 or answer.headers.get("connection", "").lower() == "close":
            self.close()
        return answer.status, start

    def _acknowledge_at_once(self) -> None:
        """Spare receivers that write headers and body apart the 40 ms their second packet would wait for us."""
        if self.handle is not None and hasattr(socket, "TCP_QUICKACK"):
            self.handle.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
        self._connection.drop_handle()
