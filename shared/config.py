"""A process's settings: the one place that reads the environment.

Everything else is handed a `Settings`; it is frozen, so what a process started with is what it runs with.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

DEVELOPMENT_CURSOR_KEY = "development-only-cursor-key"
_GATEWAY_PEERS = ("tenants", "leads", "accounts", "pipeline", "reporting", "webhooks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a process was told at start; the defaults are those of a laptop."""

    service: str = "service"
    host: str = "127.0.0.1"
    port: int = 8100
    health_port: int | None = None
    mongo_url: str = "mongodb://127.0.0.1:27117/?replicaSet=pelagic"
    kafka: str = "127.0.0.1:29092"
    kafka_replication: int = 1
    redis_url: str = "redis://127.0.0.1:26379/0"
    jwks_url: str = "http://127.0.0.1:8101/.well-known/jwks.json"
    signing_key_file: str | None = None
    cursor_key: str = DEVELOPMENT_CURSOR_KEY
    environment: str = "dev"
    log_level: str = "info"
    workers: int = 1
    threads: int = 8
    webhooks_allow_private: bool = False
    rate_limits: bool = True
    service_urls: Mapping[str, str] = field(default_factory=dict)
    otlp_endpoint: str | None = None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings; an unreadable number or switch stops the process with its variable's name."""
        env = _Reader(os.environ if environ is None else environ)
        return cls(
            service=env.text("PELAGIC_SERVICE", _default("service")),
            host=env.text("PELAGIC_HOST", _default("host")),
            port=env.number("PELAGIC_PORT", 8100),
            health_port=env.number("PELAGIC_HEALTH_PORT", 0) or None,
            mongo_url=env.text("PELAGIC_MONGO_URL", _default("mongo_url")),
            kafka=env.text("PELAGIC_KAFKA", _default("kafka")),
            kafka_replication=env.number("PELAGIC_KAFKA_REPLICATION", 1),
            redis_url=env.text("PELAGIC_REDIS_URL", _default("redis_url")),
            jwks_url=env.text("PELAGIC_JWKS_URL", _default("jwks_url")),
            signing_key_file=env.text("PELAGIC_SIGNING_KEY_FILE", "") or None,
            cursor_key=env.text("PELAGIC_CURSOR_KEY", DEVELOPMENT_CURSOR_KEY),
            environment=env.text("PELAGIC_ENVIRONMENT", "dev"),
            log_level=env.text("PELAGIC_LOG_LEVEL", "info"),
            workers=env.number("PELAGIC_WORKERS", 1),
            threads=env.number("PELAGIC_THREADS", 8),
            webhooks_allow_private=env.switch("PELAGIC_WEBHOOKS_ALLOW_PRIVATE", False),
            rate_limits=env.switch("PELAGIC_RATE_LIMITS", True),
            service_urls={name: env.text(f"PELAGIC_{name.upper()}_URL", "") for name in _GATEWAY_PEERS},
            otlp_endpoint=env.text("OTEL_EXPORTER_OTLP_ENDPOINT", "") or None,
        )

    def warnings(self) -> Iterator[str]:
        """Names of the contradictions in these settings, for the log at start."""
        if self.environment == "production":
            if self.cursor_key == DEVELOPMENT_CURSOR_KEY:
                yield "production_with_development_cursor_key"
            if self.webhooks_allow_private:
                yield "production_with_webhooks_to_private_addresses"
            if not self.rate_limits:
                yield "production_without_rate_limits"
            if self.kafka_replication < 2:
                yield "production_with_a_single_kafka_replica"
        if self.health_port is not None and self.health_port == self.port:
            yield "health_port_is_the_api_port"


def _default(name: str) -> str:
    """The default text of one setting."""
    return str(Settings.__dataclass_fields__[name].default)


class _Reader:
    """Typed reading of variables."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str, default: str) -> str:
        return self._environ.get(name, "").strip() or default

    def number(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        try:
            return int(value)
        except ValueError:
            raise SystemExit(f"{name} must be a whole number, not {value!r}") from None

    def switch(self, name: str, default: bool) -> bool:
        value = self.text(name, "on" if default else "off").lower()
        if value in ("1", "on", "true", "yes"):
            return True
        if value in ("0", "off", "false", "no"):
            return False
        raise SystemExit(f"{name} must be on or off, not {value!r}")
