"""Why an account or a contact refuses."""

from shared.errors import Conflict


class ExternalIdTaken(Conflict):
    """Another record of the tenant's carries this external id."""

    code = "external-id-taken"


class OwnParent(Conflict):
    """An account cannot stand above itself."""

    code = "own-parent"
