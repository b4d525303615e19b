"""Taking in many accounts or contacts at once: one transaction, as many round trips for two as for 500."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from services.accounts.domain.account import Account
from services.accounts.domain.contact import Contact
from services.accounts.domain.family import Member, rooted
from services.accounts.store import AccountsStore
from shared.batch import Fresh, Items, Taken, external_id_unique, external_ids, settle
from shared.errors import FieldError
from shared.store import Scope

Faults = Mapping[int, FieldError]


def create_accounts(store: AccountsStore, items: Items, *, owner: dict[str, Any], within: Scope) -> Taken:
    """Take in accounts; a parent named by external id may come in the same batch, before or after."""
    with external_id_unique():
        return store.transact(lambda: _create_accounts(store, items, owner, within))


def create_contacts(store: AccountsStore, items: Items, *, owner: dict[str, Any], within: Scope) -> Taken:
    """Take in contacts, at accounts named by id or by external id."""
    with external_id_unique():
        return store.transact(lambda: _create_contacts(store, items, owner, within))


@dataclass(frozen=True)
class Reached:
    """The accounts a batch refers to that exist within what the caller may read."""

    ids: frozenset[str]
    by_external_id: Mapping[str, str]

    @classmethod
    def among(cls, store: AccountsStore, items: Items, by_id: str, by_external_id: str, within: Scope) -> Reached:
        """Look up all references of a batch at once; the two names say in which fields they are."""
        ids = {fields[by_id] for _, fields in items if fields.get(by_id)}
        externals = {fields[by_external_id] for _, fields in items if fields.get(by_external_id)}
        found = store.readable_accounts(list(ids), list(externals), within)
        return cls(
            ids=frozenset(account.id for account in found),
            by_external_id={account.external_id: account.id for account in found if account.external_id},
        )


def _create_accounts(store: AccountsStore, items: Items, owner: dict[str, Any], within: Scope) -> Taken:
    reached = Reached.among(store, items, "parent_account_id", "parent_external_id", within)
    known = store.known_accounts(external_ids(items))
    faults = _parent_faults(items, reached, hidden=known.keys() - reached.by_external_id.keys())
    settled = settle(_without(items, faults), known, kind="acc")
    fresh = {item.fields["external_id"]: item.id for item in settled.fresh if item.fields.get("external_id")}
    parents = {**reached.by_external_id, **fresh}

    def account(item: Fresh) -> Account:
        fields = {name: value for name, value in item.fields.items() if name != "parent_external_id"}
        if parent := item.fields.get("parent_external_id"):
            fields["parent_account_id"] = parents[parent]
        return Account(id=item.id, tenant_id=store.tenant_id, digest=item.digest, **owner, **fields)

    created = [account(item) for item in settled.fresh]
    store.accounts.add_many([(one, [one.created()]) for one in created])
    return settled.taken(refused=faults)


def _create_contacts(store: AccountsStore, items: Items, owner: dict[str, Any], within: Scope) -> Taken:
    reached = Reached.among(store, items, "account_id", "account_external_id", within)
    faults = _account_faults(items, reached)
    settled = settle(_without(items, faults), store.known_contacts(external_ids(items)), kind="con")

    def contact(item: Fresh) -> Contact:
        fields = {name: value for name, value in item.fields.items() if name != "account_external_id"}
        if account := item.fields.get("account_external_id"):
            fields["account_id"] = reached.by_external_id[account]
        return Contact(id=item.id, tenant_id=store.tenant_id, digest=item.digest, **owner, **fields)

    created = [contact(item) for item in settled.fresh]
    store.contacts.add_many([(one, [one.created()]) for one in created])
    return settled.taken(refused=faults)


def _parent_faults(items: Items, reached: Reached, *, hidden: Collection[str]) -> dict[int, FieldError]:
    """Why items have no place; `hidden` external ids are those of accounts that nobody here may stand below."""
    faults: dict[int, FieldError] = {}
    for index, fields in items:
        parent_id = fields.get("parent_account_id")
        if parent_id and parent_id not in reached.ids:
            faults[index] = _unknown("/parent_account_id", parent_id)
    members = [
        Member(index, _unless(hidden, fields.get("external_id")), fields.get("parent_external_id"))
        for index, fields in items
        if index not in faults
    ]
    placed = rooted(members, reached.by_external_id.keys())
    for member in members:
        if member.index not in placed:
            faults[member.index] = _unknown("/parent_external_id", member.parent)
    return faults


def _unless(hidden: Collection[str], external_id: str | None) -> str | None:
    return None if external_id in hidden else external_id


def _account_faults(items: Items, reached: Reached) -> dict[int, FieldError]:
    faults: dict[int, FieldError] = {}
    for index, fields in items:
        account_id, external_id = (
            fields.get("account_id"),
            fields.get("account_external_id"),
        )
        if account_id and account_id not in reached.ids:
            faults[index] = _unknown("/account_id", account_id)
        elif external_id and external_id not in reached.by_external_id:
            faults[index] = _unknown("/account_external_id", external_id)
    return faults


def _unknown(pointer: str, reference: str | None) -> FieldError:
    return FieldError(pointer, "unknown-reference", {"id": reference})


def _without(items: Items, faults: Faults) -> Items:
    return [item for item in items if item[0] not in faults]
