"""Rebuild a service's projections from the log: wipe them, and have the publishers send their outboxes again.

Only the group being rebuilt takes what is sent again. While a tenant's projections are wiped its gate is shut,
so that no batch can fall between; a crash in between leaves the gate shut, and running the rebuild again mends it.
"""

from __future__ import annotations

import importlib
from typing import Any

import structlog
from pymongo.database import Database

from shared import gates, inbox, outbox
from shared.mongo import Mongo
from shared.store import Store
from shared.tenancy import Document, across_tenants

log = structlog.get_logger(__name__)


class NothingToRebuild(Exception):
    """The service keeps no projections."""


def rebuild(mongo: Mongo, service: str, tenant: str | None = None) -> int:
    """Rebuild `service`'s projections for one tenant, or for all; how many events are sent again."""
    consumers = _consumers(service)
    projections: list[str] = list(getattr(consumers, "PROJECTIONS", ()))
    if not projections:
        raise NothingToRebuild(service)
    database = mongo.database(service)
    sent = 0
    for tenant_id in [tenant] if tenant else _tenants(database):
        _wipe(database, tenant_id, service, projections)
        for topic in consumers.TOPICS:
            publisher = mongo.database(topic.split(".")[1])
            sent += outbox.republish_for(publisher, service, tenant_id=tenant_id, topic=topic)
    log.info("rebuild_started", rebuilt=service, tenant=tenant, events=sent)
    return sent


def _wipe(database: Database[Document], tenant_id: str, group: str, projections: list[str]) -> None:
    store = Store(database, tenant_id)
    gates.shut(store)
    for name in projections:
        store.db.collection(name).delete_many({})
    store.db.collection(inbox.INBOX).delete_many({"group": group})
    gates.open_again(store)


def _tenants(database: Database[Document]) -> list[str]:
    with across_tenants(database, reason="rebuild") as db:
        found: list[str] = db[gates.GATES].distinct("tenant_id")
    return found


def _consumers(service: str) -> Any:
    # Named by the service, as its folder is: an operator's tool, not an import between services.
    return importlib.import_module(f"services.{service}.consumers")
