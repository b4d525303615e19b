"""HTTP at the cost of two system calls: prebuilt request bytes out, status and Content-Length in.

The load generator shares its two cores with the platform it measures, so it builds no objects per request
and reads nothing it does not check.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

_END = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length:"
_NO_BODY = (204, 304)


class WireError(Exception):
    """The other side broke off or answered in a way this client does not read."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where requests go, and as what the results name it."""

    name: str
    host: str
    port: int


def request(
    method: str,
    path: str,
    *,
    host: str = "pelagic.local",
    token: str | None = None,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """The bytes of one keep-alive request; `body` is sent as JSON."""
    content = b"" if body is None else orjson.dumps(body)
    lines = {"Host": host, "Accept": "application/json"}
    if token:
        lines["Authorization"] = f"Bearer {token}"
    if body is not None or method in ("POST", "PUT", "PATCH"):
        lines |= {"Content-Type": "application/json", "Content-Length": str(len(content))}
    lines |= headers or {}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + content


class Reply:
    """One response as it arrives; `feed` bytes until `complete`."""

    __slots__ = ("_buffer", "_total", "status")

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._total = -1
        self.status = 0

    def feed(self, data: bytes) -> bool:
        """Take in what arrived; True once the whole response is there."""
        self._buffer += data
        if self._total < 0:
            self._read_head()
        return 0 <= self._total <= len(self._buffer)

    @property
    def started(self) -> bool:
        """Whether any byte has arrived."""
        return bool(self._buffer)

    @property
    def body(self) -> bytes:
        """What follows the head."""
        return bytes(self._buffer[self._buffer.index(_END) + 4 : self._total])

    @property
    def closes(self) -> bool:
        """Whether the other side said it closes the connection."""
        return b"\r\nconnection: close" in self._buffer[: self._buffer.index(_END)].lower()

    def _read_head(self) -> None:
        end = self._buffer.find(_END)
        if end < 0:
            return
        self.status = int(self._buffer[9:12])
        if self.status in _NO_BODY:
            self._total = end + 4
            return
        head = bytes(self._buffer[:end]).lower()
        at = head.find(_LENGTH)
        if at < 0:
            raise WireError("a response without Content-Length")
        line_end = head.find(b"\r\n", at + 2)
        length = head[at + len(_LENGTH) : line_end if line_end >= 0 else end]
        self._total = end + 4 + int(length)


class Connection:
    """A blocking keep-alive connection, for callers that do one thing at a time."""

    def __init__(self, target: Target, *, timeout: float = 30.0) -> None:
        self._target = target
        self._timeout = timeout
        self._socket: socket.socket | None = None

    def send(self, content: bytes) -> Reply:
        """One request, one reply; a kept connection the other side has closed is opened again once."""
        for last_try in (False, True):
            fresh = self._socket is None
            reply = Reply()
            try:
                return self._exchange(content, reply)
            except (WireError, OSError):
                self.close()
                if last_try or fresh or reply.started:
                    raise
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Give the socket back."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _exchange(self, content: bytes, reply: Reply) -> Reply:
        if self._socket is None:
            self._socket = dial(self._target, self._timeout)
        self._socket.sendall(content)
        while True:
            data = self._socket.recv(65_536)
            if not data:
                raise WireError("closed before the reply was complete")
            if reply.feed(data):
                break
        if reply.closes:
            self.close()
        return reply


def dial(target: Target, timeout: float) -> socket.socket:
    """Open a connection that sends without waiting to fill packets."""
    opened = socket.create_connection((target.host, target.port), timeout=timeout)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened
