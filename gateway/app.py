"""The small application beside Envoy: the merged API document, its docs page, the first page a visitor sees.

It owns no data and is in the way of no request: while it is down the API goes on.
"""

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from gateway.event_schemas import event_schemas
from gateway.pages import pages
from gateway.sources import Fetch, Sources, over_http
from gateway.specification import specification
from shared.config import Settings
from shared.http.context import readable_request_id
from shared.http.problems import Catalogue, respond
from shared.ids import new_id
from shared.telemetry import Trail, begin, configure_logs, current, new_traceparent, parse_traceparent
from shared.version import VERSION


def create_app(settings: Settings | None = None, *, fetch: Fetch | None = None) -> Flask:
    """The gateway's application; `fetch` reads the services' documents, over HTTP unless told otherwise."""
    settings = settings or Settings.from_environment()
    configure_logs(settings)
    app = Flask("gateway", static_folder=None)
    app.before_request(_begin)
    app.after_request(_finish)
    app.register_error_handler(Exception, _refuse)
    app.register_error_handler(HTTPException, _refuse)
    app.register_blueprint(pages())
    urls = {name: url for name, url in settings.service_urls.items() if url}
    app.register_blueprint(specification(Sources(urls, fetch or over_http())))
    app.register_blueprint(event_schemas())
    _add_health(app)
    return app


def _begin() -> None:
    traceparent = request.headers.get("traceparent")
    if traceparent is None or parse_traceparent(traceparent) is None:
        traceparent = new_traceparent()
    request_id = readable_request_id(request.headers.get("X-Request-Id")) or new_id("req")
    begin(Trail(request_id=request_id, traceparent=traceparent))


def _finish(response: Response) -> Response:
    response.headers["X-Request-Id"] = current().request_id
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _refuse(error: Exception) -> Response:
    return respond(error, request, Catalogue({}))


def _add_health(app: Flask) -> None:
    """It depends on nothing to serve, so it is ready as soon as it answers."""

    def livez() -> dict[str, str]:
        return {"status": "ok"}

    def readyz() -> dict[str, str]:
        return {"status": "ok"}

    def version() -> dict[str, str]:
        return {"service": "gateway", "version": VERSION}

    for view in (livez, readyz, version):
        app.add_url_rule(f"/{view.__name__}", view.__name__, view)
