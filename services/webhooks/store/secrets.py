"""Signing secrets at rest: a collection of their own, so that no list, log or event of an endpoint can carry one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.webhooks.domain.secrets import Secret
from shared.store import Store


class Secrets:
    """The signing secrets of one tenant's endpoints; readable, because every delivery is signed with them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, endpoint_id: str) -> list[Secret]:
        """An endpoint's secrets, newest first, expired ones included."""
        found = self._rows.find_one({"_id": endpoint_id})
        return [Secret(kept["key"], kept["expires_at"]) for kept in found["secrets"]] if found else []

    def keep(self, endpoint_id: str, secrets: Sequence[Secret]) -> None:
        """Replace an endpoint's secrets."""
        kept = [{"key": secret.key, "expires_at": secret.expires_at} for secret in secrets]
        self._rows.update_one({"_id": endpoint_id}, {"$set": {"secrets": kept}}, upsert=True)

    def forget(self, endpoint_id: str) -> None:
        """Remove an endpoint's secrets."""
        self._rows.delete_one({"_id": endpoint_id})

    @property
    def _rows(self) -> Any:
        return self._store.db.collection("signing_secrets")
