"""People of the tenant."""

from __future__ import annotations

from typing import Any

from services.tenants import commands, queries
from services.tenants.schemas import USERS, ChangeUser, ImportedUser, NewUser, UserOut
from services.tenants.views.shown import user_out
from shared.http import BATCH_SECONDS, Routes, answer, batch_answer, if_match, page_out, store
from shared.http.fields import BatchOut, batch_of
from shared.http.validation import validate_items

routes = Routes("users", "People of the tenant, their roles and their units.")


@routes.post("/v1/users", permission="user.create", accepts=NewUser, returns=UserOut, status=201)
def create_user(body: dict[str, Any]) -> Any:
    """Add a person; without a password they are invited."""
    user = commands.create_user(store(), body)
    return answer(user_out(user), version=user.version, location=f"/v1/users/{user.id}")


@routes.get("/v1/users", permission="user.read", returns=UserOut, listing=USERS)
def list_users(query: Any) -> Any:
    """List people."""
    return page_out(queries.users(store(), query), user_out)


@routes.post(
    "/v1/users/batch",
    seconds=BATCH_SECONDS,
    permission="user.create",
    accepts=batch_of(ImportedUser),
    returns=BatchOut,
    idempotency_required=True,
)
def import_users(body: dict[str, Any]) -> Any:
    """Invite up to 500 people; those whose external id is known already stay as they are."""
    valid, refused = validate_items(ImportedUser, body["items"])
    return batch_answer(commands.import_users(store(), valid), refused)


@routes.get("/v1/users/<user_id>", permission="user.read", returns=UserOut)
def get_user(user_id: str) -> Any:
    """One person."""
    user = queries.user(store(), user_id)
    return answer(user_out(user), version=user.version)


@routes.patch("/v1/users/<user_id>", permission="user.update", accepts=ChangeUser, returns=UserOut, if_match=True)
def update_user(body: dict[str, Any], user_id: str) -> Any:
    """Change name, roles, unit, state or password; the last active admin stays one."""
    user = commands.update_user(store(), user_id, body, version=if_match())
    return answer(user_out(user), version=user.version)
