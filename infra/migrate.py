"""Bring MongoDB and Kafka to what the code needs: collections, validators, indexes, topics. Repeating it is safe.

    python -m infra.migrate

Reads the same environment as a service. It is what `pelagic migrate` and the cluster's migration job run.
"""

import importlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from infra.catalogue import DOMAIN_SERVICES, TOPICS
from shared.broker import create_topics
from shared.config import Settings
from shared.mongo import Collection, Mongo, connect, migrate

Say = Callable[[str], None]


def collections_of(service: str) -> Sequence[Collection]:
    """The collections that a service declares in its store."""
    declared: Sequence[Collection] = importlib.import_module(f"services.{service}.store").COLLECTIONS
    return declared


def databases(mongo: Mongo, services: Sequence[str] = DOMAIN_SERVICES, *, say: Say = print) -> None:
    """Migrate every service's database; side by side, for most of the time is MongoDB's."""

    def one(service: str) -> None:
        collections = collections_of(service)
        migrate(mongo.database(service), collections)
        say(f"{service}: {len(collections)} collections and the platform's own are in place")

    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(one, services))


def topics(bootstrap: str, replication: int, *, say: Say = print) -> None:
    """Create the topics that are missing."""
    created = create_topics(bootstrap, TOPICS, replication=replication)
    say(f"topics: {len(created)} created, {len(TOPICS) - len(created)} were there")


def main() -> None:
    """Migrate what this process's environment points at."""
    settings = Settings.from_environment()
    mongo = connect(settings.mongo_url, name="migrate")
    try:
        mongo.ping()
        databases(mongo)
    finally:
        mongo.close()
    topics(settings.kafka, settings.kafka_replication)


if __name__ == "__main__":
    main()
