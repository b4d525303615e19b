"""The names by which Envoy's configuration refers to the types of its extensions."""

from typing import Any

Config = dict[str, Any]

_PREFIX = "type.googleapis.com/"

HTTP_FILTERS = _PREFIX + "envoy.extensions.filters.http."
NETWORK_FILTERS = _PREFIX + "envoy.extensions.filters.network."


def typed(type_url: str, **fields: Any) -> Config:
    """A configuration of the type with this full name."""
    url = type_url if type_url.startswith(_PREFIX) else _PREFIX + type_url
    return {"@type": url, **fields}


def extension(name: str, type_url: str, **fields: Any) -> Config:
    """A named extension with its typed configuration."""
    return {"name": name, "typed_config": typed(type_url, **fields)}


def seconds(value: float) -> str:
    """A duration as protobuf's JSON writes it."""
    return f"{value:g}s"
