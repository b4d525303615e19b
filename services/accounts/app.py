"""The accounts API process."""

from __future__ import annotations

from flask import Flask

from services.accounts import views
from services.accounts.store import AccountsStore
from services.accounts.texts import TEXTS
from shared.auth.tokens import KeySource
from shared.config import Settings
from shared.http import create_service_app


def create_app(settings: Settings | None = None, keys: KeySource | None = None) -> Flask:
    """The accounts service as a WSGI application."""
    return create_service_app(
        "accounts",
        store_class=AccountsStore,
        blueprints=views.ROUTES,
        texts=TEXTS,
        settings=settings,
        keys=keys,
    )
