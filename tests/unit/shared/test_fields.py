"""Fields: strict about what they take, and telling in codes what they refuse."""

from datetime import UTC, datetime
from enum import StrEnum

import marshmallow as ma
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import FieldError
from shared.http.codes import faults
from shared.http.fields import (
    Boolean,
    DateField,
    Email,
    IdField,
    Integer,
    Length,
    List,
    MoneyField,
    Nested,
    OneOf,
    Range,
    Schema,
    String,
    Text,
    Utc,
)
from shared.http.texts import FIELD_TEXTS, TEXTS
from shared.ids import new_id
from shared.money import Money

pytestmark = pytest.mark.unit


class Colour(StrEnum):
    RED = "red"


def loads(field, value):
    return Schema.from_dict({"field": field})().load({"field": value})["field"]


def refusal(field, value):
    with pytest.raises(ma.ValidationError) as caught:
        Schema.from_dict({"field": field})().load({"field": value})
    [fault] = faults(caught.value.messages)
    return fault.code


DEAL = new_id("deal")


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        (Text(5), "  a b ", "a b"),
        (Text(5, blank=True), "  ", ""),
        (Text(500), "a\nb", "a\nb"),
        (Text(5), "公海池客户", "公海池客户"),
        (String(), " a ", " a "),
        (Email(), " ann@example.com ", "ann@example.com"),
        (IdField("deal"), DEAL, DEAL),
        (Integer(), -3, -3),
        (Boolean(), False, False),
        (Utc(), "2026-01-31T10:00:00.123456+01:00", datetime(2026, 1, 31, 9, 0, 0, 123000, tzinfo=UTC)),
        (Utc(), "2026-01-31T09:00:00Z", datetime(2026, 1, 31, 9, tzinfo=UTC)),
        (DateField(), "2024-02-29", "2024-02-29"),
        (MoneyField(), {"amount_minor": -5, "currency": "EUR"}, Money(-5, "EUR")),
        (MoneyField(allow_none=True), None, None),
        (String(validate=OneOf(list(Colour))), "red", "red"),
    ],
)
def test_what_fits_is_taken(field, value, expected):
    loaded = loads(field, value)
    assert (loaded, type(loaded)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        (Text(5), "   ", "blank"),
        (Text(5), "abcdef", "too-long"),
        (Text(5), 3, "not-text"),
        (Text(5), None, "null"),
        (Text(5), "a\nb", "control-characters"),
        (Text(500), "a\x00b", "control-characters"),
        (Text(500), "a\x1bb", "control-characters"),
        (String(), "a\ud800", "control-characters"),
        (Email(), "ann", "not-an-email"),
        (Email(), "ann@example", "not-an-email"),
        (Email(), "a b@example.com", "not-an-email"),
        (IdField("deal"), new_id("lead"), "not-an-id"),
        (IdField("deal"), DEAL.upper(), "not-an-id"),
        (IdField("deal"), DEAL + "\n", "not-an-id"),
        (IdField("deal"), {"$ne": None}, "not-an-id"),
        (Integer(), "3", "not-an-integer"),
        (Integer(), 3.0, "not-an-integer"),
        (Integer(), True, "not-an-integer"),
        (Integer(), 2**63, "not-an-integer"),
        (Boolean(), 1, "not-a-boolean"),
        (Boolean(), "true", "not-a-boolean"),
        (Utc(), "2026-01-31T09:00:00", "not-an-instant"),
        (Utc(), "2026-01-31", "not-an-instant"),
        (Utc(), 5, "not-an-instant"),
        (Utc(), "0001-01-01T00:00:00+14:00", "not-an-instant"),
        (DateField(), "2026-02-30", "not-a-date"),
        (DateField(), "20260131", "not-a-date"),
        (DateField(), "2026-W05", "not-a-date"),
        (MoneyField(), 5, "not-an-object"),
        (MoneyField(), {"amount_minor": 10**15 + 1, "currency": "EUR"}, "out-of-range"),
        (MoneyField(), {"amount_minor": 1, "currency": "eur"}, "not-a-currency"),
        (MoneyField(), {"currency": "EUR"}, "required"),
        (MoneyField(negative=False), {"amount_minor": -1, "currency": "EUR"}, "too-small"),
        (String(validate=OneOf(list(Colour))), "blue", "not-one-of"),
        (Integer(validate=Range(min=1)), 0, "too-small"),
        (Integer(validate=Range(max=1)), 2, "too-big"),
        (List(String(), validate=Length(max=1)), ["a", "b"], "too-many-items"),
        (List(String()), "a", "not-a-list"),
        (ma.fields.String(validate=ma.validate.Length(max=1)), "ab", "too-long"),
        (ma.fields.String(validate=ma.validate.OneOf(["a"])), "b", "not-one-of"),
        (ma.fields.String(validate=ma.validate.Regexp("a")), "b", "wrong-format"),
        (ma.fields.List(ma.fields.Integer()), [None], "null"),
        (ma.fields.Url(), "x", "not-a-url"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_code_that_has_texts(field, value, code):
    assert refusal(field, value) == code
    assert set(FIELD_TEXTS[code]) == {"en", "zh-CN"}


def test_faults_point_into_lists_and_objects():
    class Line(Schema):
        product = String(required=True)

    class Order(Schema):
        lines = List(Nested(Line))

    with pytest.raises(ma.ValidationError) as caught:
        Order().load({"lines": [{"product": "a"}, {"a/b~c": 1}], "": 1})
    assert set(map(repr, faults(caught.value.messages))) == {
        repr(FieldError("/lines/1/product", "required")),
        repr(FieldError("/lines/1/a~1b~0c", "unknown-field")),
        repr(FieldError("/", "unknown-field")),
    }


@given(st.text(alphabet=st.characters(codec=None), max_size=30))
def test_no_text_gets_through_that_cannot_be_stored(value):
    try:
        loaded = loads(Text(500), value)
    except ma.ValidationError:
        return
    assert loaded == loaded.strip() and loaded
    assert "\x00" not in loaded
    loaded.encode()


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=4))
def test_no_field_breaks_on_strange_input(value):
    for field in (Text(9), Email(), IdField("deal"), Integer(), Boolean(), Utc(), DateField(), MoneyField()):
        messages = Schema.from_dict({"field": field})().validate({"field": value})
        assert all(fault.code in FIELD_TEXTS for fault in faults(messages))


def test_every_text_exists_in_both_languages_with_the_same_numbers():
    import string

    def named(text):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for texts in FIELD_TEXTS.values():
        assert named(texts["en"]) == named(texts["zh-CN"])
    for both in TEXTS.values():
        assert named("".join(both["en"])) == named("".join(both["zh-CN"]))
