"""The OpenAPI document of a service: every declared route, with examples, errors and what it demands."""

from __future__ import annotations

import inspect
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import marshmallow as ma

from shared.http.fields import BatchItems, Email, FaultOut, IdField, Integer, List, MoneyField, Nested, Out, String
from shared.http.listing import DEFAULT_LIMIT, MOST

if TYPE_CHECKING:
    from shared.http.routes import Route

_PROBLEM = "application/problem+json"
_JSON = "application/json"


class Problem(Out):
    """Why a request was refused: `code` and `params` are stable, the texts follow Accept-Language."""

    type = String()
    title = String()
    status = Integer()
    detail = String()
    instance = String()
    code = String(metadata={"example": "not-found"})
    params = ma.fields.Dict()
    request_id = String()
    errors = List(Nested(FaultOut))


def operation(route: Route, resource: str) -> dict[str, Any]:
    """The operation object of a route."""
    summary, _, description = inspect.cleandoc(route.view.__doc__ or route.view.__name__).partition("\n\n")
    public = route.permission == "public"
    document: dict[str, Any] = {
        "operationId": f"{resource}_{route.view.__name__}".replace("-", "_"),
        "summary": " ".join(summary.split()),
        "description": description,
        "responses": _responses(route),
        "parameters": _parameters(route),
        "security": [] if public else [{"bearer": []}],
        "x-permission": route.permission,
        "x-if-match": route.if_match,
        "x-idempotency": _idempotency(route),
    }
    if route.accepts is not None:
        content = {"schema": route.accepts, "example": route.examples.get("request", example_of(route.accepts))}
        document["requestBody"] = {"required": _needs_body(route.accepts), "content": {_JSON: content}}
    return document


def _idempotency(route: Route) -> str:
    if route.method != "POST" or route.permission == "public":
        return "none"
    return "required" if route.idempotency_required else "accepted"


def _needs_body(schema: type[ma.Schema]) -> bool:
    return any(field.required for field in schema._declared_fields.values() if isinstance(field, ma.fields.Field))


def _responses(route: Route) -> dict[str, Any]:
    success: dict[str, Any] = {"description": HTTPStatus(route.status).phrase}
    if route.returns is not None:
        example = route.examples.get("response", example_of(route.returns))
        success["content"] = {_JSON: {"schema": route.returns, "example": example}}
    if route.if_match or "<" in route.path:
        success["headers"] = {
            "ETag": {"schema": {"type": "string"}, "description": "The version, a strong entity tag."}
        }
    problems = {str(status): _problem(status) for status in sorted(_statuses(route))}
    return {str(route.status): success, **problems}


def _problem(status: int) -> dict[str, Any]:
    return {"description": HTTPStatus(status).phrase, "content": {_PROBLEM: {"schema": Problem}}}


def _statuses(route: Route) -> set[int]:
    statuses = {429, 500, 503}
    if route.permission != "public":
        statuses |= {401, 403}
    if "<" in route.path:
        statuses |= {404}
    if route.method != "GET":
        statuses |= {400, 409, 422}
    if route.accepts is not None:
        statuses |= {413, 415}
    if route.query is not None or route.listing is not None:
        statuses |= {400, 422}
    if route.if_match:
        statuses |= {412, 428}
    return statuses


def _parameters(route: Route) -> list[Any]:
    parameters: list[Any] = []
    if route.query is not None:
        parameters.append({"in": "query", "schema": route.query})
    if route.listing is not None:
        parameters += _listing_parameters(route)
    if route.if_match:
        example = {"example": '"3"', "description": "The ETag of the version the change is based on."}
        parameters.append(_parameter("If-Match", "header", {"type": "string"}, required=True, **example))
    if _idempotency(route) != "none":
        schema = {"type": "string", "minLength": 1, "maxLength": 255}
        parameters.append(_parameter("Idempotency-Key", "header", schema, required=route.idempotency_required))
    return parameters


