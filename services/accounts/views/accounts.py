"""Accounts: create, list, read, change, import."""

from __future__ import annotations

from typing import Any

from services.accounts import queries, schemas
from services.accounts.commands import accounts, batch
from services.accounts.views.shown import account_out, account_row, owner, readable
from shared.http import BATCH_SECONDS, Routes, answer, batch_answer, if_match, page_out, store
from shared.http.fields import BatchOut, batch_of
from shared.http.validation import validate_items

routes = Routes("accounts", "Customer and target companies")


@routes.post(
    "/v1/accounts",
    permission="account.create",
    accepts=schemas.AccountIn,
    returns=schemas.AccountOut,
    status=201,
)
def create_account(body: dict[str, Any]) -> Any:
    """Create an account; the caller owns it."""
    account = accounts.create_account(store(), body, owner=owner(), within=readable())
    return answer(
        account_out(account),
        version=account.version,
        location=f"/v1/accounts/{account.id}",
    )


@routes.get(
    "/v1/accounts",
    permission="account.read",
    returns=schemas.AccountOut,
    listing=schemas.ACCOUNTS,
)
def list_accounts(query: Any) -> Any:
    """List accounts."""
    return page_out(queries.accounts(store(), query), account_row)


@routes.post(
    "/v1/accounts/batch",
    seconds=BATCH_SECONDS,
    permission="account.import",
    accepts=batch_of(schemas.AccountItem),
    returns=BatchOut,
    idempotency_required=True,
    examples={"request": schemas.ACCOUNT_ITEMS},
)
def import_accounts(body: dict[str, Any]) -> Any:
    """Take in up to 500 accounts; each is created, unchanged (by external id) or rejected on its own."""
    valid, refused = validate_items(schemas.AccountItem, body["items"])
    return batch_answer(batch.create_accounts(store(), valid, owner=owner(), within=readable()), refused)


@routes.get("/v1/accounts/<account_id>", permission="account.read", returns=schemas.AccountOut)
def read_account(account_id: str) -> Any:
    """Read an account."""
    document = queries.account(store(), account_id)
    return answer(account_row(document), version=document["version"])


@routes.patch(
    "/v1/accounts/<account_id>",
    permission="account.update",
    accepts=schemas.AccountPatch,
    returns=schemas.AccountOut,
    if_match=True,
)
def change_account(body: dict[str, Any], account_id: str) -> Any:
    """Change fields of an account."""
    account = accounts.change_account(store(), account_id, body, version=if_match(), within=readable())
    return answer(account_out(account), version=account.version)
