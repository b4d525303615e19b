"""The pipeline API process."""

from __future__ import annotations

from flask import Flask

from services.pipeline import views
from services.pipeline.store import PipelineStore
from services.pipeline.texts import TEXTS
from shared.auth.tokens import KeySource
from shared.config import Settings
from shared.http import create_service_app


def create_app(settings: Settings | None = None, keys: KeySource | None = None) -> Flask:
    """The pipeline service as a WSGI application."""
    return create_service_app(
        "pipeline",
        store_class=PipelineStore,
        blueprints=views.ROUTES,
        texts=TEXTS,
        settings=settings,
        keys=keys,
    )
