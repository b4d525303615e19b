"""Batches by external id: new, unchanged or clashing, the first of a batch counting as stored for the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.batch import digest, settle
from shared.errors import FieldError

pytestmark = pytest.mark.unit

items = st.lists(
    st.fixed_dictionaries({"name": st.sampled_from("ab")}, optional={"external_id": st.sampled_from("xyz")}),
    max_size=12,
)


@given(first=items, second=items)
def test_every_item_ends_up_in_exactly_one_place(first, second):
    batch = list(enumerate(first + second))
    settled = settle(batch, {}, kind="lead")

    indexes = [item.index for item in settled.fresh] + [index for index, _ in settled.unchanged] + settled.clashing
    assert sorted(indexes) == [index for index, _ in batch]


@given(batch=items)
def test_what_was_taken_in_is_unchanged_the_second_time(batch):
    first = settle(enumerate(batch), {}, kind="lead")
    known = {
        item.fields["external_id"]: (item.id, item.digest) for item in first.fresh if item.fields.get("external_id")
    }
    named = [(item.index, item.fields) for item in first.fresh if item.fields.get("external_id")]
    again = settle(named, known, kind="lead")

    assert (again.fresh, again.clashing) == ([], [])
    assert again.unchanged == [(item.index, item.id) for item in first.fresh if item.fields.get("external_id")]


def test_the_digest_does_not_depend_on_the_order_of_fields():
    assert digest({"a": 1, "b": None}) == digest({"b": None, "a": 1}) != digest({"a": 1})


def test_who_repeats_an_item_shares_its_fate():
    one, other = {"external_id": "x", "name": "a"}, {"external_id": "y", "name": "b"}
    settled = settle(enumerate([one, other, one, other, {**other, "name": "c"}]), {}, kind="lead")
    fit, unfit = settled.fresh
    reason = FieldError("/name", "duplicate")
    taken = settled.taken(unfit={unfit.id: reason}, refused={5: reason})

    assert (taken.created, taken.unchanged) == ([(0, fit.id)], [(2, fit.id)])
    assert taken.refused[:3] == [(5, reason), (1, reason), (3, reason)]
    [(index, clash)] = taken.refused[3:]
    assert (index, clash.code) == (4, "external-id-taken")
