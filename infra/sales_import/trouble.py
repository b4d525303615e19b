"""Why an import cannot go on, told so that the reader knows what to do next."""

from infra.local.trouble import LaunchError


class ImportTrouble(LaunchError):
    """The folder, the login or the platform is not as an import needs it."""

    def __init__(self, why: str, *, advice: str = "") -> None:
        super().__init__("import", why, advice=advice)
