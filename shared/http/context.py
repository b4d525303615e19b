"""The request in hand: who calls, with which scope, on which service; reachable from a view by plain functions."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from flask import current_app, g

from shared.auth import EVERYTHING, SYSTEM, Principal, Scope
from shared.auth.tokens import Verifier
from shared.config import Settings
from shared.http.problems import Catalogue, IfMatchMalformed, IfMatchRequired
from shared.mongo import Mongo, connect
from shared.pagination import Signer
from shared.ratelimit import Limiter
from shared.store import Cause, Store
from shared.telemetry import Trail

if TYPE_CHECKING:
    from flask import Request
    from pymongo.database import Database

_REQUEST_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_ETAG = re.compile(r'"(0|[1-9][0-9]{0,15})"')


@dataclass
class Edge:
    """What a service's requests share; its Mongo client is made when first needed, after the fork."""

    service: str
    settings: Settings
    store_class: type[Store]
    verifier: Verifier
    limiter: Limiter
    catalogue: Catalogue
    signer: Signer
    config: Mapping[str, Any]
    _mongo: Mongo | None = None
    _database: Database[dict[str, Any]] | None = None
    _connecting: threading.Lock = field(default_factory=threading.Lock)

    @property
    def checks_answers(self) -> bool:
        """Whether answers are held to their schemas (tests do)."""
        return bool(self.config["CHECK_ANSWERS"])

    @property
    def mongo(self) -> Mongo:
        """The process's Mongo client."""
        with self._connecting:
            if self._mongo is None:
                self._mongo = connect(self.settings.mongo_url, name=self.service)
            return self._mongo

    def database(self) -> Database[dict[str, Any]]:
        """The service's database."""
        if self._database is None:
            self._database = self.mongo.database(self.service)
        return self._database


@dataclass(slots=True)
class Call:
    """One request while it is served."""

    edge: Edge
    request: Request
    trail: Trail
    principal: Principal = SYSTEM
    scope: Scope = EVERYTHING
    public: bool = True
    version: int | None = None
    store: Store | None = None
    limit_headers: tuple[tuple[str, str], ...] = ()

    def open_store(self, tenant_id: str) -> Store:
        """A store of `tenant_id` for this call's principal."""
        cause = Cause(by=self.principal.id, correlation_id=self.trail.request_id)
        return self.edge.store_class(self.edge.database(), tenant_id, cause=cause, scope=self.scope)


def call() -> Call:
    """The request in hand."""
    return cast(Call, g.call)


def edge() -> Edge:
    """The service this process serves."""
    return cast(Edge, current_app.extensions["pelagic"])


def store(tenant_id: str | None = None) -> Store:
    """The service's store for this request: its tenant, principal and scope.

    A PUBLIC route has no tenant and must name one; any other route must not.
    """
    here = call()
    if here.public:
        if tenant_id is None:
            raise RuntimeError("a public route must name the tenant whose store it opens")
        return here.open_store(tenant_id)
    if tenant_id is not None:
        raise RuntimeError("the tenant of a signed-in request is its principal's")
    if here.store is None:
        here.store = here.open_store(here.principal.tenant_id)
    return here.store


def database() -> Database[dict[str, Any]]:
    """The service's database, for `across_tenants`."""
    return edge().database()


def principal() -> Principal:
    """Who is calling."""
    return call().principal


def if_match() -> int:
    """The version the caller's If-Match names; only in routes declared with `if_match=True`."""
    version = call().version
    if version is None:
        raise RuntimeError("declare if_match=True on the route")
    return version


def read_if_match(header: str | None) -> int:
    """The version in an If-Match header."""
    if header is None:
        raise IfMatchRequired
    match = _ETAG.fullmatch(header.strip())
    if match is None:
        raise IfMatchMalformed
    return int(match[1])


def limit_account(account: str) -> None:
    """Count an attempt at `account` (sign-in); TooManyRequests when there were too many, wherever they came from."""
    edge().limiter.account(account)


def readable_request_id(value: str | None) -> str | None:
    """The caller's request id if it may be repeated in headers and logs."""
    return value if value and _REQUEST_ID.fullmatch(value) else None
