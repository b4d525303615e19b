"""The catalogue."""

from __future__ import annotations

import pytest

from tests.service.pipeline.words import USD_50K, batch

pytestmark = pytest.mark.service
GTX = {"name": "GTX Pro", "aliases": ["GTXPro"], "list_price": USD_50K, "series": "GTX", "external_id": "gtx-pro"}


def test_a_product_is_added_and_changed(acme):
    added = acme.admin.post("/v1/products", GTX)
    product = added.json
    assert (added.status, product["aliases"], product["list_price"]) == (201, ["GTXPro"], USD_50K)

    changed = acme.admin.patch(f"/v1/products/{product['id']}", {"series": None}, if_match=1)

    assert (changed.status, changed.json["series"], changed.json["version"]) == (200, None, 2)
    assert acme.published("pipeline")[-2:] == ["crm.product.created", "crm.product.updated"]
    assert acme.events("pipeline")[-1]["data"]["changes"] == {"series": {"from": "GTX", "to": None}}
    assert acme.rep.get(f"/v1/products/{product['id']}").json == changed.json


def test_a_name_belongs_to_one_product(acme):
    acme.admin.post("/v1/products", GTX)

    with acme.unchanged():
        refusal = acme.admin.post("/v1/products", {"name": "GTX Pro"})

    assert (refusal.status, refusal.code) == (409, "product-name-taken")


def test_a_batch_is_taken_in_once(acme):
    items = [GTX, {"name": "MG Special", "external_id": "mg"}, {"name": "GTX Pro", "external_id": "other"}]
    first = batch(acme.admin, items, "/v1/products/batch").json
    assert first["summary"] == {"created": 2, "unchanged": 0, "rejected": 1}
    assert first["results"][2]["errors"][0]["code"] == "product-name-taken"
    before = acme.stored("pipeline", "products"), acme.published("pipeline")

    again = batch(acme.admin, items[:2], "/v1/products/batch").json

    assert (acme.stored("pipeline", "products"), acme.published("pipeline")) == before
    assert again["summary"] == {"created": 0, "unchanged": 2, "rejected": 0}


def test_a_repeated_item_shares_the_fate_of_the_first(acme):
    acme.admin.post("/v1/products", GTX)
    before = acme.stored("pipeline", "products"), acme.published("pipeline")

    answer = batch(acme.admin, [{"name": "GTX Pro", "external_id": "other"}] * 2, "/v1/products/batch").json

    assert (acme.stored("pipeline", "products"), acme.published("pipeline")) == before
    assert answer["summary"] == {"created": 0, "unchanged": 0, "rejected": 2}
    assert [each["errors"][0]["code"] for each in answer["results"]] == ["product-name-taken"] * 2


def test_a_rep_may_not_change_the_catalogue(acme):
    with acme.unchanged():
        assert acme.rep.post("/v1/products", GTX).status == 403
