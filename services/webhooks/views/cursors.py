"""The feed's cursors: a position, signed and bound to its tenant."""

from __future__ import annotations

from collections.abc import Callable

from shared.http import edge, principal
from shared.pagination import Position


def _binding(tenant_id: str) -> bytes:
    return b"feed:" + tenant_id.encode()


def position_in(cursor: str) -> int:
    """The position a cursor of this tenant stands for; CursorInvalid for any other text."""
    return int(edge().signer.read(cursor, _binding(principal().tenant_id)).value)


def writer() -> Callable[[int], str]:
    """What turns positions into cursors of this tenant, also after the request is over."""
    signer, binding = edge().signer, _binding(principal().tenant_id)
    return lambda position: signer.write(Position(position, ""), binding)
