"""The shapes of endpoints, deliveries and the feed on the wire."""

from __future__ import annotations

from services.webhooks.domain.attempts import DeliveryStatus, Fault, Verdict
from services.webhooks.domain.endpoint import DisabledReason, EndpointState
from services.webhooks.domain.patterns import MAX_PATTERNS
from services.webhooks.domain.urls import MAX_LENGTH
from shared.http import Listing
from shared.http.fields import (
    OPTIONAL,
    Boolean,
    Dict,
    IdField,
    Integer,
    Length,
    List,
    Nested,
    OneOf,
    Out,
    Range,
    RecordOut,
    Schema,
    String,
    Text,
    Utc,
    choices_of,
)

STATES = [EndpointState.ENABLED.value, EndpointState.DISABLED.value]
MOST_EVENTS = 200
MOST_WAIT = 20


class EndpointPatch(Schema):
    """What may be changed about an endpoint."""

    url = Text(
        max=MAX_LENGTH,
        lines=False,
        metadata={"example": "https://example.com/webhooks"},
    )
    types = List(
        String(),
        validate=Length(min=1, max=MAX_PATTERNS),
        metadata={"example": ["crm.deal.*", "crm.lead.converted"]},
    )
    description = Text(max=300, blank=True)
    state = String(validate=OneOf(STATES))


class EndpointIn(Schema):
    """An endpoint to subscribe; `types` are event types, `crm.<aggregate>.*` or `*`."""

    url = Text(
        max=MAX_LENGTH,
        lines=False,
        required=True,
        metadata={"example": "https://example.com/webhooks"},
    )
    types = List(
        String(),
        required=True,
        validate=Length(min=1, max=MAX_PATTERNS),
        metadata={"example": ["crm.deal.*", "crm.lead.converted"]},
    )
    description = Text(max=300, blank=True)


class EndpointOut(RecordOut):
    """An endpoint; its signing secret is never among its fields."""

    url = String()
    types = List(String())
    description = String()
    state = String(validate=OneOf(STATES))
    disabled_reason = String(allow_none=True, validate=OneOf([*choices_of(DisabledReason), None]))
    secret_rotated_at = Utc(allow_none=True)


class EndpointWithSecretOut(EndpointOut):
    """An endpoint with its signing secret: shown this once, keep it."""

    secret = String(metadata={"example": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"})


class AttemptOut(Out):
    """One attempt: when, how long, what came back."""

    at = Utc()
    duration_ms = Integer()
    verdict = String(validate=OneOf(choices_of(Verdict)))
    status = Integer(allow_none=True)
    fault = String(allow_none=True, validate=OneOf([*choices_of(Fault), None]))
    response = String()


class DeliveryOut(Out):
    """One event on its way to one endpoint."""

    id = IdField("dlv")
    endpoint_id = IdField("whe")
    event_id = IdField("evt")
    event_type = String()
    status = String(validate=OneOf(choices_of(DeliveryStatus)))
    attempt_count = Integer()
    next_attempt_at = Utc(allow_none=True)
    last_attempt = Nested(AttemptOut, allow_none=True)
    created_at = Utc()
    updated_at = Utc()


class DeliveryDetailOut(DeliveryOut):
    """A delivery with everything that was tried, and the event as it is sent."""

    attempts = List(Nested(AttemptOut))
    event = Dict()


class FeedQuery(Schema):
    """Where to read on, what, how much, and how long to wait for something new."""

    after = String(metadata={"description": "`page.next` of the last answer; the oldest event kept when left out"})
    types = List(String(), validate=Length(max=MAX_PATTERNS))
    limit = Integer(validate=Range(min=1, max=MOST_EVENTS), load_default=50)
    wait = Integer(validate=Range(min=0, max=MOST_WAIT), load_default=0)


class StreamQuery(Schema):
    """Where the stream begins (now, when left out) and what it carries; `Last-Event-ID` goes before `after`."""

    after = String()
    types = List(String(), validate=Length(max=MAX_PATTERNS))


class FeedLinks(Out):
    """Pass `next` as `after`; when `caught_up`, nothing newer was there."""

    next = String()
    limit = Integer()
    caught_up = Boolean()


class FeedOut(Out):
    """Events in the order of the feed, each the envelope as on Kafka and in webhooks."""

    data = List(Dict())
    page = Nested(FeedLinks)


class StreamOut(Out):
    """An event stream (`text/event-stream`), not JSON: `id` is a cursor, `data` the envelope."""

    id = String(metadata=OPTIONAL)


ENDPOINTS = Listing(sort=["created_at"], filters={"state": ["eq"]}, default_sort="-created_at")
DELIVERIES = Listing(
    sort=["created_at"],
    filters={"endpoint_id": ["eq"], "status": ["eq"], "created_at": ["gte", "lt"]},
    default_sort="-created_at",
)