def _parameter(name: str, place: str, schema: dict[str, Any], *, required: bool = False, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": place, "required": required, "schema": schema, **more}


def _listing_parameters(route: Route) -> list[dict[str, Any]]:
    listing = route.listing
    assert listing is not None
    sorts = [name for field in listing.sort for name in (field, f"-{field}")]
    limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT}
    parameters = [
        _parameter("limit", "query", limit),
        _parameter("cursor", "query", {"type": "string"}),
        _parameter("sort", "query", {"type": "string", "enum": sorts, "default": listing.default_sort}),
        _parameter("fields", "query", {"type": "string"}, description="Names of fields to show, separated by commas."),
        _parameter("count", "query", {"type": "string", "enum": ["estimate"]}),
    ]
    for name, declared in listing.filters.items():
        for op in declared.ops:
            kind = "boolean" if op == "exists" else {"int": "integer", "bool": "boolean"}.get(declared.kind, "string")
            schema = {"type": "string" if op == "in" else kind}
            parameters.append(_parameter(f"filter[{name}][{op}]", "query", schema))
    return parameters


def example_of(schema: type[ma.Schema], depth: int = 0) -> dict[str, Any]:
    """An example made from the fields' own examples and kinds."""
    return {
        field.data_key or name: _example(name, field, depth)
        for name, field in schema._declared_fields.items()
        if isinstance(field, ma.fields.Field)
    }


def _example(name: str, field: Any, depth: int) -> Any:
    if "example" in field.metadata:
        return field.metadata["example"]
    if isinstance(field, BatchItems | ma.fields.List):
        return [_example(name, field.inner, depth)]
    if isinstance(field, MoneyField):
        return {"amount_minor": 1250000, "currency": "USD"}
    if isinstance(field, ma.fields.Nested):
        nested = field.nested if isinstance(field.nested, type) else type(field.schema)
        return example_of(nested, depth + 1) if depth < 4 else {}
    for validator in field.validators:
        if isinstance(validator, ma.validate.OneOf) and validator.choices:
            choice = next(iter(validator.choices))
            return getattr(choice, "value", choice)
        if isinstance(validator, ma.validate.Range) and validator.min is not None:
            return validator.min
    return _plain_example(name, field)


def _plain_example(name: str, field: Any) -> Any:
    by_kind: tuple[tuple[type[Any], Any], ...] = (
        (ma.fields.Boolean, True),
        (ma.fields.Number, 1),
        (ma.fields.DateTime, "2026-01-31T09:00:00.000Z"),
        (ma.fields.Date, "2026-01-31"),
        (ma.fields.Mapping, {}),
        (Email, "ann.lee@example.com"),
        (IdField, f"{getattr(field, 'kind', 'id')}_01kq3v9w2n8x5t7r4m6c1d0b2a"),
    )
    for kind, example in by_kind:
        if isinstance(field, kind):
            return example
    return name.replace("_", " ")


def finished(document: dict[str, Any]) -> dict[str, Any]:
    """The document with what the generator cannot know: which answer fields are always there, one form of problems."""
    schemas = document.get("components", {}).get("schemas", {})
    requests = _reachable([op.get("requestBody", {}) for op in _operations(document)], schemas)
    for name, schema in schemas.items():
        if name not in requests and "properties" in schema:
            _as_answer(schema)
    for op in _operations(document):
        op["responses"].pop("default", None)
    document["components"].pop("responses", None)
    used = _reachable(document["paths"], schemas)
    document["components"]["schemas"] = {name: schemas[name] for name in sorted(used)}
    return document


def _as_answer(schema: dict[str, Any]) -> None:
    """Answers may gain fields; those declared are all there, unless marked optional."""
    schema.pop("additionalProperties", None)
    always = [name for name, shape in schema["properties"].items() if not shape.pop("x-optional", False)]
    if always:
        schema["required"] = always


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [op for item in document["paths"].values() for op in item.values() if isinstance(op, dict)]


def _reachable(start: Any, schemas: dict[str, Any]) -> set[str]:
    seen: set[str] = set()
    pending = [start]
    while pending:
        node = pending.pop()
        if isinstance(node, list):
            pending += node
        elif isinstance(node, dict):
            name = str(node.get("$ref", "")).rpartition("/")[2]
            if name in schemas and name not in seen:
                seen.add(name)
                pending.append(schemas[name])
            pending += node.values()
    return seen
