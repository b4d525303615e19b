"""What reporting hears: deal events move the sums, the others tell it names."""

from __future__ import annotations

from collections.abc import Sequence

import services.reporting.domain.reports  # noqa: F401  each report declares the cubes it is read from
from services.reporting.domain.cells import movement
from services.reporting.domain.facts import DEAL_EVENTS, DealFact, fact_of, newest
from services.reporting.domain.labels import SNAPSHOTS, Label, label_of, newest_labels
from services.reporting.store import PROJECTIONS, ReportingStore
from shared.events import Envelope

TOPICS = ["crm.pipeline.v1", "crm.tenants.v1", "crm.accounts.v1"]
TYPES = (DEAL_EVENTS, *(f"crm.{kind}." for kind in SNAPSHOTS))


def handle_batch(store: ReportingStore, envelopes: Sequence[Envelope]) -> None:
    """Take a tenant's events in: one read and one write per table, whatever the number of events."""
    facts = [fact_of(envelope) for envelope in envelopes if envelope.type.startswith(DEAL_EVENTS)]
    labels = [label for envelope in envelopes if (label := label_of(envelope))]
    if labels:
        _learn(store, labels)
    if facts:
        _count(store, facts)


def _learn(store: ReportingStore, labels: list[Label]) -> None:
    known = store.label_sequences({label.id for label in labels})
    store.keep_labels(newest_labels(labels, known))


def _count(store: ReportingStore, facts: list[DealFact]) -> None:
    """The cells come last and in one command: they are what batches of one tenant contend for."""
    known = store.facts({fact.id for fact in facts})
    fresh = newest(facts, known)
    store.keep_facts(fresh)
    store.move(movement([known[fact.id] for fact in fresh if fact.id in known], fresh))


__all__ = ["PROJECTIONS", "TOPICS", "TYPES", "handle_batch"]
