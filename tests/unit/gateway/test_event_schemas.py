"""An envelope's `dataschema` leads to the schema of its data, and the golden samples hold to it."""

import json

import jsonschema
import pytest

from gateway.app import create_app
from shared.config import Settings
from tests.support.golden import GOLDEN

pytestmark = pytest.mark.unit

SAMPLES = sorted(GOLDEN.glob("*.json"))


@pytest.fixture(scope="module")
def client():
    return create_app(Settings(service="gateway"), fetch=lambda url: {}).test_client()


def test_every_published_type_is_listed(client) -> None:
    listed = {entry["type"] for entry in client.get("/schemas/events").get_json()["data"]}

    assert {path.stem for path in SAMPLES} <= listed


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_golden_sample_holds_to_the_schema_it_names(client, path) -> None:
    envelope = json.loads(path.read_text())

    answer = client.get(envelope["dataschema"])

    assert (answer.status_code, answer.mimetype) == (200, "application/schema+json")
    jsonschema.validate(envelope["data"], json.loads(answer.data))


def test_an_unknown_type_has_no_schema(client) -> None:
    answer = client.get("/schemas/events/crm.deal.imagined.json")

    assert (answer.status_code, answer.get_json()["code"]) == (404, "not-found")
