"""Accounts and contacts: what a change tells, and that the tree stays a tree."""

import pytest

from services.accounts.domain.account import Account
from services.accounts.domain.contact import Contact
from services.accounts.domain.errors import OwnParent

pytestmark = pytest.mark.unit


def an_account(**fields):
    return Account(id="acc_1", tenant_id="ten_acme", name="Jade River Foods", **fields)


def test_a_change_tells_from_what_to_what_and_nothing_when_nothing_changed():
    account = an_account(industry="food")

    assert account.change({"industry": "food"}, above_parent=[]) is None
    event = account.change({"industry": "beverages"}, above_parent=[])
    assert event is not None
    assert event.changes == {"industry": {"from": "food", "to": "beverages"}}
    assert (event.account.industry, event.account.version) == ("beverages", 1)


def test_an_account_is_not_put_beneath_itself():
    account = an_account()
    with pytest.raises(OwnParent):
        account.change({"parent_account_id": "acc_3"}, above_parent=["acc_3", "acc_2", "acc_1"])

    assert account.parent_account_id is None


def test_a_contacts_person_is_not_told():
    contact = Contact(id="con_1", tenant_id="ten_acme", account_id="acc_1", name="Chen Wei")
    event = contact.change({"name": "Chen Wei-Ling", "role": "supporter"})

    assert event is not None
    assert event.changes == {"name": {"redacted": True}, "role": {"from": None, "to": "supporter"}}
    assert "Chen" not in repr(event)
