"""Judging input against a schema: a whole body, a query string, or a batch item by item."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import marshmallow as ma
import orjson
from flask import Request
from werkzeug.datastructures import MultiDict

from shared.errors import DomainError, FieldError
from shared.http.codes import Code, faults
from shared.http.problems import InvalidBody, InvalidQuery, MalformedJson, UnsupportedMediaType

Result = dict[str, Any]


@lru_cache(maxsize=1024)
def made(schema: type[ma.Schema]) -> ma.Schema:
    """An instance of a schema class, kept: making one is slow, using one from several threads is safe."""
    return schema()


def read_json(request: Request) -> Any:
    """The request's JSON; None when there is no body at all."""
    raw = request.get_data(cache=True)
    if not raw:
        return None
    mimetype = request.mimetype
    if mimetype != "application/json" and not mimetype.endswith("+json"):
        raise UnsupportedMediaType
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise MalformedJson from None


def load_body(schema: ma.Schema, plain: Any) -> dict[str, Any]:
    """The validated body; InvalidBody with a pointer for each fault otherwise."""
    try:
        loaded: dict[str, Any] = schema.load({} if plain is None else plain)
    except ma.ValidationError as error:
        raise InvalidBody(errors=list(faults(error.messages))) from None
    return loaded


def load_query(schema: ma.Schema, arguments: MultiDict[str, str]) -> dict[str, Any]:
    """The validated query parameters: texts become what the schema's fields expect."""
    plain = {name: _typed(schema.fields.get(name), texts) for name, texts in arguments.lists()}
    try:
        loaded: dict[str, Any] = schema.load(plain)
    except ma.ValidationError as error:
        raise InvalidQuery(errors=[_of_query(fault, schema) for fault in faults(error.messages)]) from None
    return loaded


def _of_query(fault: FieldError, schema: ma.Schema) -> FieldError:
    if fault.code == "unknown-field":
        return FieldError(f"?{fault.pointer[1:]}", "unknown-parameter", {"allowed": sorted(schema.fields)})
    return FieldError(f"?{fault.pointer[1:]}", fault.code, fault.params)


def _typed(field: Any, texts: list[str]) -> Any:
    if isinstance(field, ma.fields.List):
        return [_typed(field.inner, [part]) for text in texts for part in text.split(",") if part]
    text = texts[-1]
    if isinstance(field, ma.fields.Integer):
        return int(text) if text.removeprefix("-").isdecimal() and len(text) < 20 else text
    if isinstance(field, ma.fields.Boolean):
        return {"true": True, "false": False}.get(text, text)
    return text


def validate_items(
    schema: type[ma.Schema], items: Iterable[Any]
) -> tuple[list[tuple[int, dict[str, Any]]], list[Result]]:
    """A batch taken apart: `(index, data)` of the valid items, ready-made results of the others."""
    load = made(schema).load
    valid: list[tuple[int, dict[str, Any]]] = []
    refused: list[Result] = []
    for index, item in enumerate(items):
        try:
            valid.append((index, load(item)))
        except ma.ValidationError as error:
            refused.append(rejected(index, *faults(error.messages)))
    return valid, refused


def rejected(index: int, *reasons: DomainError | FieldError) -> Result:
    """The result of an item that was refused; the texts are added as it is answered."""
    errors = [fault for reason in reasons for fault in _faults_of(reason)]
    return {"index": index, "status": "rejected", "errors": errors}


def _faults_of(reason: DomainError | FieldError) -> list[FieldError]:
    if isinstance(reason, FieldError):
        return [reason]
    return reason.errors or [FieldError("", reason.code, reason.params)]


def require(condition: bool, code: str, **params: Any) -> None:
    """For a schema's own rules: refuse with `code` unless `condition`."""
    if not condition:
        raise ma.ValidationError(Code(code, **params))
