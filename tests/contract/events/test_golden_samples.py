"""What was once published stays readable: a golden sample of every event type, never rewritten."""

from __future__ import annotations

import json

import msgspec
import pytest

from shared.events.envelope import Envelope
from tests.support.golden import GOLDEN, published

pytestmark = pytest.mark.contract

PUBLISHED = published()
SAMPLES = sorted(GOLDEN.glob("*.json"))
ATTRIBUTES = {
    "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema", "tenantid",
    "partitionkey", "sequence", "correlationid", "causationid", "principal", "traceparent", "data",
}  # fmt: skip


def test_every_event_type_has_a_sample() -> None:
    assert {path.stem for path in SAMPLES} == set(PUBLISHED), "run: python -m tests.support.golden"


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_still_read_and_written_the_same(path) -> None:
    raw = path.read_bytes().strip()
    envelope = Envelope.decode(raw)
    event = envelope.event(PUBLISHED[envelope.type][1])

    assert set(json.loads(raw)) == ATTRIBUTES
    golden = json.loads(raw)["data"]
    written = event.data()
    assert {name: written[name] for name in golden} == golden


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_a_type_names_its_aggregate_and_a_past_tense(name: str) -> None:
    prefix, aggregate, verb = name.split(".")

    assert prefix == "crm"
    assert aggregate == PUBLISHED[name][1].aggregate()
    assert verb.endswith(("ed", "won", "lost", "met", "followed_up")), "a past tense"


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_a_consumer_ignores_what_it_does_not_know(name: str) -> None:
    envelope = Envelope.decode((GOLDEN / f"{name}.json").read_bytes())
    cls = PUBLISHED[name][1]
    newer = {**envelope.data, "a_field_of_tomorrow": 1}

    assert msgspec.convert(newer, cls) == envelope.event(cls)
