"""Why a lead or a pool refuses."""

from shared.errors import Conflict, Forbidden


class LeadClosed(Conflict):
    """Converted and disqualified are final."""

    code = "lead-closed"


class AlreadyClaimed(Conflict):
    """Somebody was faster; who is nobody's business."""

    code = "already-claimed"


class LeadNotPooled(Conflict):
    """Only leads in a pool can be claimed, and this one never was in any."""

    code = "lead-not-pooled"


class LeadHeld(Conflict):
    """A held lead changes hands by being returned first."""

    code = "lead-held"


class LeadNotOwned(Conflict):
    """A pooled lead has to be claimed or assigned before it can be worked."""

    code = "lead-not-owned"


class AlreadyInPool(Conflict):
    """It is in that pool already."""

    code = "already-in-pool"


class PoolDisabled(Conflict):
    """Nothing goes in or out of a disabled pool."""

    code = "pool-disabled"


class NotAPoolMember(Forbidden):
    """The pool names its members, and this is not one of them."""

    code = "not-a-pool-member"


class DailyLimitReached(Conflict):
    """The claim rule's limit for this local day is used up; claims count, not what is still held."""

    code = "daily-limit-reached"
