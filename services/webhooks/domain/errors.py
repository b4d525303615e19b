"""What the webhooks service refuses, by name."""

from shared.errors import Conflict, Gone, TooManyRequests


class TooManyEndpoints(Conflict):
    """The tenant has as many endpoints as one tenant may have."""

    code = "too-many-endpoints"


class EndpointDisabledError(Conflict):
    """Nothing is sent to a disabled endpoint; enable it first."""

    code = "endpoint-disabled"


class EndpointGone(Conflict):
    """The endpoint of this delivery has been deleted."""

    code = "endpoint-gone"


class DeliveryPending(Conflict):
    """The delivery is still under way by itself."""

    code = "delivery-pending"


class ResendLimit(Conflict):
    """A delivery is sent again by hand only so often."""

    code = "resend-limit"


class CursorExpired(Gone):
    """The events after this cursor are no longer kept."""

    code = "cursor-expired"


class TooManyStreams(TooManyRequests):
    """This process serves as many streams as it can."""

    code = "too-many-streams"
