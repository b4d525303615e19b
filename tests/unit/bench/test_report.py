"""The benchmark's table and JSON: every figure in its place, shares taken against the same run's yardstick."""

from __future__ import annotations

import json

import pytest

from bench.report import Row, against_bare, quantile, row, table, write

pytestmark = pytest.mark.unit


def measured(scenario: str, rps: float, *, clients: int = 16, target: str = "gateway") -> Row:
    """A row with nothing remarkable but its rate."""
    return row(scenario, clients, target, rps=rps, latencies=[0.001, 0.002, 0.010], errors=0)


def test_quantiles_are_nearest_rank():
    ordered = [float(n) for n in range(1, 101)]

    assert [quantile(ordered, share) for share in (0.50, 0.95, 0.99)] == [50.0, 95.0, 99.0]
    assert quantile([7.0], 0.99) == 7.0
    assert quantile([], 0.5) == 0.0


def test_latencies_in_seconds_become_milliseconds():
    assert measured("read_deal", 10) == Row("read_deal", 16, "gateway", 10, 2.0, 10.0, 10.0, 0)


def test_a_share_is_taken_of_the_mean_of_bare_at_the_same_clients_and_target():
    rows = against_bare(
        [
            measured("bare", 900),
            measured("bare", 100, target="service"),
            measured("read_deal", 500),
            measured("bare", 1100),
        ]
    )

    assert [(r.scenario, r.target, r.rps, r.of_bare) for r in rows] == [
        ("bare", "gateway", 1000.0, 1.0),
        ("bare", "service", 100.0, 1.0),
        ("read_deal", "gateway", 500, 0.5),
    ]


def test_leads_per_second_have_no_share_of_requests_per_second():
    rows = against_bare([measured("bare", 1000), measured("import_5000_leads", 2000)])

    assert rows[1].of_bare is None
    assert "import_5000_leads (leads/s)" in table(rows)


def test_the_table_says_which_wanted_shares_are_met():
    text = table(against_bare([measured("bare", 1000), measured("read_deal", 400), measured("create_lead", 100)]))

    assert "0.35 met" in text
    assert "0.15 MISSED" in text
    assert max(len(line) for line in text.splitlines()) <= 130


def test_the_json_has_exactly_the_promised_fields(tmp_path):
    path = tmp_path / "build" / "bench.json"

    write(path, against_bare([measured("bare", 1000)]))

    assert json.loads(path.read_text()) == [
        {
            "scenario": "bare",
            "clients": 16,
            "target": "gateway",
            "rps": 1000.0,
            "p50_ms": 2.0,
            "p95_ms": 10.0,
            "p99_ms": 10.0,
            "errors": 0,
            "of_bare": 1.0,
        }
    ]
