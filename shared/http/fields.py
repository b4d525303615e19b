"""The fields of request and answer schemas: strict about types, clean about text, and silent prose: faults are codes.

Marshmallow does the walking; what it says in English is replaced by codes as fields are bound to a schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import marshmallow as ma
from marshmallow import validate

from shared.http.codes import CURRENCIES, Code, Length, OneOf, Range, in_codes
from shared.http.values import Boolean, DateField, Email, IdField, Integer, String, Text, Utc
from shared.money import Money

Nested = ma.fields.Nested
Dict = ma.fields.Dict
Raw = ma.fields.Raw
Float = ma.fields.Float
OPTIONAL: Mapping[str, Any] = {"optional": True}

_MOST_MINOR = 10**15
_MOST_UNKNOWN = 20
"""Each field nobody knows is named in the refusal, up to so many; beyond that they are only counted."""


class Schema(ma.Schema):
    """A request's schema: what it does not name is refused."""

    class Meta:
        unknown = ma.RAISE

    error_messages = {"type": "not-an-object", "unknown": "unknown-field"}

    def load(self, data: Any, **options: Any) -> Any:
        """Judge `data`; far more fields than there are cost no more than being counted."""
        if isinstance(data, Mapping) and len(data) > len(self.fields) + _MOST_UNKNOWN:
            raise ma.ValidationError(Code("too-many-fields", max=len(self.fields)))
        return super().load(data, **options)

    def on_bind_field(self, field_name: str, field_obj: ma.fields.Field[Any]) -> None:
        """Make the field complain in codes."""
        in_codes(field_obj)


class List(ma.fields.List[Any]):
    """Several values; how many is judged before any of them, so that a list beyond measure costs nothing."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list):
            for check in self.validators:
                if isinstance(check, Length):
                    check(value)
        return super()._deserialize(value, attr, data, **kwargs)


class Out(Schema):
    """An answer's schema: every field is always there (null only with `allow_none=True`), unless marked OPTIONAL."""


def _currency(value: str) -> None:
    if value not in CURRENCIES:
        raise ma.ValidationError("not-a-currency")


class MoneySchema(Schema):
    """An amount in the currency's smallest unit."""

    amount_minor = Integer(
        required=True, validate=Range(min=-_MOST_MINOR, max=_MOST_MINOR), metadata={"example": 1250000}
    )
    currency = String(required=True, validate=_currency, metadata={"example": "USD", "pattern": "^[A-Z]{3}$"})


class MoneyField(ma.fields.Nested):
    """Money `{amount_minor, currency}`; loads to `Money`."""

    def __init__(self, *, negative: bool = True, **kwargs: Any) -> None:
        self.negative = negative
        super().__init__(MoneySchema, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, partial: Any = None, **kwargs: Any) -> Money:
        plain = super()._deserialize(value, attr, data, partial, **kwargs)
        if not self.negative and plain["amount_minor"] < 0:
            raise ma.ValidationError({"amount_minor": [Code("too-small", min=0)]})
        return Money(plain["amount_minor"], plain["currency"])


class RecordOut(Out):
    """What every record answers with."""

    id = String()
    version = Integer()
    created_at = Utc()
    created_by = String()
    updated_at = Utc()
    updated_by = String()
    owner_id = String(allow_none=True, metadata=OPTIONAL)
    owner_unit_id = String(allow_none=True, metadata=OPTIONAL)


class PageLinks(Out):
    """Where a list goes on; pass `next` or `prev` as `cursor`."""

    next = String(allow_none=True)
    prev = String(allow_none=True)
    limit = Integer()
    estimate = Integer(metadata=OPTIONAL)


def _named(name: str, base: type[Schema], fields: dict[str, Any], doc: str) -> type[Schema]:
    return type(name, (base,), {**fields, "__doc__": doc})


def _without_suffix(schema: type[ma.Schema]) -> str:
    return schema.__name__.removesuffix("Out").removesuffix("In").removesuffix("Schema")


def page_of(schema: type[ma.Schema]) -> type[Schema]:
    """The schema of a list's answer whose rows are `schema`."""
    fields = {"data": List(Nested(schema)), "page": Nested(PageLinks)}
    return _named(f"{_without_suffix(schema)}Page", Out, fields, "One page of a list.")


class BatchItems(List):
    """The items of a batch: counted here, each judged on its own later."""

    def __init__(self, schema: type[ma.Schema], limit: int, **kwargs: Any) -> None:
        self.limit = limit
        super().__init__(Nested(schema), validate=[Length(min=1, max=limit)], **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ma.ValidationError("not-a-list")
        return value


def batch_of(schema: type[ma.Schema], limit: int = 500) -> type[Schema]:
    """The body of a batch endpoint; `body["items"]` are raw, see `validate_items`."""
    fields = {"items": BatchItems(schema, limit, required=True)}
    return _named(
        f"{_without_suffix(schema)}Batch", Schema, fields, f"Up to {limit} items, each accepted or rejected on its own."
    )


class FaultOut(Out):
    """One fault of the input."""

    pointer = String()
    code = String()
    params = Dict()
    message = String()


class BatchResult(Out):
    """What became of one item."""

    index = Integer()
    status = String(validate=OneOf(["created", "updated", "unchanged", "rejected"]))
    id = String(metadata=OPTIONAL)
    errors = List(Nested(FaultOut), metadata=OPTIONAL)


class BatchSummary(Out):
    """How many of each."""

    created = Integer()
    unchanged = Integer()
    rejected = Integer()
    updated = Integer(metadata=OPTIONAL)


class BatchOut(Out):
    """What became of a batch, item by item."""

    results = List(Nested(BatchResult))
    summary = Nested(BatchSummary)


def choices_of(values: Iterable[Any]) -> list[str]:
    """The texts of an enum's members or of plain values."""
    return [str(getattr(value, "value", value)) for value in values]


__all__ = [
    "OPTIONAL",
    "BatchOut",
    "Boolean",
    "DateField",
    "Dict",
    "Email",
    "Float",
    "IdField",
    "Integer",
    "Length",
    "List",
    "MoneyField",
    "MoneySchema",
    "Nested",
    "OneOf",
    "Out",
    "Range",
    "Raw",
    "RecordOut",
    "Schema",
    "String",
    "Text",
    "Utc",
    "batch_of",
    "choices_of",
    "page_of",
    "validate",
]
