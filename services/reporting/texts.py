"""What the service's refusals say to a person: reporting refuses nothing of its own."""

TEXTS: dict[str, dict[str, tuple[str, str]]] = {}
