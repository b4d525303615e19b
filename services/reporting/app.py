"""The reporting API, put together."""

from __future__ import annotations

from flask import Flask

from services.reporting.store import ReportingStore
from services.reporting.texts import TEXTS
from services.reporting.views import routes
from shared.auth.tokens import KeySource
from shared.config import Settings
from shared.http import create_service_app


def create_app(settings: Settings | None = None, keys: KeySource | None = None) -> Flask:
    """The Flask application of this service."""
    return create_service_app(
        "reporting",
        store_class=ReportingStore,
        blueprints=[routes],
        texts=TEXTS,
        settings=settings,
        keys=keys,
    )
