"""The webhooks API process."""

from __future__ import annotations

from flask import Flask

from services.webhooks import views
from services.webhooks.store import WebhooksStore
from services.webhooks.texts import TEXTS
from shared.auth.tokens import KeySource
from shared.config import Settings
from shared.http import create_service_app


def create_app(settings: Settings | None = None, keys: KeySource | None = None) -> Flask:
    """The webhooks service as a WSGI application."""
    return create_service_app(
        "webhooks",
        store_class=WebhooksStore,
        blueprints=views.ROUTES,
        texts=TEXTS,
        settings=settings,
        keys=keys,
    )
