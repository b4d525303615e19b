"""A request sent twice acts once: the second is answered with the first one's answer."""

import threading
from time import time

import pytest

from tests.service.shared import shelf
from tests.service.shared.conftest import Clerk

pytestmark = pytest.mark.service


@pytest.fixture(autouse=True)
def _fresh():
    shelf.runs.clear()
    shelf.gate.clear()
    shelf.entered.clear()


def test_a_repeat_gets_the_first_answer_and_acts_no_second_time(clerk, stored):
    first = clerk.post("/v1/things", {"name": "lamp"}, Idempotency_Key="k1")
    again = clerk.post("/v1/things", {"name": "lamp"}, Idempotency_Key="k1")

    assert (first.status_code, "Idempotency-Replayed" in first.headers) == (201, False)
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert again.data == first.data
    assert [again.headers[name] for name in ("ETag", "Location", "Content-Type")] == [
        first.headers[name] for name in ("ETag", "Location", "Content-Type")
    ]
    assert (stored("things"), stored("outbox"), stored("idempotency")) == (1, 1, 1)


def test_the_key_belongs_to_one_request_of_one_caller(clerk, shelf_app, tenant_id, stored):
    clerk.post("/v1/things", {"name": "lamp"}, Idempotency_Key="k1")

    other_body = clerk.post("/v1/things", {"name": "lantern"}, Idempotency_Key="k1")
    other_path = clerk.post("/v1/things/batch", {"items": [{"name": "lamp"}]}, Idempotency_Key="k1")
    assert [(response.status_code, response.json["code"]) for response in (other_body, other_path)] == [
        (422, "idempotency-key-reused")
    ] * 2
    assert stored("things") == 1

    colleague = Clerk(shelf_app, tenant_id, "sales_manager", user="usr_2")
    assert colleague.post("/v1/things", {"name": "lantern"}, Idempotency_Key="k1").status_code == 201
    stranger = Clerk(shelf_app, "ten_" + "0" * 26, "sales_manager")
    assert "Idempotency-Replayed" not in stranger.post("/v1/things", {"name": "lamp"}, Idempotency_Key="k1").headers


def test_a_refused_request_leaves_its_key_free(clerk, stored):
    refused = clerk.post("/v1/things", {"name": "taken"}, Idempotency_Key="k1")
    broken = clerk.post("/v1/things", {"name": "broken"}, Idempotency_Key="k1")

    assert (refused.status_code, broken.status_code, stored("idempotency")) == (409, 500, 0)
    assert clerk.post("/v1/things", {"name": "lamp"}, Idempotency_Key="k1").status_code == 201


def test_after_a_collision_the_view_runs_again_on_its_input_as_it_came(clerk, stored):
    body = {"name": "collides", "price": {"amount_minor": 1, "currency": "EUR"}}
    response = clerk.post("/v1/things", body, Idempotency_Key="k1")

    assert (response.status_code, shelf.runs) == (201, ["collided", "collides"])
    assert (stored("things"), stored("outbox"), stored("idempotency")) == (1, 1, 1)


def test_while_the_first_is_at_work_a_second_is_told_to_wait(clerk, stored):
    answers = []
    first = threading.Thread(
        target=lambda: answers.append(clerk.post("/v1/things", {"name": "slow"}, Idempotency_Key="k1"))
    )
    first.start()
    assert shelf.entered.wait(10)

    second = clerk.post("/v1/things", {"name": "slow"}, Idempotency_Key="k1")
    assert (second.status_code, second.json["code"]) == (409, "idempotency-in-flight")
    assert second.headers["Retry-After"] == "1"

    shelf.gate.set()
    first.join()
    assert answers[0].status_code == 201
    third = clerk.post("/v1/things", {"name": "slow"}, Idempotency_Key="k1")
    assert (third.data, third.headers["Idempotency-Replayed"]) == (answers[0].data, "true")
    assert (shelf.runs, stored("things")) == (["slow"], 1)


def test_where_a_key_is_demanded_it_must_come_and_be_usable(clerk):
    body = {"items": [{"name": "lamp"}]}
    assert clerk.post("/v1/things/batch", body).json["code"] == "idempotency-key-required"
    for key in ("", "a b", "x" * 256, "\u00e9"):
        response = clerk.post("/v1/things/batch", body, Idempotency_Key=key)
        assert (response.status_code, response.json["code"]) == (400, "idempotency-key-invalid")


def test_a_stored_answer_leaves_after_a_day(clerk, mongo, tenant_id):
    clerk.post("/v1/things", {"name": "lamp"}, Idempotency_Key="k1")

    collection = mongo.database("shelf")["idempotency"]
    row = collection.find_one({"tenant_id": tenant_id})
    assert 23.9 < (row["expires_at"].timestamp() - time()) / 3600 <= 24
    assert any(index.get("expireAfterSeconds") == 0 for index in collection.index_information().values())
