"""The stored table is the sum over the facts, however the events came; a rebuild gives the same table again."""

from __future__ import annotations

import random

import pytest

import services.reporting.domain.reports  # noqa: F401  declares the cubes
from services.reporting.domain.cells import table
from services.reporting.store import ReportingStore
from shared.events import Envelope
from shared.money import Money
from shared.replay import rebuild

pytestmark = pytest.mark.service

TABLES = ("deal_facts", "cells", "labels")


@pytest.fixture
def busy(acme, news):
    """Forty deals with several versions each, and what they are called."""
    chance = random.Random(7)
    news.unit("unit_a", "West", "region")
    news.user("usr_a", "Ada", "unit_a")
    for _ in range(200):
        news.deal(
            f"deal_{chance.randrange(40)}",
            status=chance.choice(["open", "open", "won", "lost"]),
            stage=chance.choice(["prospecting", "engaging"]),
            probability=chance.choice([10, 33]),
            amount=chance.choice([None, Money(chance.randrange(10**6), "USD"), Money(3, "EUR")]),
            closed_on=f"2017-{chance.randrange(1, 13):02d}-01",
            owner_id=chance.choice(["usr_a", "usr_b"]),
            owner_unit_id=chance.choice(["unit_a", None]),
            product_ids=chance.choice([[], ["prod_x"], ["prod_y", "prod_x"]]),
        )
    return acme


def tables(company):
    return {name: company.stored("reporting", name) for name in TABLES}


def deliver(company, envelopes):
    topics = {"/crm/pipeline": "crm.pipeline.v1", "/crm/tenants": "crm.tenants.v1"}
    company.platform.consumer("reporting").deliver([(topics[e.source], e) for e in envelopes])


def envelopes(company):
    rows = [row for service in ("tenants", "pipeline") for row in company.stored(service, "outbox")]
    wanted = company.platform.subscriptions["reporting"]
    return [e for e in (Envelope.decode(row["payload"]) for row in rows) if e.type.startswith(wanted.types)]


def fresh_table(company):
    store = ReportingStore(company.platform.mongo.database("reporting"), company.tenant_id)
    ids = [row["id"] for row in company.stored("reporting", "deal_facts")]
    return table(company.tenant_id, store.facts(ids).values())


def test_the_table_equals_the_sum_computed_afresh_byte_for_byte(busy):
    busy.pump()

    stored = [{k: v for k, v in cell.items() if k != "tenant_id"} for cell in busy.stored("reporting", "cells")]
    assert len(busy.stored("reporting", "deal_facts")) == 40
    assert sorted(stored, key=lambda cell: cell["_id"]) == fresh_table(busy)


def test_events_delivered_shuffled_one_by_one_and_twice_give_the_same_table(busy):
    busy.pump()
    expected = tables(busy)
    store = ReportingStore(busy.platform.mongo.database("reporting"), busy.tenant_id)
    for name in (*TABLES, "inbox"):
        store.db.collection(name).delete_many({})
    chance = random.Random(3)
    shuffled = envelopes(busy)
    chance.shuffle(shuffled)

    for start in range(0, len(shuffled), 7):
        deliver(busy, shuffled[start : start + 7])
        deliver(busy, shuffled[max(0, start - 5) : start + 2])

    assert tables(busy) == expected


def test_a_rebuild_empties_the_tables_and_fills_them_again_from_the_publishers_logs(busy, globex):
    busy.pump()
    expected = tables(busy)

    sent = rebuild(busy.platform.mongo, "reporting", busy.tenant_id)
    emptied = tables(busy)
    busy.pump()

    assert sent >= 202
    assert emptied == {"deal_facts": [], "cells": [], "labels": []}
    assert tables(busy) == expected
    assert busy.admin.get("/v1/reports/outcomes").json["count"] == 40
