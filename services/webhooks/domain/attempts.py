"""One attempt to deliver: what came of it, and what follows for the delivery and its endpoint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

SNIPPET_BYTES = 1_024
ATTEMPTS_KEPT = 100
RESENDS_ALLOWED = 20


class DeliveryStatus(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELED = "canceled"


class Fault(StrEnum):
    """Why an attempt failed."""

    STATUS = "status"
    REDIRECT = "redirect"
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    TLS = "tls"
    NAME = "name"
    ADDRESS = "address"
    PROTOCOL = "protocol"


class Verdict(StrEnum):
    """What an attempt means."""

    DELIVERED = "delivered"
    RETRY = "retry"
    GONE = "gone"


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What was seen of one attempt. `status` is None when no answer came; `response` its first 1 KB."""

    at: datetime
    duration_ms: int
    status: int | None = None
    fault: Fault | None = None
    response: str = ""

    @property
    def verdict(self) -> Verdict:
        """2xx is success, 410 means never again, everything else (a redirect, too) is tried again."""
        if self.status == 410:
            return Verdict.GONE
        if self.fault is None:
            return Verdict.DELIVERED
        return Verdict.RETRY

    @property
    def under_pressure(self) -> bool:
        """Whether the receiver showed that it has too much to do."""
        return self.fault is Fault.TIMEOUT or self.status == 429


def fault_of(status: int) -> Fault | None:
    """What is wrong with an answer of this status."""
    if 200 <= status < 300:
        return None
    return Fault.REDIRECT if 300 <= status < 400 else Fault.STATUS
