"""What a converted lead promised appears under exactly its ids, once, however often it is told."""

import pytest

from shared.clock import now
from shared.events.envelope import Envelope
from shared.events.leads import LeadConverted, LeadSnapshot, NewAccount, NewContact
from shared.ids import new_id
from shared.outbox import Cause, row

pytestmark = pytest.mark.service


def a_conversion(company, **fields):
    lead = LeadSnapshot(id=new_id("lead"), version=2, state="converted", company_name="Jade River Foods")
    event = LeadConverted(
        lead=lead,
        **{
            "account_id": new_id("acc"),
            "contact_id": new_id("con"),
            "account": NewAccount(name="Jade River Foods", country="CN"),
            "contact": NewContact(name="Chen Wei", email="chen.wei@example.com"),
            "owner_id": company.rep.id,
            "owner_unit_id": company.unit_id,
            **fields,
        },
    )
    cause = Cause(by=company.rep.id, correlation_id="req_1")
    news = row("leads", company.tenant_id, lead.id, 2, event, at=now(), cause=cause)
    return event, Envelope.decode(news["payload"])


def deliver(company, *envelopes):
    company.platform.consumer("accounts").deliver([("crm.leads.v1", envelope) for envelope in envelopes])


def test_account_and_contact_are_created_with_the_leads_owner(acme):
    event, envelope = a_conversion(acme)
    deliver(acme, envelope)

    account = acme.rep.get(f"/v1/accounts/{event.account_id}").json
    contact = acme.rep.get(f"/v1/contacts/{event.contact_id}").json
    assert (account["name"], account["country"], account["owner_id"]) == ("Jade River Foods", "CN", acme.rep.id)
    assert (contact["account_id"], contact["email"]) == (event.account_id, "chen.wei@example.com")
    assert account["created_from_lead"] == contact["created_from_lead"] == event.lead.id


def test_their_news_belongs_to_the_request_that_converted(acme):
    _, envelope = a_conversion(acme)
    deliver(acme, envelope)

    news = acme.events("accounts")
    assert [event["type"] for event in news] == ["crm.account.created", "crm.contact.created"]
    assert {event["correlationid"] for event in news} == {"req_1"}
    assert {event["causationid"] for event in news} == {envelope.id}
    assert {event["principal"] for event in news} == {acme.rep.id}


def test_told_twice_they_are_created_once(acme):
    _, envelope = a_conversion(acme)
    deliver(acme, envelope, envelope)
    with acme.unchanged():
        deliver(acme, envelope)
        acme.platform.mongo.database("accounts")["inbox"].delete_many({"tenant_id": acme.tenant_id})
        deliver(acme, envelope)


def test_an_edit_made_since_survives_a_repetition(acme):
    event, envelope = a_conversion(acme)
    deliver(acme, envelope)
    acme.rep.patch(f"/v1/accounts/{event.account_id}", {"name": "Jade River Group"}, if_match=1)
    acme.platform.mongo.database("accounts")["inbox"].delete_many({"tenant_id": acme.tenant_id})
    with acme.unchanged():
        deliver(acme, envelope)


def test_nothing_is_created_where_existing_records_were_chosen(acme):
    _, envelope = a_conversion(acme, account=None, contact=None)
    with acme.unchanged():
        deliver(acme, envelope)
