"""Contacts: people at an account; who they are stays out of events."""

import pytest

from tests.service.accounts.test_accounts import an_account

pytestmark = pytest.mark.service


def a_contact(person, account, **fields):
    answer = person.post("/v1/contacts", {"account_id": account["id"], "name": "Chen Wei", **fields})
    assert answer.status == 201, answer.json
    return answer.json


def contact_events(company):
    return [event for event in company.events("accounts") if event["subject"].startswith("contact/")]


def test_a_contact_is_a_person_at_an_account(acme):
    account = an_account(acme.rep)
    contact = a_contact(acme.rep, account, email="chen.wei@example.com", role="technical_lead")

    assert (contact["account_id"], contact["owner_id"]) == (account["id"], acme.rep.id)
    assert acme.rep.get(f"/v1/contacts/{contact['id']}").json == contact
    [event] = contact_events(acme)
    assert event["data"]["contact"]["account_id"] == account["id"]
    assert "Chen" not in str(event) and "chen" not in str(event)


def test_a_change_of_personal_fields_is_told_without_them(acme):
    contact = a_contact(acme.rep, an_account(acme.rep))
    answer = acme.rep.patch(f"/v1/contacts/{contact['id']}", {"phone": "555-0199", "role": "supporter"}, if_match=1)

    assert answer.json["phone"] == "555-0199"
    changes = contact_events(acme)[-1]["data"]["changes"]
    assert changes == {"phone": {"redacted": True}, "role": {"from": None, "to": "supporter"}}


def test_the_account_must_be_within_reach(acme, globex):
    foreign = an_account(globex.rep)
    colleagues = an_account(acme.as_("sales_rep", "colleague"))
    for account in (foreign, colleagues):
        with acme.unchanged():
            refusal = acme.rep.post("/v1/contacts", {"account_id": account["id"], "name": "X"})
        assert (refusal.status, refusal.json["errors"][0]["pointer"]) == (422, "/account_id")


def test_contacts_of_an_account_are_listed(acme):
    here, there = an_account(acme.rep), an_account(acme.rep)
    names = [a_contact(acme.rep, here, name=name)["name"] for name in ("A", "B")]
    a_contact(acme.rep, there, name="C")

    found = acme.rep.get(f"/v1/contacts?filter[account_id][eq]={here['id']}&sort=created_at").json["data"]
    assert [contact["name"] for contact in found] == names


@pytest.mark.parametrize(("if_match", "status"), [(None, 428), (3, 412)])
def test_a_change_names_the_version_it_is_based_on(acme, if_match, status):
    contact = a_contact(acme.rep, an_account(acme.rep))
    with acme.unchanged():
        assert acme.rep.patch(f"/v1/contacts/{contact['id']}", {"role": "x"}, if_match=if_match).status == status


def test_another_companys_contact_does_not_exist(acme, globex):
    contact = a_contact(acme.rep, an_account(acme.rep))
    path = f"/v1/contacts/{contact['id']}"
    with acme.unchanged():
        assert globex.admin.get(path).status == 404
        assert globex.admin.patch(path, {"role": "x"}, if_match=1).status == 404
