"""Looking an external id up costs the same in a collection of ten records and of ten million: it uses its index."""

from __future__ import annotations

import pytest

from shared.clock import now
from tests.support.company import Company
from tests.support.platform import Platform

pytestmark = pytest.mark.service

KEPT = [
    ("leads", "leads"),
    ("accounts", "accounts"),
    ("accounts", "contacts"),
    ("pipeline", "deals"),
    ("pipeline", "products"),
    ("tenants", "users"),
    ("tenants", "units"),
]


@pytest.mark.parametrize(("service", "collection"), KEPT)
@pytest.mark.parametrize("asked", ["a-7", {"$in": ["a-7", "a-8"]}], ids=["one", "many"])
def test_a_look_up_examines_only_what_it_finds(
    platform: Platform, acme: Company, service: str, collection: str, asked: object
) -> None:
    many = [
        {
            "_id": f"{acme.tenant_id}-{n}",
            "version": 1,
            "created_at": now(),
            "updated_at": now(),
            "external_id": f"a-{n}",
        }
        | {"email": f"{n}@example.com", "parent_id": "unit", "name": f"n{n}"}
        for n in range(50)
    ]
    acme._db(service).collection(collection).insert_many(many)

    stored = platform.mongo.database(service)[collection]
    plan = stored.find({"tenant_id": acme.tenant_id, "external_id": asked}).explain()["executionStats"]

    assert plan["totalDocsExamined"] == plan["nReturned"] == (1 if asked == "a-7" else 2)
