"""The shapes of reports on the wire, made from what each report declares."""

from __future__ import annotations

import dataclasses
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from services.reporting.domain.report import Parameter, Report
from shared.http.fields import (
    Dict,
    Integer,
    List,
    MoneyField,
    Nested,
    OneOf,
    Out,
    Schema,
    String,
    Text,
    validate,
)
from shared.money import Money


def query_schema(report: Report) -> type[Schema]:
    """The query string a report accepts."""
    accepted = {parameter.name: _parameter(parameter) for parameter in report.parameters}
    return _named(Schema, f"{_camel(report.name)}Query", accepted, f"What the {report.name} report can be asked.")


@cache
def answer_schema(shape: type) -> type[Out]:
    """The answer a dataclass describes; a field is nullable where its type says so."""
    hints = get_type_hints(shape)
    answered = {field.name: _field(hints[field.name]) for field in dataclasses.fields(shape)}
    return _named(Out, f"{shape.__name__}Out", answered, shape.__doc__ or "")


def _parameter(parameter: Parameter) -> Any:
    checks: list[Any] = [OneOf(parameter.choices)] if parameter.choices else []
    if parameter.pattern:
        checks.append(validate.Regexp(parameter.pattern))
    options: dict[str, Any] = {"metadata": {"description": parameter.meaning}, "validate": checks}
    if parameter.default is not None:
        options["load_default"] = parameter.default
    return Text(128, **options)


def _field(hint: Any, *, nullable: bool = False) -> Any:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        (inner,) = (part for part in get_args(hint) if part is not NoneType)
        return _field(inner, nullable=True)
    if origin is list:
        return List(_field(get_args(hint)[0]), allow_none=nullable)
    if origin is dict:
        return Dict(keys=String(), values=_field(get_args(hint)[1]), allow_none=nullable)
    if hint is Money:
        return MoneyField(allow_none=nullable)
    if dataclasses.is_dataclass(hint):
        return Nested(answer_schema(hint), allow_none=nullable)
    return {str: String, int: Integer}[hint](allow_none=nullable)


def _named(parent: type[Any], name: str, fields: dict[str, Any], doc: str) -> type[Any]:
    return type(name, (parent,), {**fields, "__doc__": doc})


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("-"))
