"""Why an account or a contact refuses."""

from shared.errors import Conflict


class OwnParent(Conflict):
    """An account cannot stand above itself."""

    code = "own-parent"
