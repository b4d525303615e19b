"""Batch writes by external id: what of a batch is new, what is stored already, what clashes with it.

Content counts as it was imported: a record edited since is still "unchanged" for the file it came from, so
running an import twice changes nothing. Records keep the `digest` of what they were created with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.errors import DomainError, FieldError
from shared.ids import new_id

Items = list[tuple[int, dict[str, Any]]]
"""Validated items with their place in the batch."""


@dataclass(frozen=True, kw_only=True)
class Fresh:
    """An item to create: its place in the batch, the id it gets, its fields and their digest."""

    index: int
    id: str
    fields: dict[str, Any]
    digest: str


@dataclass(frozen=True, kw_only=True)
class Settled:
    """A batch taken apart: items to create, `(index, id)` of those already there, indexes of those that clash."""

    fresh: list[Fresh] = field(default_factory=list)
    unchanged: list[tuple[int, str]] = field(default_factory=list)
    clashing: list[int] = field(default_factory=list)


@dataclass
class Taken:
    """What became of each item of a batch, by its index."""

    created: list[tuple[int, str]] = field(default_factory=list)
    unchanged: list[tuple[int, str]] = field(default_factory=list)
    refused: list[tuple[int, DomainError | FieldError]] = field(default_factory=list)


def digest(fields: Mapping[str, Any]) -> str:
    """A fingerprint of an item's validated content."""
    text = json.dumps(fields, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def external_ids(items: Iterable[tuple[int, Mapping[str, Any]]]) -> list[str]:
    """The external ids a batch mentions, each once."""
    return list({fields["external_id"]: None for _, fields in items if fields.get("external_id")})


def settle(
    items: Iterable[tuple[int, dict[str, Any]]],
    known: Mapping[str, tuple[str, str | None]],
    *,
    kind: str,
) -> Settled:
    """Sort `(index, fields)` items out against `known`: external id to `(id, digest)` of what is stored.

    Within a batch the first item with an external id counts as stored for the later ones.
    """
    settled, seen = Settled(), dict(known)
    for index, fields in items:
        external_id, mark = fields.get("external_id"), digest(fields)
        there = seen.get(external_id) if external_id else None
        if there is None:
            fresh = Fresh(index=index, id=new_id(kind), fields=fields, digest=mark)
            settled.fresh.append(fresh)
            if external_id:
                seen[external_id] = (fresh.id, mark)
        elif there[1] == mark:
            settled.unchanged.append((index, there[0]))
        else:
            settled.clashing.append(index)
    return settled
