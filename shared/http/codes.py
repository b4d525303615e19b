"""From marshmallow's prose to codes: messages, validators, and the JSON pointers of what they complain about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from typing import Any

import marshmallow as ma
from marshmallow import validate

from shared.errors import FieldError

CURRENCIES = frozenset(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY
    COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS
    INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP
    MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR
    SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND
    VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
    """.split()
)
_KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class Code(str):
    """A fault's code together with the numbers that belong to it, travelling as marshmallow's message."""

    params: dict[str, Any]

    def __new__(cls, code: str, **params: Any) -> Code:
        """A code with its numbers."""
        self = super().__new__(cls, code)
        self.params = params
        return self


class Length(validate.Length):
    """So many characters, or items."""

    def __call__(self, value: Any) -> Any:
        """Refuse a value of another size."""
        size = len(value)
        kind = ("too-short", "too-long") if isinstance(value, str) else ("too-few-items", "too-many-items")
        least, most = (self.equal, self.equal) if self.equal is not None else (self.min, self.max)
        if least is not None and size < least:
            raise ma.ValidationError(Code(kind[0], min=least))
        if most is not None and size > most:
            raise ma.ValidationError(Code(kind[1], max=most))
        return value


class Range(validate.Range):
    """A number, or date, between bounds."""

    def __call__(self, value: Any) -> Any:
        """Refuse a value outside."""
        low = self.min is not None and (value < self.min or (value == self.min and not self.min_inclusive))
        high = self.max is not None and (value > self.max or (value == self.max and not self.max_inclusive))
        if (low or high) and self.min is not None and self.max is not None:
            raise ma.ValidationError(Code("out-of-range", min=self.min, max=self.max))
        if low:
            raise ma.ValidationError(Code("too-small", min=self.min))
        if high:
            raise ma.ValidationError(Code("too-big", max=self.max))
        return value


class OneOf(validate.OneOf):
    """One of a closed set."""

    def __call__(self, value: Any) -> Any:
        """Refuse anything else."""
        try:
            if value in self.choices:
                return value
        except TypeError:
            pass
        choices = [str(getattr(choice, "value", choice)) for choice in self.choices]
        raise ma.ValidationError(Code("not-one-of", choices=choices))


_CODES = {
    "required": "required",
    "null": "null",
    "validator_failed": "invalid-value",
    "unknown": "not-one-of",
    "type": "not-an-object",
    "invalid_utf8": "control-characters",
    "too_large": "not-a-number",
    "special": "not-a-number",
}
_INVALID: dict[type[Any], str] = {
    ma.fields.Boolean: "not-a-boolean",
    ma.fields.Integer: "not-an-integer",
    ma.fields.Number: "not-a-number",
    ma.fields.List: "not-a-list",
    ma.fields.Mapping: "not-an-object",
    ma.fields.Nested: "not-an-object",
    ma.fields.Url: "not-a-url",
    ma.fields.Email: "not-an-email",
    ma.fields.String: "not-text",
    ma.fields.Date: "not-a-date",
    ma.fields.DateTime: "not-an-instant",
}


_SAID: dict[type[Any], str] = {
    validate.Regexp: "wrong-format",
    validate.URL: "not-a-url",
    validate.Email: "not-an-email",
}


def in_codes(field: ma.fields.Field[Any]) -> None:
    """Replace what `field` would say in English by codes, and its validators by ours."""
    invalid = next((_INVALID[kind] for kind in type(field).__mro__ if kind in _INVALID), "wrong-type")
    field.error_messages = {
        key: text if _KEBAB.fullmatch(str(text)) else _CODES.get(key, invalid)
        for key, text in field.error_messages.items()
    }
    field.validators = [_ours(validator) for validator in field.validators]
    inner = getattr(field, "inner", None) or getattr(field, "value_field", None)
    if inner is not None:
        in_codes(inner)


def _ours(validator: Any) -> Any:
    if type(validator) is validate.Length:
        return Length(min=validator.min, max=validator.max, equal=validator.equal)
    if type(validator) is validate.Range:
        return Range(
            min=validator.min,
            max=validator.max,
            min_inclusive=validator.min_inclusive,
            max_inclusive=validator.max_inclusive,
        )
    if type(validator) is validate.OneOf:
        return OneOf(list(validator.choices))
    code = _SAID.get(type(validator))
    if code is not None and validator.error == validator.default_message:
        validator = copy(validator)
        validator.error = code
    return validator


def faults(messages: Any, pointer: str = "") -> Iterator[FieldError]:
    """The field errors in marshmallow's nested messages."""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from faults(inner, pointer if key == "_schema" else f"{pointer}/{_escaped(key)}")
    elif isinstance(messages, list):
        for inner in messages:
            yield from faults(inner, pointer)
    else:
        yield _fault(messages, pointer)


def _fault(message: Any, pointer: str) -> FieldError:
    text = str(message)
    if _KEBAB.fullmatch(text):
        return FieldError(pointer, text, getattr(message, "params", {}))
    return FieldError(pointer, "invalid-value")


def _escaped(key: Any) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")
