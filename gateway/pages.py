"""The pages people open: the first one, in the visitor's language, and the API's docs, which need no internet."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, send_from_directory
from swagger_ui_bundle import swagger_ui_path  # type: ignore[import-untyped]
from werkzeug.exceptions import NotFound

from gateway.texts import LANGUAGES, TEXTS
from shared.version import VERSION

_SWAGGER_FILES = frozenset({"swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"})
_ASSET_AGE = 24 * 3600
# Swagger UI sets style attributes from script; nothing else departs from what we serve ourselves.
_CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def pages() -> Blueprint:
    """The blueprint of all pages and their files."""
    blueprint = Blueprint("pages", __name__, template_folder="templates", static_folder="static", static_url_path=None)
    blueprint.add_url_rule("/", view_func=landing)
    blueprint.add_url_rule("/docs", view_func=docs)
    blueprint.add_url_rule("/docs/", endpoint="docs_slash", view_func=lambda: redirect("/docs", 308))
    blueprint.add_url_rule("/docs/assets/<name>", view_func=asset)
    blueprint.after_request(_protect)
    return blueprint


def landing() -> Response:
    """What this is and where to go on; `?lang=` overrules the browser's language."""
    language = _language()
    return _page("landing.html", text=TEXTS[language], language=language, origin=request.host_url.rstrip("/"))


def docs() -> Response:
    """The API's docs page."""
    return _page("docs.html", version=VERSION)


def asset(name: str) -> Response:
    """One file of the docs page: Swagger UI's as its package ships them, or one of ours."""
    if name in _SWAGGER_FILES:
        return send_from_directory(str(swagger_ui_path), name, max_age=_ASSET_AGE)
    if name != "docs.js":
        raise NotFound
    return send_from_directory("static", name, max_age=_ASSET_AGE)


def _language() -> str:
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        return asked
    return request.accept_languages.best_match(LANGUAGES, default=LANGUAGES[0]) or LANGUAGES[0]


def _page(template: str, **values: Any) -> Response:
    response = Response(render_template(template, **values), content_type="text/html; charset=utf-8")
    response.headers["Vary"] = "Accept-Language"
    return response


def _protect(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _CONTENT_POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
