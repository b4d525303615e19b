"""Holding answers to what the route declares: strict, and only in tests. Production trusts what tests have seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import marshmallow as ma

from shared.http.validation import made

_JSON_TYPES: tuple[tuple[type[Any], tuple[type, ...]], ...] = (
    (ma.fields.Boolean, (bool,)),
    (ma.fields.Integer, (int,)),
    (ma.fields.Number, (int, float)),
    (ma.fields.String, (str,)),
    (ma.fields.DateTime, (str,)),
    (ma.fields.Mapping, (dict,)),
    (ma.fields.List, (list,)),
)


def check(schema: type[ma.Schema], data: Any, *, partial: bool = False) -> None:
    """Raise AssertionError, naming every place, when `data` is not exactly what `schema` declares."""
    found = list(_object(made(schema), data, "", partial=partial))
    if found:
        raise AssertionError(f"the answer is not a {schema.__name__}: " + "; ".join(found))


def _object(schema: ma.Schema, data: Any, at: str, *, partial: bool = False) -> Iterator[str]:
    if schema.many:
        yield from _each(data, at, lambda item, here: _object(made(type(schema)), item, here))
        return
    if not isinstance(data, dict):
        yield f"{at or '/'} is not an object"
        return
    names = {field.data_key or name: field for name, field in schema.fields.items()}
    for name in data.keys() - names.keys():
        if schema.unknown != ma.INCLUDE:
            yield f"{at}/{name} is not declared"
    for name, field in names.items():
        if name in data:
            yield from _value(field, data[name], f"{at}/{name}")
        elif not (partial or field.metadata.get("optional")):
            yield f"{at}/{name} is missing"


def _each(data: Any, at: str, judge: Any) -> Iterator[str]:
    if not isinstance(data, list):
        yield f"{at} is not a list"
        return
    for index, item in enumerate(data):
        yield from judge(item, f"{at}/{index}")


def _value(field: Any, value: Any, at: str) -> Iterator[str]:
    if value is None:
        if not field.allow_none:
            yield f"{at} is null"
        return
    if isinstance(field, ma.fields.Nested):
        nested = field.schema
        yield from (
            _each(value, at, lambda item, here: _object(nested, item, here))
            if field.many
            else _object(nested, value, at)
        )
    elif isinstance(field, ma.fields.List):
        yield from _each(value, at, lambda item, here: _value(field.inner, item, here))
    else:
        yield from _scalar(field, value, at)


def _scalar(field: Any, value: Any, at: str) -> Iterator[str]:
    expected = next((types for kind, types in _JSON_TYPES if isinstance(field, kind)), None)
    if expected and (not isinstance(value, expected) or (isinstance(value, bool) and bool not in expected)):
        yield f"{at} is a {type(value).__name__}"
        return
    try:
        field.deserialize(value)
    except ma.ValidationError as error:
        yield f"{at}: {error.messages}"
