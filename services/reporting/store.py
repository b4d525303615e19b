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


class ReportingStore(Store):
    """One tenant's tables."""

    service = "reporting"

    def facts(self, deal_ids: Iterable[str]) -> dict[str, DealFact]:
        """What is known of these deals, by id."""
        found = self.db.collection("deal_facts").find({"_id": {"$in": list(deal_ids)}})
        return {row["_id"]: msgspec.convert({**row, "id": row["_id"]}, DealFact) for row in found}

    def keep_facts(self, facts: Iterable[DealFact]) -> None:
        """Replace what is known of these deals."""
        self.db.collection("deal_facts").bulk_write([_set(asdict(fact)) for fact in facts])

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
        found = self.db.collection("labels").find({"_id": {"$in": list(ids)}}, {"sequence": 1})
        return {row["_id"]: row["sequence"] for row in found}

    def keep_labels(self, labels: Iterable[Label]) -> None:
        """Replace these labels."""
        self.db.collection("labels").bulk_write([_set(asdict(label)) for label in labels])

    def cells(self, query: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The cells that match, as rows of names and sums."""
        return list(self.db.collection("cells").find(query, {"_id": 0, "tenant_id": 0}, batch_size=10_000))

    def labels(self, query: Mapping[str, Any]) -> list[Label]:
        """The labels that match."""
        found = self.db.collection("labels").find(query, batch_size=10_000)
        return [
            Label(id=row["_id"], kind=row["kind"], sequence=0, name=row["name"], details=row["details"])
            for row in found
        ]

    def _moved(self, cell: Cell, by: Measures) -> UpdateOne:
        identity = {"_id": cell.key(self.tenant_id)}
        change = {"$inc": by._asdict(), "$setOnInsert": cell.attributes()}
        return UpdateOne(identity, change, upsert=True)


def _set(row: dict[str, Any]) -> UpdateOne:
    return UpdateOne({"_id": row.pop("id")}, {"$set": row}, upsert=True)
