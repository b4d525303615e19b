"""Batch writes by external id: what of a batch is new, what is stored already, what clashes with it.

Content counts as it was imported: a record edited since is still "unchanged" for the file it came from, so
running an import twice changes nothing. Records keep the `digest` of what they were created with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from shared.errors import Conflict, DomainError, FieldError
from shared.ids import new_id
from shared.mongo import DuplicateKeyError
from shared.tenancy import TenantCollection

Items = list[tuple[int, dict[str, Any]]]
"""Validated items with their place in the batch."""

Refusal = DomainError | FieldError

Known = Mapping[str, tuple[str, str | None]]
"""External id to the id and the digest of what is stored under it."""


class ExternalIdTaken(Conflict):
    """Another record of the tenant carries this external id, with different content."""

    code = "external-id-taken"


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

    def taken(
        self, *, unfit: Mapping[str, Refusal] | None = None, refused: Mapping[int, Refusal] | None = None
    ) -> Taken:
        """The outcome, where the fresh items in `unfit` (by id) were not stored after all; `refused` never came here.

        An item that repeats another of the same batch shares its fate.
        """
        unfit, outcome = unfit or {}, Taken(refused=list((refused or {}).items()))
        for item in self.fresh:
            outcome.add(outcome.created, item.index, item.id, unfit)
        for index, there in self.unchanged:
            outcome.add(outcome.unchanged, index, there, unfit)
        outcome.refused += [(index, ExternalIdTaken()) for index in self.clashing]
        return outcome


@dataclass
class Taken:
    """What became of each item of a batch, by its index."""

    created: list[tuple[int, str]] = field(default_factory=list)
    unchanged: list[tuple[int, str]] = field(default_factory=list)
    refused: list[tuple[int, Refusal]] = field(default_factory=list)

    def add(self, accepted: list[tuple[int, str]], index: int, record_id: str, unfit: Mapping[str, Refusal]) -> None:
        """Enter an item among the `accepted`, or among the refused when its record is in `unfit`."""
        if record_id in unfit:
            self.refused.append((index, unfit[record_id]))
        else:
            accepted.append((index, record_id))


def digest(fields: Mapping[str, Any]) -> str:
    """A fingerprint of an item's validated content."""
    text = json.dumps(fields, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def external_ids(items: Iterable[tuple[int, Mapping[str, Any]]]) -> list[str]:
    """The external ids a batch mentions, each once."""
    return list({fields["external_id"]: None for _, fields in items if fields.get("external_id")})


def known_in(collection: TenantCollection, wanted: list[str]) -> dict[str, tuple[str, str | None]]:
    """What is stored under the external ids `wanted`, whoever may see it."""
    if not wanted:
        return {}
    found = collection.find({"external_id": {"$in": wanted}}, {"external_id": 1, "digest": 1})
    return {document["external_id"]: (document["_id"], document.get("digest")) for document in found}


@contextmanager
def external_id_unique() -> Iterator[None]:
    """Say of a write the unique index refused that its external id is taken."""
    try:
        yield
    except DuplicateKeyError as clash:
        if "external_id" not in (clash.details or {}).get("keyPattern", {}):
            raise
        raise ExternalIdTaken from clash


def settle(
    items: Iterable[tuple[int, dict[str, Any]]],
    known: Known,
    *,
    kind: str,
) -> Settled:
    """Sort `(index, fields)` items out against what is `known`.

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
