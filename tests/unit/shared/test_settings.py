"""Settings: read once, from the environment, loudly wrong when they are wrong."""

import dataclasses

import pytest

from shared.config import Settings

pytestmark = pytest.mark.unit


def test_an_empty_environment_is_a_laptop():
    settings = Settings.from_environment({})
    assert settings == dataclasses.replace(Settings(), service_urls=settings.service_urls)
    assert list(settings.warnings()) == []


def test_every_variable_is_read():
    settings = Settings.from_environment(
        {
            "PELAGIC_SERVICE": "leads", "PELAGIC_HOST": "0.0.0.0", "PELAGIC_PORT": "9", "PELAGIC_HEALTH_PORT": "10",
            "PELAGIC_MONGO_URL": "m", "PELAGIC_KAFKA": "k", "PELAGIC_KAFKA_REPLICATION": "3", "PELAGIC_REDIS_URL": "r",
            "PELAGIC_JWKS_URL": "j", "PELAGIC_SIGNING_KEY_FILE": "f", "PELAGIC_CURSOR_KEY": "c",
            "PELAGIC_ENVIRONMENT": "staging", "PELAGIC_LOG_LEVEL": "debug", "PELAGIC_WORKERS": "2",
            "PELAGIC_THREADS": "4", "PELAGIC_WEBHOOKS_ALLOW_PRIVATE": "1", "PELAGIC_RATE_LIMITS": "off",
            "PELAGIC_LEADS_URL": "http://leads", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://otel",
        }
    )  # fmt: skip
    assert settings.service_urls["leads"] == "http://leads"
    assert dataclasses.replace(settings, service_urls={}) == Settings(
        service="leads", host="0.0.0.0", port=9, health_port=10, mongo_url="m", kafka="k", kafka_replication=3,
        redis_url="r", jwks_url="j", signing_key_file="f", cursor_key="c", environment="staging", log_level="debug",
        workers=2, threads=4, webhooks_allow_private=True, rate_limits=False, otlp_endpoint="http://otel",
    )  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [("PELAGIC_PORT", "eight"), ("PELAGIC_RATE_LIMITS", "maybe")])
def test_an_unreadable_value_stops_the_process_naming_its_variable(name, value):
    with pytest.raises(SystemExit, match=name):
        Settings.from_environment({name: value})


def test_contradictions_are_named():
    careless = Settings(
        environment="production", webhooks_allow_private=True, rate_limits=False, port=8101, health_port=8101
    )
    assert list(careless.warnings()) == [
        "production_with_development_cursor_key",
        "production_with_webhooks_to_private_addresses",
        "production_without_rate_limits",
        "production_with_a_single_kafka_replica",
        "health_port_is_the_api_port",
    ]
