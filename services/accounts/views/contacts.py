"""Contacts: create, list, read, change, import."""

from __future__ import annotations

from typing import Any

from services.accounts import queries, schemas
from services.accounts.commands import batch, contacts
from services.accounts.views.shown import contact_out, contact_row, owner, readable
from shared.http import BATCH_SECONDS, Routes, answer, batch_answer, if_match, page_out, store
from shared.http.fields import BatchOut, batch_of
from shared.http.validation import validate_items

routes = Routes("contacts", "People at accounts")


@routes.post(
    "/v1/contacts",
    permission="contact.create",
    accepts=schemas.ContactIn,
    returns=schemas.ContactOut,
    status=201,
)
def create_contact(body: dict[str, Any]) -> Any:
    """Create a contact; the caller owns it."""
    contact = contacts.create_contact(store(), body, owner=owner(), within=readable())
    return answer(
        contact_out(contact),
        version=contact.version,
        location=f"/v1/contacts/{contact.id}",
    )


@routes.get(
    "/v1/contacts",
    permission="contact.read",
    returns=schemas.ContactOut,
    listing=schemas.CONTACTS,
)
def list_contacts(query: Any) -> Any:
    """List contacts."""
    return page_out(queries.contacts(store(), query), contact_row)


@routes.post(
    "/v1/contacts/batch",
    seconds=BATCH_SECONDS,
    permission="contact.import",
    accepts=batch_of(schemas.ContactItem),
    returns=BatchOut,
    idempotency_required=True,
    examples={"request": schemas.CONTACT_ITEMS},
)
def import_contacts(body: dict[str, Any]) -> Any:
    """Take in up to 500 contacts; each is created, unchanged (by external id) or rejected on its own."""
    valid, refused = validate_items(schemas.ContactItem, body["items"])
    return batch_answer(batch.create_contacts(store(), valid, owner=owner(), within=readable()), refused)


@routes.get("/v1/contacts/<contact_id>", permission="contact.read", returns=schemas.ContactOut)
def read_contact(contact_id: str) -> Any:
    """Read a contact."""
    document = queries.contact(store(), contact_id)
    return answer(contact_row(document), version=document["version"])


@routes.patch(
    "/v1/contacts/<contact_id>",
    permission="contact.update",
    accepts=schemas.ContactPatch,
    returns=schemas.ContactOut,
    if_match=True,
)
def change_contact(body: dict[str, Any], contact_id: str) -> Any:
    """Change fields of a contact."""
    contact = contacts.change_contact(store(), contact_id, body, version=if_match(), within=readable())
    return answer(contact_out(contact), version=contact.version)
