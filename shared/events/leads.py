"""What the leads service publishes on `crm.leads.v1`.

A snapshot says where a lead stands, never who the person behind it is: names, phones and mail addresses leave
the service only in `crm.lead.converted`, because accounts and pipeline must create records from them.
In `changes` a personal field appears as `{"redacted": true}`: that it changed is news, its content is not.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from shared.events.changes import Changes
from shared.events.envelope import Event
from shared.money import Money


@dataclass(frozen=True, kw_only=True)
class LeadSnapshot:
    """Where a lead stands after the event: its state, and the one pool or the one owner that has it."""

    id: str
    version: int
    state: str
    company_name: str
    source: str | None = None
    pool_id: str | None = None
    owner_id: str | None = None
    owner_unit_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class PoolSnapshot:
    """A pool after the event."""

    id: str
    version: int
    name: str
    enabled: bool
    is_default: bool
    daily_limit: int
    timezone: str
    members: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class LeadEvent(Event):
    """What every lead event carries."""

    lead: LeadSnapshot
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class LeadCreated(LeadEvent):
    """A lead came in, owned by whoever entered it or straight into a pool."""

    type: ClassVar[str] = "crm.lead.created"


@dataclass(frozen=True, kw_only=True)
class LeadUpdated(LeadEvent):
    """Fields of a lead were corrected or completed."""

    type: ClassVar[str] = "crm.lead.updated"


@dataclass(frozen=True, kw_only=True)
class LeadPooled(LeadEvent):
    """An owned lead, or one from another pool, was put into a pool."""

    type: ClassVar[str] = "crm.lead.pooled"


@dataclass(frozen=True, kw_only=True)
class LeadClaimed(LeadEvent):
    """A rep took the lead from its pool."""

    type: ClassVar[str] = "crm.lead.claimed"

    holding_id: str


@dataclass(frozen=True, kw_only=True)
class LeadAssigned(LeadEvent):
    """Someone gave the lead to a rep."""

    type: ClassVar[str] = "crm.lead.assigned"

    holding_id: str


@dataclass(frozen=True, kw_only=True)
class LeadReturned(LeadEvent):
    """The owner gave the lead back to a pool, and said why."""

    type: ClassVar[str] = "crm.lead.returned"

    reason: str


@dataclass(frozen=True, kw_only=True)
class LeadDisqualified(LeadEvent):
    """The lead was judged not worth following, and why; this is final."""

    type: ClassVar[str] = "crm.lead.disqualified"

    reason: str


@dataclass(frozen=True, kw_only=True)
class FollowUpSnapshot:
    """That something was done about a lead, not what was said."""

    id: str
    kind: str
    happened_at: str


@dataclass(frozen=True, kw_only=True)
class LeadFollowedUp(LeadEvent):
    """A call, visit, meeting, mail or note about the lead was logged."""

    type: ClassVar[str] = "crm.lead.followed_up"

    follow_up: FollowUpSnapshot


@dataclass(frozen=True, kw_only=True)
class NewAccount:
    """The account a conversion asks for."""

    name: str
    industry: str | None = None
    website: str | None = None
    country: str | None = None


@dataclass(frozen=True, kw_only=True)
class NewContact:
    """The contact a conversion asks for."""

    name: str
    title: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, kw_only=True)
class NewDeal:
    """The deal a conversion asks for."""

    name: str
    amount: Money | None = None
    expected_close_on: str | None = None
    product_ids: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class LeadConverted(LeadEvent):
    """A lead became an account, a contact and a deal, under ids already promised to the caller.

    `account` and `contact` are null where the caller chose an existing one: then there is nothing to create.
    """

    type: ClassVar[str] = "crm.lead.converted"

    account_id: str
    contact_id: str | None = None
    deal_id: str | None = None
    account: NewAccount | None = None
    contact: NewContact | None = None
    deal: NewDeal | None = None
    owner_id: str | None = None
    owner_unit_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class PoolCreated(Event):
    """A pool was opened."""

    type: ClassVar[str] = "crm.pool.created"

    pool: PoolSnapshot
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PoolUpdated(Event):
    """A pool's name, members or rules changed."""

    type: ClassVar[str] = "crm.pool.updated"

    pool: PoolSnapshot
    changes: Changes = field(default_factory=dict)
