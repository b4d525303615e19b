"""The pipeline API process."""

from typing import Any

from flask import Flask

from services.pipeline import views
from services.pipeline.store import PipelineStore
from services.pipeline.texts import TEXTS
from shared.http import create_service_app


def create_app(**overrides: Any) -> Flask:
    """The pipeline service as a WSGI application; tests override its settings and keys."""
    return create_service_app("pipeline", store_class=PipelineStore, blueprints=views.ROUTES, texts=TEXTS, **overrides)
