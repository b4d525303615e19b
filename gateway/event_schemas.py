"""Where an envelope's `dataschema` leads: the JSON Schema of each event type's `data`, made from the code's types."""

import importlib
import pkgutil
from functools import cache
from typing import Any

import msgspec
from flask import Blueprint, Response

import shared.events
from shared.errors import NotFound
from shared.events.envelope import EVENTS, SCHEMA_BASE, schema_of


def event_schemas() -> Blueprint:
    """GET /schemas/events (the list) and /schemas/events/<type>.json."""
    blueprint = Blueprint("event_schemas", __name__)
    base = SCHEMA_BASE.rstrip("/")
    blueprint.add_url_rule(base, "index", _index)
    blueprint.add_url_rule(f"{base}/<event_type>.json", "schema", _schema)
    return blueprint


@cache
def published() -> dict[str, Any]:
    """Event type → the schema of its data."""
    for module in pkgutil.iter_modules(shared.events.__path__):
        importlib.import_module(f"shared.events.{module.name}")
    return {
        name: {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": schema_of(name),
            "title": name,
            "description": (cls.__doc__ or "").strip(),
            **msgspec.json.schema(cls),
        }
        for name, cls in sorted(EVENTS.items())
        if cls.__module__.startswith("shared.events.")
    }


def _index() -> dict[str, Any]:
    return {"data": [{"type": name, "schema": schema_of(name)} for name in published()]}


def _schema(event_type: str) -> Response:
    schema = published().get(event_type)
    if schema is None:
        raise NotFound(id=event_type)
    return Response(msgspec.json.encode(schema), mimetype="application/schema+json")
