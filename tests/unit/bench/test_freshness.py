"""How old news is, from what the report showed over time."""

from __future__ import annotations

import http.client
import json
import time

import pytest

from bench.freshness import until_projected
from bench.receiver import receiving

pytestmark = pytest.mark.unit


def test_the_nth_write_is_projected_when_the_report_first_counts_n_more():
    seen = [(0.5, 100), (1.5, 101), (2.5, 101), (3.0, 103)]

    assert until_projected([1.0, 2.0, 2.25], seen, 100) == [0.5, 1.0, 0.75]


def test_a_write_counted_before_its_answer_was_read_is_not_younger_than_zero():
    assert until_projected([1.0], [(0.9, 1)], 0) == [0.0]


def test_a_write_that_is_never_counted_has_no_age():
    assert until_projected([1.0, 2.0], [(1.5, 1)], 0) == [0.5]
    assert until_projected([1.0], [], 0) == []


def test_the_receiver_notes_the_first_arrival_of_each_deal():
    with receiving() as arrivals:
        connection = http.client.HTTPConnection("127.0.0.1", arrivals.port)
        for deal in ("deal_1", "deal_1", "deal_2"):
            connection.request("POST", "/", json.dumps({"data": {"deal": {"id": deal}}}))
            response = connection.getresponse()
            response.read()
            assert response.status == 204
        connection.close()

    assert list(arrivals.at) == ["deal_1", "deal_2"]
    assert arrivals.at["deal_1"] < arrivals.at["deal_2"] <= time.perf_counter()
