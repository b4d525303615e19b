"""The shapes of leads, pools and follow-ups on the wire."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from services.leads.domain.follow_up import FollowUpKind
from services.leads.domain.lead import LeadState
from shared.http import Listing
from shared.http.fields import (
    Boolean,
    DateField,
    Email,
    IdField,
    Integer,
    Length,
    List,
    MoneyField,
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
from shared.http.validation import require

STATES = choices_of(LeadState)
KINDS = choices_of(FollowUpKind)


def time_zone(name: str) -> None:
    """Refuse what is not the name of a time zone."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        require(False, "not-a-time-zone")


class PersonIn(Schema):
    """Who showed the interest."""

    name = Text(200, allow_none=True, metadata={"example": "Liu Yang"})
    title = Text(200, allow_none=True, metadata={"example": "Head of purchasing"})
    email = Email(allow_none=True)
    phone = Text(40, allow_none=True, metadata={"example": "+86 10 5555 0101"})


class LeadFields(Schema):
    """What may be said about a lead."""

    person = Nested(PersonIn)
    source = Text(80, allow_none=True, metadata={"example": "trade fair"})
    need = Text(4000, allow_none=True, metadata={"example": "Controls for 40 turbines"})
    notes = Text(4000, allow_none=True, metadata={"example": "Prefers to be called in the morning."})
    website = Text(300, lines=False, allow_none=True, metadata={"example": "https://nordic-wind.example"})
    industry = Text(80, allow_none=True, metadata={"example": "energy"})
    country = Text(80, allow_none=True, metadata={"example": "NO"})
    estimated_amount = MoneyField(allow_none=True)
    product_ids = List(IdField("prod"), validate=Length(max=50))


class LeadIn(LeadFields):
    """A lead to take in; with `pool_id` it goes straight into that pool, otherwise its creator owns it."""

    company_name = Text(200, required=True, metadata={"example": "Nordic Wind Power"})
    external_id = Text(128, allow_none=True, metadata={"example": "fair-2026-0117"})
    pool_id = IdField("pool", allow_none=True)


class LeadPatch(LeadFields):
    """Fields to correct or complete; `person` is merged field by field."""

    company_name = Text(200, metadata={"example": "Nordic Wind Power"})
    next_step = Text(500, allow_none=True, metadata={"example": "Visit in May"})


class PersonOut(Out):
    """Who showed the interest."""

    name = String(allow_none=True)
    title = String(allow_none=True)
    email = String(allow_none=True)
    phone = String(allow_none=True)


class LeadOut(RecordOut):
    """A lead: in exactly one pool, or with exactly one owner, or closed."""

    state = String(validate=OneOf(STATES))
    company_name = String()
    person = Nested(PersonOut)
    source = String(allow_none=True)
    need = String(allow_none=True)
    notes = String(allow_none=True)
    website = String(allow_none=True)
    industry = String(allow_none=True)
    country = String(allow_none=True)
    estimated_amount = MoneyField(allow_none=True)
    product_ids = List(IdField("prod"))
    external_id = String(allow_none=True)
    pool_id = IdField("pool", allow_none=True)
    pooled_at = Utc(allow_none=True)
    claimed_at = Utc(allow_none=True)
    last_follow_up_at = Utc(allow_none=True)
    next_step = String(allow_none=True)
    closed_at = Utc(allow_none=True)
    disqualified_reason = String(allow_none=True)
    account_id = IdField("acc", allow_none=True)
    contact_id = IdField("con", allow_none=True)
    deal_id = IdField("deal", allow_none=True)


class ToPool(Schema):
    """Which pool; the default pool when left out."""

    pool_id = IdField("pool")


class Assignment(Schema):
    """Who gets the lead."""

    owner_id = IdField("usr", required=True)


class Return(ToPool):
    """Why the lead goes back, and into which pool (the default pool when left out)."""

    reason = Text(500, required=True, metadata={"example": "Not my region"})


class Disqualification(Schema):
    """Why the lead is not worth following."""

    reason = Text(500, required=True, metadata={"example": "A student's project"})


class DealToOpen(Schema):
    """The deal a conversion opens; amount and products are the lead's unless said otherwise."""

    name = Text(200, required=True, metadata={"example": "Wind park controls"})
    amount = MoneyField(allow_none=True)
    expected_close_on = DateField(allow_none=True)
    product_ids = List(IdField("prod"), validate=Length(max=50))


class Conversion(Schema):
    """Existing records to convert into, and the deal to open; what is left out is made of the lead."""

    account_id = IdField("acc")
    contact_id = IdField("con")
    deal = Nested(DealToOpen, allow_none=True)


class FollowUpIn(Schema):
    """What was done about the lead, and the step agreed on."""

    kind = String(required=True, validate=OneOf(KINDS))
    text = Text(4000, required=True, metadata={"example": "Asked for the budget."})
    happened_at = Utc(required=True)
    next_step = Text(500, metadata={"example": "Send the offer"})


class FollowUpOut(Out):
    """A follow-up as it was logged."""

    id = IdField("fup")
    lead_id = IdField("lead")
    kind = String(validate=OneOf(KINDS))
    text = String()
    happened_at = Utc()
    next_step = String(allow_none=True)
    created_at = Utc()
    created_by = String()


class ClaimRuleIn(Schema):
    """How many leads one user may claim from the pool per day of the pool's time zone."""

    daily_limit = Integer(required=True, validate=Range(min=1, max=10_000), metadata={"example": 20})


class PoolPatch(Schema):
    """A pool's settings; no members means everyone who may claim."""

    name = Text(120, metadata={"example": "North"})
    members = List(IdField("usr"), validate=Length(max=1000))
    enabled = Boolean()
    claim_rule = Nested(ClaimRuleIn)
    timezone = String(validate=time_zone, metadata={"example": "Asia/Shanghai"})


class PoolIn(PoolPatch):
    """A pool to open."""

    name = Text(120, required=True, metadata={"example": "North"})


class ClaimRuleOut(Out):
    """The claim rule in force."""

    daily_limit = Integer()


class PoolOut(RecordOut):
    """A pool."""

    name = String()
    members = List(IdField("usr"))
    enabled = Boolean()
    claim_rule = Nested(ClaimRuleOut)
    is_default = Boolean()
    timezone = String()


LEADS = Listing(
    sort=["created_at"],
    filters={
        "state": ["eq", "in"],
        "owner_id": ["eq"],
        "pool_id": ["eq"],
        "source": ["eq", "in"],
        "created_at": ["gte", "lt"],
    },
    default_sort="-created_at",
)
POOLS = Listing(sort=["created_at"], filters={}, default_sort="created_at")
FOLLOW_UPS = Listing(sort=["happened_at"], filters={"kind": ["eq"]}, default_sort="-happened_at")
