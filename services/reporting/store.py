"""How reporting keeps its tables: facts, cells and labels, each changed only by newer events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import msgspec

from services.reporting.domain.cells import Cell, Measures
from services.reporting.domain.facts import DealFact
from services.reporting.domain.labels import Label
from shared.mongo import Collection, Index
from shared.store import Store
from shared.tenancy import DeleteOne, UpdateOne

COLLECTIONS = [
    Collection("deal_facts"),
    Collection(
        "cells",
        [
            Index(keys=[("tenant_id", 1), ("cube", 1), ("grain", 1), ("unit", 1), ("month", 1)]),
            Index(keys=[("tenant_id", 1), ("cube", 1), ("grain", 1), ("owner", 1), ("month", 1)]),
        ],
    ),
    Collection("labels", [Index(keys=[("tenant_id", 1), ("kind", 1)])]),
]

PROJECTIONS = ["deal_facts", "cells", "labels"]
"""What a rebuild empties: everything here follows from events."""

_MOST_DEFINITIONS = 10_000
_DEFINITIONS: dict[str, Label] = {}


class ReportingStore(Store):
    """One tenant's tables."""

    service = "reporting"

    def facts(self, deal_ids: Iterable[str]) -> dict[str, DealFact]:
        """What is known of these deals, by id."""
        found = self.db.collection("deal_facts").find(self._named(deal_ids))
        return {row["id"]: msgspec.convert(row, DealFact) for row in found}

    def keep_facts(self, facts: Iterable[DealFact]) -> None:
        """Replace what is known of these deals."""
        self.db.collection("deal_facts").bulk_write([self._set(asdict(fact)) for fact in facts])

    def move(self, movement: Mapping[Cell, Measures]) -> None:
        """Add to each cell what moved; a cell no deal counts in any more is removed."""
        self.db.collection("cells").bulk_write(
            [self._moved(cell, by) for cell, by in movement.items()]
            + [
                DeleteOne({"_id": cell.key(self.tenant_id), "deals": 0})
                for cell, by in movement.items()
                if by.deals < 0
            ],
            ordered=True,
        )

    def label_sequences(self, ids: Iterable[str]) -> dict[str, int]:
        """The version each of these labels was last read from."""
        found = self.db.collection("labels").find(self._named(ids), {"id": 1, "sequence": 1})
        return {row["id"]: row["sequence"] for row in found}

    def keep_labels(self, labels: Iterable[Label]) -> None:
        """Replace these labels."""
        self.db.collection("labels").bulk_write([self._set(asdict(label)) for label in labels])

    def cells(self, query: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The cells that match, as rows of names and sums."""
        return list(self.db.collection("cells").find(query, {"_id": 0, "tenant_id": 0}, batch_size=10_000))

    def labels_of(self, kind: str) -> list[Label]:
        """All labels of a kind."""
        return self._labels({"kind": kind})

    def labels_for(self, ids: Iterable[str]) -> list[Label]:
        """The labels of these ids, as far as they are known."""
        return self._labels(self._named(ids))

    def definitions_for(self, ids: Iterable[str]) -> list[Label]:
        """The labels of these stage definitions. What is frozen at publication is read once per process."""
        wanted = {self._key(each): each for each in ids}
        unread = [each for key, each in wanted.items() if key not in _DEFINITIONS]
        if unread:
            if len(_DEFINITIONS) > _MOST_DEFINITIONS:
                _DEFINITIONS.clear()
            _DEFINITIONS.update((self._key(label.id), label) for label in self.labels_for(unread))
        return [label for key in wanted if (label := _DEFINITIONS.get(key))]

    def _labels(self, query: Mapping[str, Any]) -> list[Label]:
        found = self.db.collection("labels").find(query, batch_size=10_000)
        return [msgspec.convert(row, Label) for row in found]

    def _named(self, ids: Iterable[str]) -> dict[str, Any]:
        return {"_id": {"$in": [self._key(each) for each in ids]}}

    def _key(self, row_id: str) -> str:
        """Rows are keyed by tenant and id, so that no tenant's events can meet another's rows."""
        return f"{self.tenant_id}:{row_id}"

    def _set(self, row: dict[str, Any]) -> UpdateOne:
        return UpdateOne({"_id": self._key(row["id"])}, {"$set": row}, upsert=True)

    def _moved(self, cell: Cell, by: Measures) -> UpdateOne:
        identity = {"_id": cell.key(self.tenant_id)}
        change = {"$inc": by._asdict(), "$setOnInsert": cell.attributes()}
        return UpdateOne(identity, change, upsert=True)
