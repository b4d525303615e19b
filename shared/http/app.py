"""The application of a service: its routes, its OpenAPI document, its health, and the one error handler."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import flask_smorest
import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from shared.auth.jwks import RemoteKeys
from shared.auth.tokens import KeySource, Verifier
from shared.config import Settings
from shared.http.context import Edge, edge
from shared.http.openapi import finished
from shared.http.problems import Catalogue, Texts, respond
from shared.http.routes import Routes, begin_call, finish
from shared.mongo import PyMongoError, deadline
from shared.pagination import Signer
from shared.ratelimit import Limiter
from shared.store import Store
from shared.telemetry import configure_logs, log
from shared.version import VERSION

MOST_BYTES = 8 * 1024 * 1024
_READY_SECONDS = 2.0


def create_service_app(
    service: str,
    *,
    store_class: type[Store],
    blueprints: Sequence[Routes],
    texts: Texts,
    settings: Settings | None = None,
    keys: KeySource | None = None,
) -> Flask:
    """The Flask application of a service. Nothing is connected yet: that happens at the first request.

    `keys` replaces the JWKS address in the settings: the issuer knows its own keys.
    """
    settings = settings or Settings.from_environment()
    configure_logs(settings)
    for warning in settings.warnings():
        log.warning(warning)
    app = Flask(service, static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=MOST_BYTES, CHECK_ANSWERS=False, PROVIDE_AUTOMATIC_OPTIONS=False)
    app.extensions["pelagic"] = Edge(
        service=service,
        settings=settings,
        store_class=store_class,
        verifier=Verifier(keys or RemoteKeys(settings.jwks_url)),
        limiter=Limiter(settings),
        catalogue=Catalogue(texts),
        signer=Signer(settings.cursor_key),
        config=app.config,
    )
    _publish(app, service, blueprints)
    _add_health(app, service)
    app.register_error_handler(HTTPException, _unrouted)
    app.register_error_handler(Exception, _unrouted)
    return app


def _publish(app: Flask, service: str, blueprints: Sequence[Routes]) -> None:
    app.config.update(API_TITLE=f"Pelagic {service}", API_VERSION="v1", OPENAPI_VERSION="3.1.0")
    api = flask_smorest.Api(app)
    api.ma_plugin.converter.add_attribute_function(_optional_mark)
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    for routes in blueprints:
        api.register_blueprint(routes.blueprint)

    @lru_cache(maxsize=1)
    def document() -> bytes:
        return orjson.dumps(finished(api.spec.to_dict()))

    app.add_url_rule("/openapi.json", "openapi", lambda: Response(document(), content_type="application/json"))


def _optional_mark(_converter: Any, field: Any, **_: Any) -> dict[str, Any]:
    return {"x-optional": True} if field.metadata.get("optional") else {}


def _add_health(app: Flask, service: str) -> None:
    def livez() -> dict[str, str]:
        return {"status": "ok"}

    def readyz() -> tuple[dict[str, str], int]:
        try:
            with deadline(_READY_SECONDS):
                edge().mongo.ping()
        except PyMongoError as error:
            log.warning("not_ready", reason=type(error).__name__)
            return {"status": "unavailable", "mongodb": "down"}, 503
        return {"status": "ok", "mongodb": "up"}, 200

    def version() -> dict[str, str]:
        return {"service": service, "version": VERSION}

    for view in (livez, readyz, version):
        app.add_url_rule(f"/{view.__name__}", view.__name__, view)


def _unrouted(error: Exception) -> Response:
    """What failed before or beside a route: no such address, wrong method, too large."""
    call = begin_call(edge(), request)
    return finish(call, respond(error, call.request, call.edge.catalogue))
