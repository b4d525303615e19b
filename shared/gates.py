"""A gate per tenant before a service's projections: shut while they are wiped for a rebuild.

Every batch writes the gate's row in its own transaction, so shutting the gate collides with whatever is under
way: once it is shut, nothing that began before can still commit.
"""

from __future__ import annotations

from pymongo.errors import DuplicateKeyError

from shared.store import Store

GATES = "gates"


class Paused(Exception):
    """The tenant's projections are being wiped; wait."""


def pass_gate(store: Store) -> None:
    """Go through, within the batch's transaction; raises Paused while the gate is shut."""
    gates = store.db.collection(GATES)
    identity = _identity(store)
    if gates.update_one({"_id": identity, "shut": False}, {"$inc": {"batches": 1}}):
        return
    try:
        gates.insert_one({"_id": identity, "shut": False, "batches": 1})
    except DuplicateKeyError:
        raise Paused from None


def shut(store: Store) -> None:
    """Let nothing more through."""
    store.db.collection(GATES).update_one({"_id": _identity(store)}, {"$set": {"shut": True}}, upsert=True)


def open_again(store: Store) -> None:
    """Let batches through again."""
    store.db.collection(GATES).update_one({"_id": _identity(store)}, {"$set": {"shut": False}})


def _identity(store: Store) -> str:
    return f"projections:{store.tenant_id}"
