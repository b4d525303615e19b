"""Adding people and changing what they may do; the tenant keeps an admin whatever happens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.tenants.commands import passwords
from services.tenants.domain.password import refuse_weak
from services.tenants.domain.user import EmailTaken, User, UserState, add_user, spelled
from services.tenants.store import TenantsStore
from shared.batch import ExternalIdTaken, Fresh, Items, Refusal, Taken, digest, external_ids, known_in, settle
from shared.errors import FieldError, Invalid
from shared.events.tenants import UserCreated
from shared.ids import new_id


def create_user(store: TenantsStore, fields: dict[str, Any]) -> User:
    """Add a person to a unit: active with a password, invited without."""
    password_hash = _hashed(store, fields.get("password"), fields["name"], fields["email"])
    return store.decide(lambda: _create(store, fields, password_hash))


def update_user(store: TenantsStore, user_id: str, changes: dict[str, Any], *, version: int) -> User:
    """Change a person; who is disabled, or gets a new password, is logged out everywhere."""
    known = store.users.get(user_id, version=version)
    password_hash = _hashed(store, changes.get("password"), known.name, known.email)
    return store.decide(lambda: _update(store, user_id, changes, password_hash, version))


def import_users(store: TenantsStore, items: Items) -> Taken:
    """Invite the people who are not there yet."""
    return store.decide(lambda: _import(store, items))


def _hashed(store: TenantsStore, password: str | None, *known_words: str) -> str | None:
    if password is None:
        return None
    tenant = store.tenants.get(store.tenant_id)
    refuse_weak(password, known_words=[tenant.name, tenant.slug, *known_words], pointer="/password")
    return passwords.hashed(password)


def _create(store: TenantsStore, fields: dict[str, Any], password_hash: str | None) -> User:
    external_id, email = fields.get("external_id"), spelled(fields["email"])
    if store.users.find_one({"email": email}):
        raise EmailTaken(email=email)
    if external_id and store.users.find_one({"external_id": external_id}):
        raise ExternalIdTaken(external_id=external_id)
    _known_unit(store, fields["unit_id"])
    content = {name: value for name, value in fields.items() if name != "password"}
    user, event = _user(store, new_id("usr"), content, digest(content), has_password=password_hash is not None)
    store.users.add(user, event)
    if password_hash is not None:
        store.set_password(user.id, password_hash)
    return user


def _user(
    store: TenantsStore, user_id: str, fields: dict[str, Any], mark: str, *, has_password: bool
) -> tuple[User, UserCreated]:
    return add_user(
        store.tenant_id,
        id=user_id,
        name=fields["name"],
        email=fields["email"],
        roles=fields["roles"],
        unit_id=fields["unit_id"],
        has_password=has_password,
        external_id=fields.get("external_id"),
        digest=mark,
    )


def _known_unit(store: TenantsStore, unit_id: str) -> None:
    if store.missing_units([unit_id]):
        raise Invalid(errors=[FieldError("/unit_id", "unknown-unit", {"unit_id": unit_id})])


def _update(
    store: TenantsStore, user_id: str, changes: dict[str, Any], password_hash: str | None, version: int
) -> User:
    if changes.keys() & {"roles", "state"}:
        store.take_turn("admins")
    user = store.users.get(user_id, version=version)
    if "unit_id" in changes:
        _known_unit(store, changes["unit_id"])
    event = user.update(
        name=changes.get("name"),
        roles=changes.get("roles"),
        unit_id=changes.get("unit_id"),
        state=UserState(changes["state"]) if "state" in changes else None,
        new_password=password_hash is not None,
        has_password=store.credential(user_id) is not None,
        other_admins=store.other_admins(user),
    )
    if event is not None:
        store.users.save(user, event)
    if password_hash is not None:
        store.set_password(user_id, password_hash)
    if password_hash is not None or user.state is UserState.DISABLED:
        store.end_sessions(user_id=user_id)
    return user


def _import(store: TenantsStore, items: Items) -> Taken:
    settled = settle(items, known_in(store.users.collection, external_ids(items)), kind="usr")
    refusals = _refusals(store, settled.fresh)
    accepted = [item for item in settled.fresh if item.id not in refusals]
    users = [_user(store, item.id, item.fields, item.digest, has_password=False) for item in accepted]
    store.users.add_many([(user, [event]) for user, event in users])
    return settled.taken(unfit=refusals)


def _refusals(store: TenantsStore, fresh: Sequence[Fresh]) -> dict[str, Refusal]:
    """Why items cannot be added, by id: their unit is unknown, or their address is somebody's already."""
    missing = store.missing_units(item.fields["unit_id"] for item in fresh)
    emails = [spelled(item.fields["email"]) for item in fresh]
    taken = {user.email for user in store.users.find({"email": {"$in": emails}})}
    refusals: dict[str, Refusal] = {}
    for item, email in zip(fresh, emails, strict=True):
        if item.fields["unit_id"] in missing:
            unit_id = item.fields["unit_id"]
            refusals[item.id] = FieldError("/unit_id", "unknown-unit", {"unit_id": unit_id})
        elif email in taken:
            refusals[item.id] = EmailTaken(email=email)
        taken.add(email)
    return refusals
