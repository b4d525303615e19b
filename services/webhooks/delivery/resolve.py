"""From a host name to the one address that is connected to, refused when it leads inside."""

from __future__ import annotations

import socket

from services.webhooks.domain.addresses import refusal, refusal_of_host


class NameUnknown(Exception):
    """The host name leads to no address."""


class AddressRefused(Exception):
    """The host name leads to an address that nothing is sent to."""


def resolve(host: str, port: int, *, allow_private: bool) -> str:
    """The address to connect to. If any of the host's addresses is refused, all are.

    The caller connects to the answer itself, never to the name again: what was checked is what is used.
    """
    if not allow_private and refusal_of_host(host):
        raise AddressRefused(host)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as failure:
        raise NameUnknown(host) from failure
    addresses = [str(sockaddr[0]) for *_, sockaddr in found]
    if not addresses:
        raise NameUnknown(host)
    if not allow_private and any(refusal(address) for address in addresses):
        raise AddressRefused(host)
    return addresses[0]
