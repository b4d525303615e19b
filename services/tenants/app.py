"""The tenants API process."""

from __future__ import annotations

from flask import Flask

from services.tenants import views
from services.tenants.config import SIGNER, signer
from services.tenants.store import TenantsStore
from services.tenants.texts import TEXTS
from shared.auth.tokens import KeySource, StaticKeys
from shared.config import Settings
from shared.http import create_service_app


def create_app(settings: Settings | None = None, keys: KeySource | None = None) -> Flask:
    """The WSGI application; it signs tokens itself, so it verifies them without asking anybody for keys."""
    settings = settings or Settings.from_environment()
    signing = signer(settings)
    app = create_service_app(
        "tenants",
        store_class=TenantsStore,
        blueprints=views.ROUTES,
        texts=TEXTS,
        settings=settings,
        keys=keys or StaticKeys(signing.jwks),
    )
    app.extensions[SIGNER] = signing
    return app
