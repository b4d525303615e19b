"""Doing a request once: its answer is stored under the caller's key in the same transaction as its effect.

A repeat with the same key and content is answered from the store. A request that failed stored nothing, so its key can
be used again. Rows leave after a day.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from shared.clock import now
from shared.errors import Conflict, Invalid, Malformed
from shared.mongo import DuplicateKeyError, OperationFailure
from shared.store import Store

COLLECTION = "idempotency"
KEPT = timedelta(hours=24)
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_WRITE_CONFLICT = 112


class IdempotencyKeyRequired(Malformed):
    """This operation is only accepted with a key."""

    code = "idempotency-key-required"


class IdempotencyKeyInvalid(Malformed):
    """The key is empty, too long, or not visible ASCII."""

    code = "idempotency-key-invalid"


class IdempotencyKeyReused(Invalid):
    """The key was used for a different request."""

    code = "idempotency-key-reused"


class IdempotencyInFlight(Conflict):
    """The first request with the key has not ended yet."""

    code = "idempotency-in-flight"


class _Known(Exception):
    """The key has a row already."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer as it is kept: status, body, and the headers that belong to it."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


def read_key(header: str | None, *, required: bool) -> str | None:
    """The key in an Idempotency-Key header, or None when there is none and none is needed."""
    if header is None:
        if required:
            raise IdempotencyKeyRequired
        return None
    key = header.strip()
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyInvalid
    return key


def fingerprint(method: str, path: str, body: bytes) -> str:
    """What makes two requests the same."""
    return hashlib.sha256(b"\x00".join((method.encode(), path.encode(), body))).hexdigest()


def once(store: Store, key: str, mark: str, work: Callable[[], Stored]) -> tuple[Stored, bool]:
    """Run `work` under `key` in one transaction; its answer, and whether it is a stored one.

    `work` runs again from its start when the transaction collides with another.
    """
    identity = f"{store.tenant_id}:{store.by}:{key}"
    try:
        return store.transact(lambda: _first_time(store, identity, mark, work)), False
    except _Known:
        return _recall(store, identity, mark), True


def _first_time(store: Store, identity: str, mark: str, work: Callable[[], Stored]) -> Stored:
    _reserve(store, identity, mark)
    answer = work()
    kept = {"status": answer.status, "body": answer.body, "headers": [list(pair) for pair in answer.headers]}
    store.db.collection(COLLECTION).update_one({"_id": identity}, {"$set": kept})
    return answer


def _reserve(store: Store, identity: str, mark: str) -> None:
    row = {"_id": identity, "fingerprint": mark, "expires_at": now() + KEPT}
    try:
        store.db.collection(COLLECTION).insert_one(row)
    except DuplicateKeyError:
        raise _Known from None
    except OperationFailure as error:
        if error.code == _WRITE_CONFLICT:  # another transaction is about to commit this very key
            raise IdempotencyInFlight(retry_after=1) from None
        raise


def _recall(store: Store, identity: str, mark: str) -> Stored:
    row = store.db.collection(COLLECTION).find_one({"_id": identity})
    if row is None:  # it expired between the two looks
        raise IdempotencyInFlight(retry_after=1)
    if row["fingerprint"] != mark:
        raise IdempotencyKeyReused
    return Stored(row["status"], bytes(row["body"]), tuple((name, value) for name, value in row["headers"]))
