"""Where leads, pools and their side collections live, and which indexes their queries need."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.leads.domain.follow_up import FollowUp
from services.leads.domain.holding import Holding, Via
from services.leads.domain.lead import Lead, Owner
from services.leads.domain.pool import Pool
from shared.ids import new_id
from shared.mongo import ONE_EXTERNAL_ID, Collection, Index, listed_by
from shared.store import Scope, Store
from shared.tenancy import TenantCollection

COLLECTIONS = [
    Collection(
        "leads",
        [
            listed_by(),
            listed_by("state"),
            listed_by("owner_id"),
            listed_by("owner_unit_id"),
            listed_by("pool_id"),
            listed_by("source"),
            ONE_EXTERNAL_ID,
        ],
        record=Lead,
    ),
    Collection("pools", [listed_by()], record=Pool),
    Collection(
        "holdings",
        [
            Index(
                keys=[("tenant_id", 1), ("lead_id", 1)],
                unique=True,
                partial={"to": {"$type": "null"}},
            ),
            Index(keys=[("tenant_id", 1), ("lead_id", 1), ("since", 1)]),
            Index(keys=[("tenant_id", 1), ("owner_id", 1), ("since", 1)]),
        ],
    ),
    Collection("follow_ups", [listed_by("lead_id", order=("happened_at", -1))]),
    Collection(
        "claim_counters",
        [
            Index(
                keys=[
                    ("tenant_id", 1),
                    ("user_id", 1),
                    ("pool_id", 1),
                    ("local_day", 1),
                ],
                unique=True,
            )
        ],
    ),
    Collection("people", [Index(keys=[("tenant_id", 1), ("state", 1)])]),
]


class LeadsStore(Store):
    """One tenant's leads and pools."""

    service = "leads"

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # Pooled leads are everybody's to see and to take, but not to edit, move or disqualify.
        self.leads = self.repository(Lead, "leads", owned=True, includes_unowned=True)
        self.own_leads = self.repository(Lead, "leads", owned=True)
        # A claim must see a lead that is gone, to say that it is.
        self.any_leads = self.repository(Lead, "leads")
        self.pools = self.repository(Pool, "pools")

    def can_read(self, lead_id: str, within: Scope) -> bool:
        """Whether the lead is among those that `within` reaches, pooled ones included."""
        return self.any_leads.find_one({"$and": [{"_id": lead_id}, within.filter(includes_unowned=True)]}) is not None

    @property
    def holdings(self) -> TenantCollection:
        """Ownership periods, append-only."""
        return self.db.collection("holdings")

    @property
    def follow_ups(self) -> TenantCollection:
        """What was done about leads, append-only."""
        return self.db.collection("follow_ups")

    def open_holding(self, holding: Holding) -> None:
        """Start an ownership period; the unique index refuses a second open one for the same lead."""
        self.holdings.insert_one(holding_document(holding))

    def close_holding(self, lead_id: str, *, reason: str, at: datetime, pool_to: str | None = None) -> None:
        """End the open ownership period of a lead."""
        ended = {"to": at, "end_reason": reason, "end_by": self.by, "pool_to": pool_to}
        self.holdings.update_one({"lead_id": lead_id, "to": None}, {"$set": ended})

    def count_claim(self, user_id: str, pool_id: str, local_day: str) -> int:
        """Count one more claim; how many that makes this day. Undone with the transaction it is part of."""
        counter = self.db.collection("claim_counters").find_one_and_update(
            {"user_id": user_id, "pool_id": pool_id, "local_day": local_day},
            {"$inc": {"n": 1}},
            upsert=True,
        )
        return int(counter["n"]) if counter else 0

    def add_follow_up(self, done: FollowUp) -> None:
        """Append a follow-up."""
        self.follow_ups.insert_one(
            {
                "_id": done.id,
                "lead_id": done.lead_id,
                "kind": done.kind.value,
                "text": done.text,
                "happened_at": done.happened_at,
                "next_step": done.next_step,
                "created_at": done.created_at,
                "created_by": done.created_by,
            }
        )

    def owner(self, user_id: str) -> Owner | None:
        """An active user as an owner, as far as the tenants service has told; None when it has not."""
        person = self.db.collection("people").find_one({"_id": user_id, "state": "active"})
        return Owner(person["_id"], person["unit_id"]) if person else None

    def remember_person(self, user_id: str, *, version: int, unit_id: str, state: str) -> None:
        """Keep what the tenants service tells of a user, unless something newer is known."""
        people = self.db.collection("people")
        known = people.find_one({"_id": user_id}, {"version": 1})
        if known is None or known["version"] < version:
            document = {
                "_id": user_id,
                "version": version,
                "unit_id": unit_id,
                "state": state,
            }
            people.replace_one({"_id": user_id}, document, upsert=True)

    def holding(
        self,
        lead_id: str,
        owner_id: str,
        via: Via,
        *,
        at: datetime,
        pool_from: str | None = None,
    ) -> Holding:
        """A new open ownership period."""
        return Holding(
            id=new_id("hold", at),
            tenant_id=self.tenant_id,
            lead_id=lead_id,
            owner_id=owner_id,
            via=via,
            since=at,
            by=self.by,
            pool_from=pool_from,
        )


def holding_document(holding: Holding) -> dict[str, Any]:
    """A holding as it is stored."""
    return {
        "_id": holding.id,
        "lead_id": holding.lead_id,
        "owner_id": holding.owner_id,
        "via": holding.via.value,
        "since": holding.since,
        "by": holding.by,
        "pool_from": holding.pool_from,
        "to": None,
    }
