"""The collections of the webhooks service and the indexes its queries stand on."""

from services.webhooks.domain.attempts import DeliveryStatus
from services.webhooks.domain.endpoint import Endpoint
from shared.mongo import DAY, Collection, Index, listed_by

FEED_DAYS = 30
DELIVERY_DAYS = 30

FEED_ORDER = [
    ("tenant_id", 1),
    ("position", 1),
    ("type", 1),
    ("owner_unit_id", 1),
    ("owner_id", 1),
]
"""Type and owner are in the index: what a reader may not or will not see costs no document."""

DUE_ORDER = [
    ("status", 1),
    ("endpoint_id", 1),
    ("due_at", 1),
    ("position", 1),
    ("tenant_id", 1),
]

ENDPOINTS = Collection(
    "endpoints",
    record=Endpoint,
    indexes=[
        Index(keys=[("tenant_id", 1), ("state", 1)]),
        listed_by(),
    ],
)
SECRETS = Collection("signing_secrets")
FEED_HEADS = Collection("feed_heads")
FEED = Collection(
    "feed",
    indexes=[
        Index(keys=[("tenant_id", 1), ("event_id", 1)], unique=True),
        Index(keys=FEED_ORDER),
        Index(
            keys=[("at", 1)],
            ttl_seconds=FEED_DAYS * DAY,
            untenanted="retention goes by time, over all tenants",
        ),
    ],
)
DELIVERIES = Collection(
    "deliveries",
    indexes=[
        Index(keys=[("tenant_id", 1), ("endpoint_id", 1), ("event_id", 1)], unique=True),
        listed_by(),
        listed_by("endpoint_id"),
        listed_by("status"),
        Index(
            keys=DUE_ORDER,
            partial={"status": DeliveryStatus.PENDING.value},
            untenanted="the sender looks for what is due, whoever owns it",
        ),
        Index(
            keys=[("created_at", 1)],
            ttl_seconds=DELIVERY_DAYS * DAY,
            untenanted="retention goes by time, over all tenants",
        ),
    ],
)
LANES = Collection("lanes")

COLLECTIONS = [ENDPOINTS, SECRETS, FEED_HEADS, FEED, DELIVERIES, LANES]
