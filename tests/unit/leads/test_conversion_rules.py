"""What a lead becomes: nothing it knew is lost, nothing is made where something exists."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.leads.domain.conversion import Choice, contact_of
from services.leads.domain.lead import Lead, Owner, Person
from shared.money import Money

pytestmark = pytest.mark.unit

AT = datetime(2026, 3, 2, tzinfo=UTC)
IDS = {"acc": "acc_new", "con": "con_new", "deal": "deal_new"}
maybe = st.none() | st.just("x")


def a_lead(**fields):
    lead = Lead(id="lead_1", tenant_id="ten_acme", company_name="Nordic Wind Power", **fields)
    lead.enter(Owner("usr_fang", "unit_north"), None, at=AT)
    return lead


@given(
    account_id=st.none() | st.just("acc_old"),
    contact_id=st.none() | st.just("con_old"),
    deal=st.none() | st.just({"name": "Wind park"}),
    name=maybe,
    email=maybe,
)
def test_every_id_is_told_and_only_what_is_new_comes_with_content(account_id, contact_id, deal, name, email):
    lead = a_lead(person=Person(name=name, email=email))
    event = Choice(account_id, contact_id, deal).convert(lead, IDS, at=AT)

    assert event.account_id == (account_id or "acc_new")
    assert (event.account is None) == (account_id is not None)
    known = name is not None or email is not None
    assert event.contact_id == (contact_id or ("con_new" if known else None))
    assert (event.contact is None) == (contact_id is not None or not known)
    assert event.deal_id == ("deal_new" if deal else None)
    assert (event.deal is None) == (deal is None)
    assert (lead.account_id, lead.contact_id, lead.deal_id) == (event.account_id, event.contact_id, event.deal_id)
    assert (event.owner_id, event.owner_unit_id) == ("usr_fang", "unit_north")


def test_a_person_known_only_by_mail_is_called_by_it():
    contact = contact_of(a_lead(person=Person(email="liu@example.com", phone="1")))

    assert contact is not None
    assert (contact.name, contact.email, contact.phone) == ("liu@example.com", "liu@example.com", "1")


def test_the_deal_takes_the_leads_amount_and_products_unless_told_otherwise():
    lead = a_lead(estimated_amount=Money(500, "USD"), product_ids=["prod_1"])
    told = Choice(deal={"name": "D", "amount": None, "product_ids": []})
    untold = Choice(deal={"name": "D"})

    event = untold.convert(a_lead(estimated_amount=Money(500, "USD"), product_ids=["prod_1"]), IDS, at=AT)
    assert event.deal is not None
    assert (event.deal.amount, event.deal.product_ids) == (Money(500, "USD"), ["prod_1"])
    event = told.convert(lead, IDS, at=AT)
    assert event.deal is not None
    assert (event.deal.amount, event.deal.product_ids) == (None, [])
