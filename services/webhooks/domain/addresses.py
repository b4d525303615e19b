"""Which network addresses a webhook may be sent to: public unicast ones, however they are written."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

_REFUSED_4: dict[IPv4Network, str] = {
    IPv4Network(network): reason
    for network, reason in {
        "0.0.0.0/8": "unspecified",
        "10.0.0.0/8": "private",
        "100.64.0.0/10": "carrier-grade NAT",
        "127.0.0.0/8": "loopback",
        "169.254.0.0/16": "link-local, cloud metadata",
        "172.16.0.0/12": "private",
        "192.0.0.0/24": "protocol assignments, cloud metadata",
        "192.0.2.0/24": "documentation",
        "192.88.99.0/24": "6to4 relay",
        "192.168.0.0/16": "private",
        "198.18.0.0/15": "benchmarking",
        "198.51.100.0/24": "documentation",
        "203.0.113.0/24": "documentation",
        "168.63.129.16/32": "cloud metadata",
        "224.0.0.0/4": "multicast",
        "240.0.0.0/4": "reserved, broadcast",
    }.items()
}
_PUBLIC_6 = IPv6Network("2000::/3")
_REFUSED_6: dict[IPv6Network, str] = {
    IPv6Network(network): reason
    for network, reason in {
        "2001::/23": "protocol assignments, Teredo",
        "2001:db8::/32": "documentation",
        "2002::/16": "6to4",
        "3fff::/20": "documentation",
    }.items()
}
_CARRIERS = (
    IPv6Network("::ffff:0:0/96"),
    IPv6Network("::/96"),
    IPv6Network("64:ff9b::/96"),
)
"""IPv6 networks whose last four bytes are an IPv4 address: mapped, compatible, NAT64."""

_NUMERIC_LABEL = re.compile(r"^(0x[0-9a-f]*|[0-9]+)$")
_LOCAL_NAMES = ("localhost", "local", "internal", "localdomain", "home.arpa")


def refusal(address: str) -> str | None:
    """Why nothing is sent to `address`, or None when it is a public unicast address."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return "not an address"
    if isinstance(parsed, IPv4Address):
        return _refusal_4(parsed)
    return _refusal_6(parsed)


def refusal_of_host(host: str) -> str | None:
    """Why `host`, as written in a URL, is refused before anybody resolves it; None for a usable name.

    Numbers that old resolvers read as an address (decimal, octal, hexadecimal, short) are refused as
    such: only a plain dotted quad or an IPv6 address may stand for a name.
    """
    name = host.rstrip(".").lower()
    labels = name.split(".")
    if ":" in name or _is_dotted_quad(name):
        return refusal(name)
    if _NUMERIC_LABEL.match(labels[-1]):
        return "not a host name"
    if len(labels) == 1 or any(name == local or name.endswith("." + local) for local in _LOCAL_NAMES):
        return "local name"
    return None


def _refusal_4(address: IPv4Address) -> str | None:
    return next((why for network, why in _REFUSED_4.items() if address in network), None)


def _refusal_6(address: IPv6Address) -> str | None:
    for carrier in _CARRIERS:
        if address in carrier:
            return _refusal_4(IPv4Address(address.packed[12:])) or "carries an IPv4 address"
    if address not in _PUBLIC_6:
        return "not public unicast"
    return next((why for network, why in _REFUSED_6.items() if address in network), None)


def _is_dotted_quad(name: str) -> bool:
    try:
        return isinstance(ip_address(name), IPv4Address)
    except ValueError:
        return False
