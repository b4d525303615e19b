"""All six services in one process on a real MongoDB, and a pump that carries their events.

The pump takes the place of Kafka between outbox and consumer for the service ring; the integration ring runs
the same relay and consumers over a real broker and must see the same.
"""

from __future__ import annotations

import importlib
import importlib.util
import tempfile
from collections import defaultdict
from dataclasses import replace
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask

from gateway.routes import ROUTES
from shared import outbox
from shared.auth.tokens import StaticKeys, jwks_document
from shared.broker import Meta
from shared.clock import now
from shared.config import Settings
from shared.consumer import Consumer, Subscription
from shared.events.envelope import Envelope
from shared.mongo import Mongo, migrate

SERVICES = ("tenants", "leads", "accounts", "pipeline", "reporting", "webhooks")


class Platform:
    """The services of one test run."""

    def __init__(self, mongo: Mongo, settings: Settings) -> None:
        self.mongo = mongo
        self.private_key = Ed25519PrivateKey.generate()
        self._key_file = tempfile.NamedTemporaryFile(suffix=".pem")  # noqa: SIM115 (lives as long as the platform)
        self._key_file.write(self.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        self._key_file.flush()
        self.settings = replace(settings, signing_key_file=self._key_file.name)
        self._apps: dict[str, Flask] = {}

    @cached_property
    def keys(self) -> StaticKeys:
        """The keys the services verify tokens with."""
        return StaticKeys(jwks_document(self.private_key.public_key()))

    @cached_property
    def subscriptions(self) -> dict[str, Subscription]:
        """What each service consumes."""
        found = {}
        for name in SERVICES:
            if importlib.util.find_spec(f"services.{name}.consumers"):
                found[name] = Subscription.of(name, importlib.import_module(f"services.{name}.consumers"))
        return found

    def app(self, service: str) -> Flask:
        """The Flask application of a service."""
        if service not in self._apps:
            module = importlib.import_module(f"services.{service}.app")
            app = module.create_app(settings=replace(self.settings, service=service), keys=self.keys)
            app.config["CHECK_ANSWERS"] = True
            self._apps[service] = app
        return self._apps[service]

    def app_for(self, path: str) -> Flask:
        """The application the gateway would send `path` to."""
        bare = path.partition("?")[0]
        for route in ROUTES:
            beneath = route.match == "tree" and bare.startswith(route.path.rstrip("/") + "/")
            if bare == route.path or beneath:
                return self.app(route.service)
        raise LookupError(f"no route for {path}")

    def migrate(self) -> None:
        """Create the collections of every service."""
        for name in SERVICES:
            store = importlib.import_module(f"services.{name}.store")
            migrate(self.mongo.database(name), store.COLLECTIONS)

    def pump(self) -> int:
        """Carry events from outboxes to consumers until none is left; how many were carried."""
        carried = 0
        while True:
            batch = self._take_pending()
            if not batch:
                return carried
            carried += len(batch)
            self._deliver(batch)

    def consumer(self, service: str) -> Consumer:
        """The consumer of a service, without a broker."""
        database = self.mongo.database(service)
        return Consumer(database, self.store_class(service), self.subscriptions[service], "", "tests")

    def store_class(self, service: str) -> Any:
        """The service's store."""
        module = importlib.import_module(f"services.{service}.store")
        return getattr(module, f"{service.capitalize()}Store")

    def trips(self) -> list[str]:
        """Commands that named no tenant, since the last look."""
        found: list[str] = []
        for watched in [self.mongo, *(app.extensions["pelagic"].mongo for app in self._apps.values())]:
            found += watched.tripwire.trips
            watched.tripwire.trips.clear()
        return found

    def _take_pending(self) -> list[tuple[str, Any]]:
        taken: list[tuple[str, Any]] = []
        for name in SERVICES:
            database = self.mongo.database(name)
            rows = outbox.pending(database, 500)
            outbox.mark_published(database, [row["_id"] for row in rows], at=now())
            taken += [(row["topic"], row) for row in rows]
        return taken

    def _deliver(self, batch: list[tuple[str, Any]]) -> None:
        for name, subscription in self.subscriptions.items():
            wanted: dict[str, list[tuple[str, Envelope]]] = defaultdict(list)
            for topic, row in batch:
                meta = Meta(row["type"], row["tenant_id"], row["audience"], 1)
                if topic in subscription.topics and subscription.takes(meta):
                    wanted[name].append((topic, Envelope.decode(row["payload"])))
            for envelopes in wanted.values():
                self.consumer(name).deliver(envelopes)
