"""A lease: at most one process does a service's singular work, and another takes over when it falls silent."""

from __future__ import annotations

from datetime import timedelta

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from shared.clock import now
from shared.tenancy import Document

LENGTH = timedelta(seconds=10)
RENEWAL = timedelta(seconds=3)


class Lease:
    """One named lease. `holder` outlives a restart of the process, so that a restart need not wait."""

    def __init__(self, database: Database[Document], name: str, holder: str) -> None:
        self._leases = database["leases"]
        self._name = name
        self._holder = holder
        self._renew_at = now()
        self._held = False

    def held(self) -> bool:
        """Whether the lease is ours, taking or renewing it when it is time to."""
        at = now()
        if at < self._renew_at:
            return self._held
        self._renew_at = at + RENEWAL
        free = {"_id": self._name, "$or": [{"holder": self._holder}, {"until": {"$lt": at}}]}
        taken = {"$set": {"holder": self._holder, "until": at + LENGTH}}
        try:
            self._leases.update_one(free, taken, upsert=True)
            self._held = True
        except DuplicateKeyError:
            self._held = False
        return self._held
