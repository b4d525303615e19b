"""The one table of what the edge answers: which path goes to which service, how long, how much, for whom.

Order is meaning: the first route that matches wins. A path that is not here does not exist for the outside.
A route needs a verified token unless it says `public`; the services check again what the edge let through.
"""

from dataclasses import dataclass
from enum import StrEnum

MEGABYTE = 1024 * 1024
BODY_LIMIT = 1 * MEGABYTE
BATCH_BODY_LIMIT = 8 * MEGABYTE
"""As much as a service reads (`shared.http.app.MOST_BYTES`)."""

TIMEOUT = 15.0
BATCH_TIMEOUT = 60.0
WAITING_TIMEOUT = 75.0
NO_TIMEOUT = 0.0


class Match(StrEnum):
    """How a route's path is compared: itself only, or itself and everything beneath it."""

    EXACT = "exact"
    TREE = "tree"


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the table."""

    path: str
    service: str
    match: Match = Match.TREE
    public: bool = False
    timeout: float = TIMEOUT
    body_limit: int = BODY_LIMIT

    @property
    def name(self) -> str:
        """The word for this route in logs and metrics: its path, never a caller's text."""
        return self.path

    @property
    def streams(self) -> bool:
        """Whether the answer goes on without an end, so that nothing may time it out."""
        return self.timeout == NO_TIMEOUT


def _public(path: str, service: str, match: Match = Match.EXACT) -> Route:
    return Route(path, service, match, public=True)


def _collections(service: str, *names: str, batch: tuple[str, ...] = ()) -> list[Route]:
    """The routes of a service's collections, the batch ones first: they are larger and take longer."""
    batches = [
        Route(
            f"/v1/{name}/batch",
            service,
            Match.EXACT,
            timeout=BATCH_TIMEOUT,
            body_limit=BATCH_BODY_LIMIT,
        )
        for name in batch
    ]
    return batches + [Route(f"/v1/{name}", service) for name in names]


ROUTES: list[Route] = [
    # tenants: signing up and signing in need no token, everything else does.
    _public("/.well-known/jwks.json", "tenants"),
    _public("/v1/tenants", "tenants"),
    _public("/v1/auth", "tenants", Match.TREE),
    *_collections("tenants", "tenants", "me", "users", "units", batch=("users", "units")),
    *_collections("leads", "leads", "pools", batch=("leads",)),
    *_collections("accounts", "accounts", "contacts", batch=("accounts", "contacts")),
    *_collections(
        "pipeline",
        "deals",
        "stage-definitions",
        "products",
        batch=("deals", "products"),
    ),
    *_collections("reporting", "reports"),
    *_collections("webhooks", "webhook-endpoints", "webhook-deliveries"),
    Route("/v1/events/stream", "webhooks", Match.EXACT, timeout=NO_TIMEOUT),
    # The pull feed holds a request open for as long as its caller asked with `wait`.
    Route("/v1/events", "webhooks", timeout=WAITING_TIMEOUT),
    # The gateway's own application: documents and pages for everybody.
    _public("/", "gateway"),
    _public("/openapi.json", "gateway"),
    _public("/docs", "gateway", Match.TREE),
    _public("/console", "gateway", Match.TREE),
    _public("/schemas", "gateway", Match.TREE),
    _public("/readyz", "gateway"),
    _public("/version", "gateway"),
]

# Answered by Envoy itself: the edge is alive even when nothing behind it is.
LIVE_PATH = "/livez"


def route_of(path: str) -> Route | None:
    """The route that a path takes, or None where the edge has none."""
    return next((route for route in ROUTES if _fits(route, path)), None)


def _fits(route: Route, path: str) -> bool:
    below = route.match is Match.TREE and path.startswith(f"{route.path}/")
    return path == route.path or below
