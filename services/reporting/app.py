"""The reporting API process."""

from __future__ import annotations

from flask import Flask

from services.reporting import views
from services.reporting.store import ReportingStore
from services.reporting.texts import TEXTS
from shared.auth.tokens import KeySource
from shared.config import Settings
from shared.http import create_service_app


def create_app(settings: Settings | None = None, keys: KeySource | None = None) -> Flask:
    """The reporting service as a WSGI application."""
    return create_service_app(
        "reporting",
        store_class=ReportingStore,
        blueprints=views.ROUTES,
        texts=TEXTS,
        settings=settings,
        keys=keys,
    )
