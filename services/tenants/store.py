"""Where tenants, units, users, credentials and sessions live, and which indexes their queries need."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from services.tenants.domain.session import Credential, Who, pause_after
from services.tenants.domain.tenant import Tenant
from services.tenants.domain.unit import Unit
from services.tenants.domain.user import ADMIN, User, UserState
from shared.auth.roles import grants
from shared.mongo import ONE_EXTERNAL_ID, Collection, DuplicateKeyError, Index, listed_by
from shared.store import Store
from shared.tenancy import TenantCollection, across_tenants

Result = TypeVar("Result")

NOBODY = "ten_" + "0" * 26
"""A tenant that does not exist: log-in to an unknown company takes the same road as any other failure."""


COLLECTIONS = [
    Collection("tenants", record=Tenant),
    Collection("tenant_directory"),
    Collection(
        "units",
        [
            listed_by(),
            listed_by(order=("name", 1)),
            listed_by("parent_id"),
            listed_by("path"),
            ONE_EXTERNAL_ID,
        ],
        record=Unit,
    ),
    Collection(
        "users",
        [
            Index(keys=[("tenant_id", 1), ("email", 1)], unique=True),
            listed_by(),
            listed_by(order=("name", 1)),
            listed_by("state"),
            listed_by("unit_id"),
            listed_by("roles"),
            ONE_EXTERNAL_ID,
        ],
        record=User,
    ),
    Collection("credentials"),
    Collection(
        "sessions",
        [
            Index(keys=[("tenant_id", 1), ("family", 1)]),
            Index(keys=[("tenant_id", 1), ("user_id", 1)]),
            Index(keys=[("expires_at", 1)], ttl_seconds=0, untenanted="expiry goes by time, over all tenants"),
        ],
    ),
    Collection("turns"),
]


def tenant_id_of(database: Any, slug: str) -> str:
    """The tenant that signs in under `slug`, or `NOBODY`: the one question asked before a tenant is known."""
    with across_tenants(database, reason="login directory") as db:
        row = db["tenant_directory"].find_one({"_id": slug})
    return str(row["tenant_id"]) if row else NOBODY


class TenantsStore(Store):
    """One tenant with its units, people, credentials and sessions."""

    service = "tenants"

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.tenants = self.repository(Tenant, "tenants")
        self.units = self.repository(Unit, "units")
        self.users = self.repository(User, "users")

    @property
    def sessions(self) -> TenantCollection:
        """Refresh tokens as digests, one row per token."""
        return self.db.collection("sessions")

    def decide(self, work: Callable[[], Result]) -> Result:
        """`transact`, and once more when a unique key was taken meanwhile: the second look names the refusal."""
        try:
            return self.transact(work)
        except DuplicateKeyError:
            return self.transact(work)

    def register(self, tenant: Tenant) -> None:
        """Enter the slug into the directory; its `_id` keeps it unique over all tenants."""
        self.db.collection("tenant_directory").insert_one({"_id": tenant.slug})

    def open_turns(self) -> None:
        """Make the rows that `take_turn` changes."""
        self.db.collection("turns").insert_many([{"_id": self._turn(what), "n": 0} for what in ("admins", "units")])

    def take_turn(self, what: str) -> None:
        """Let transactions that decide on more than they write go one after the other.

        Two that take the same turn at once collide, and the later one starts again with what the first has left.
        """
        self.db.collection("turns").update_one({"_id": self._turn(what)}, {"$inc": {"n": 1}})

    def _turn(self, what: str) -> str:
        return f"{self.tenant_id}:{what}"

    def root_unit(self) -> Unit:
        """The unit everything else is below."""
        root = self.units.find_one({"parent_id": None})
        assert root is not None, "every tenant is signed up with a root unit"
        return root

    def missing_units(self, unit_ids: Iterable[str]) -> set[str]:
        """Those of `unit_ids` that are not units of this tenant."""
        wanted = set(unit_ids)
        found = self.db.collection("units").find({"_id": {"$in": sorted(wanted)}}, {"_id": 1})
        return wanted - {row["_id"] for row in found}

    def other_admins(self, user: User) -> int:
        """How many active admins there are besides `user`, counting no further than one."""
        others = {"_id": {"$ne": user.id}, "roles": ADMIN, "state": UserState.ACTIVE.value}
        return self.db.collection("users").count_documents(others, limit=1)

    def who(self, user: User, session_id: str | None) -> Who:
        """The user with tenant and units; units below are listed only for roles that reach a subtree."""
        reaches_down = "subtree" in grants(tuple(user.roles)).values()
        below = self.db.collection("units").find({"path": user.unit_id}, {"_id": 1}) if reaches_down else ()
        unit_ids = sorted({user.unit_id, *(row["_id"] for row in below)})
        return Who(user=user, tenant=self.tenants.get(self.tenant_id), unit_ids=unit_ids, session_id=session_id)

    def credential(self, user_id: str) -> Credential | None:
        """The stored password of a user, if one was ever set."""
        row = self.db.collection("credentials").find_one({"_id": user_id})
        if row is None:
            return None
        return Credential(
            password_hash=row["password_hash"], failures=row["failures"], paused_until=row["paused_until"]
        )

    def set_password(self, user_id: str, password_hash: str) -> None:
        """Keep a new password; earlier misses are forgotten."""
        row = {"password_hash": password_hash, "failures": 0, "paused_until": None}
        self.db.collection("credentials").update_one({"_id": user_id}, {"$set": row}, upsert=True)

    def count_miss(self, user_id: str, at: datetime) -> None:
        """Count one more wrong password, and pause log-in when it was one too many."""
        credentials = self.db.collection("credentials")
        row = credentials.find_one_and_update({"_id": user_id}, {"$inc": {"failures": 1}})
        until = pause_after(row["failures"] if row else 0, at)
        if until is not None:
            credentials.update_one({"_id": user_id}, {"$set": {"failures": 0, "paused_until": until}})

    def end_sessions(self, **of: str) -> None:
        """Revoke every refresh token of a `family` or a `user_id`."""
        self.sessions.update_many(of, {"$set": {"state": "revoked"}})
