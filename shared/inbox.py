"""The inbox: a row per consumed event, written with the event's effect, so that twice is once."""

from __future__ import annotations

from collections.abc import Sequence

from shared.clock import now
from shared.events.envelope import Envelope
from shared.store import Store

INBOX = "inbox"


def unseen(store: Store, group: str, envelopes: Sequence[Envelope]) -> list[Envelope]:
    """Those the group has not consumed yet, each once, in the order given."""
    inbox = store.db.collection(INBOX)
    ids = [envelope.id for envelope in envelopes]
    query = {"group": group, "event_id": {"$in": ids}}
    seen = {row["event_id"] for row in inbox.find(query, {"event_id": 1, "_id": 0}, batch_size=len(ids) + 1)}
    fresh: dict[str, Envelope] = {}
    for envelope in envelopes:
        if envelope.id not in seen:
            fresh.setdefault(envelope.id, envelope)
    return list(fresh.values())


def record(store: Store, group: str, envelopes: Sequence[Envelope]) -> None:
    """Remember that the group has consumed them; call it in the transaction of their effect."""
    at = now()
    store.db.collection(INBOX).insert_many(
        {"_id": f"{group}:{envelope.id}", "group": group, "event_id": envelope.id, "consumed_at": at}
        for envelope in envelopes
    )
