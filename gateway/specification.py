"""`/openapi.json`: the merged document, written once per reading of the services' own."""

from functools import lru_cache

import orjson
from flask import Blueprint, Response

from gateway.openapi import merge
from gateway.sources import Sources
from shared.version import VERSION

_MAX_AGE = 30


def specification(sources: Sources) -> Blueprint:
    """The address of the API's document."""
    blueprint = Blueprint("specification", __name__)

    @lru_cache(maxsize=1)
    def written(_revision: int) -> bytes:
        return orjson.dumps(merge(sources.documents(), version=VERSION, unavailable=sources.missing))

    @blueprint.get("/openapi.json")
    def document() -> Response:
        sources.documents()
        missing = sources.missing
        response = Response(written(sources.revision), content_type="application/json")
        response.headers["Cache-Control"] = "no-store" if missing else f"public, max-age={_MAX_AGE}"
        return response

    return blueprint
