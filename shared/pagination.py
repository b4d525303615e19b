"""Paging by position, not by number: a signed cursor remembers the last row, so pages neither skip nor repeat.

A cursor is bound to its tenant, route, filters and sort; used elsewhere, or changed, it is refused. Rows are ordered by
the sort's value and then by `_id`; rows without the value come where MongoDB sorts null.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from shared.errors import Malformed

_SIGNATURE_BYTES = 16
Document = dict[str, Any]


class CursorInvalid(Malformed):
    """The cursor was not given out for this list."""

    code = "cursor-invalid"


@dataclass(frozen=True, slots=True)
class Order:
    """One sort: by `path`, ascending (1) or descending (-1), ties by `_id`."""

    path: str
    direction: int
    nullable: bool = True

    def reversed(self) -> Order:
        """The same order from the other end."""
        return Order(self.path, -self.direction, self.nullable)

    def keys(self) -> list[tuple[str, int]]:
        """The sort for MongoDB."""
        return (
            [("_id", self.direction)] if self.path == "_id" else [(self.path, self.direction), ("_id", self.direction)]
        )

    def value_of(self, document: Document) -> Any:
        """The sort's value in a document; None where it has none."""
        value: Any = document
        for part in self.path.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def after(self, value: Any, identity: str) -> Document:
        """The filter of what comes later than the row with this value and id."""
        beyond = "$gt" if self.direction > 0 else "$lt"
        if self.path == "_id":
            return {"_id": {beyond: identity}}
        later_twin = {self.path: value, "_id": {beyond: identity}}
        if value is None:
            return later_twin if self.direction < 0 else {"$or": [later_twin, {self.path: {"$ne": None}}]}
        if self.direction < 0 and self.nullable:
            return {"$or": [later_twin, {self.path: {beyond: value}}, {self.path: None}]}
        # The outer bound lets one index range answer; the inner one steps over the twins already seen.
        return {self.path: {f"{beyond}e": value}, "$or": [{self.path: {beyond: value}}, {"_id": {beyond: identity}}]}


@dataclass(frozen=True, slots=True)
class Position:
    """A row to go on from: forward to what comes after it, or backward."""

    value: Any
    identity: str
    backward: bool = False


class Signer:
    """Writes positions as opaque cursors and reads them back."""

    def __init__(self, key: str) -> None:
        self._key = hashlib.sha256(b"pelagic-cursor:" + key.encode()).digest()

    def write(self, position: Position, binding: bytes) -> str:
        """The cursor of `position`, valid only together with `binding`."""
        value: Any = position.value
        if isinstance(value, datetime):
            value = {"at": value.astimezone(UTC).isoformat()}
        payload = orjson.dumps([value, position.identity, position.backward])
        return _encode(self._signature(payload, binding) + payload)

    def read(self, cursor: str, binding: bytes) -> Position:
        """The position in `cursor`; CursorInvalid when it was not written with this key and binding."""
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except ValueError:
            raise CursorInvalid from None
        signature, payload = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
        if _encode(raw) != cursor or not hmac.compare_digest(signature, self._signature(payload, binding)):
            raise CursorInvalid
        value, identity, backward = orjson.loads(payload)
        if isinstance(value, dict):
            value = datetime.fromisoformat(value["at"])
        return Position(value, identity, backward)

    def _signature(self, payload: bytes, binding: bytes) -> bytes:
        message = len(binding).to_bytes(4, "big") + binding + payload
        return hmac.digest(self._key, message, "sha256")[:_SIGNATURE_BYTES]


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def binding_of(tenant_id: str, route: str, order: Order, conditions: Any) -> bytes:
    """What a cursor is bound to."""
    options = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS
    return orjson.dumps([tenant_id, route, order.path, order.direction, conditions], default=str, option=options)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: raw documents, the cursors to both sides, and an estimated total when it was asked for."""

    data: list[Document]
    next: str | None
    prev: str | None
    limit: int
    estimate: int | None = None
    fields: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """A list request, checked: what to match, in which order, from where, how much."""

    order: Order
    limit: int
    signer: Signer
    binding: bytes
    filter: Document = field(default_factory=dict)
    position: Position | None = None
    fields: tuple[str, ...] | None = None
    count: bool = False
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def _backward(self) -> bool:
        return self.position is not None and self.position.backward

    def compile(self, tenant_id: str | None = None) -> tuple[Document, list[tuple[str, int]], int, Any]:
        """Filter, sort, how many to fetch (one more than shown), projection."""
        order = self.order.reversed() if self._backward else self.order
        parts = [self.filter] if self.filter else []
        if self.position is not None:
            parts.append(order.after(self.position.value, self.position.identity))
        combined = parts[0] if len(parts) == 1 else {"$and": parts} if parts else {}
        return combined, order.keys(), self.limit + 1, None

    def page(self, documents: Sequence[Document], estimate: int | None = None) -> Page:
        """The page made of what `compile` asked for."""
        rows, more = list(documents[: self.limit]), len(documents) > self.limit
        if self._backward:
            rows.reverse()
        ahead = bool(rows) and (more or self._backward)
        behind = bool(rows) and (more if self._backward else self.position is not None)
        return Page(
            rows,
            next=self._cursor(rows[-1], backward=False) if ahead else None,
            prev=self._cursor(rows[0], backward=True) if behind else None,
            limit=self.limit,
            estimate=estimate,
            fields=self.fields,
        )

    def _cursor(self, document: Document, *, backward: bool) -> str:
        position = Position(self.order.value_of(document), str(document["_id"]), backward)
        return self.signer.write(position, self.binding)
