"""The leads API process."""

from __future__ import annotations

from flask import Flask

from services.leads import views
from services.leads.store import LeadsStore
from services.leads.texts import TEXTS
from shared.auth.tokens import KeySource
from shared.config import Settings
from shared.http import create_service_app


def create_app(settings: Settings | None = None, keys: KeySource | None = None) -> Flask:
    """The leads service as a WSGI application."""
    return create_service_app(
        "leads",
        store_class=LeadsStore,
        blueprints=views.ROUTES,
        texts=TEXTS,
        settings=settings,
        keys=keys,
    )
