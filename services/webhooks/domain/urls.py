"""What an endpoint's URL may look like."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from services.webhooks.domain.addresses import refusal_of_host
from shared.errors import FieldError

MAX_LENGTH = 2_048


@dataclass(frozen=True)
class Target:
    """A URL taken apart: how to connect (`host`, `port`, `secure`) and what to ask for (`path`)."""

    secure: bool
    host: str
    port: int
    path: str
    authority: str


def check_url(url: str, *, allow_private: bool) -> list[FieldError]:
    """What is wrong with `url`: https to a public name, unless private addresses are allowed."""
    if len(url) > MAX_LENGTH:
        return [FieldError("/url", "too-long", {"max": MAX_LENGTH})]
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return [FieldError("/url", "not-a-url")]
    if not host or port == 0 or not url.isascii() or any(ch.isspace() or not ch.isprintable() for ch in url):
        return [FieldError("/url", "not-a-url")]
    if parts.scheme != "https" and not (allow_private and parts.scheme == "http"):
        return [FieldError("/url", "not-https")]
    if parts.username is not None or parts.password is not None or parts.fragment:
        return [FieldError("/url", "url-has-credentials-or-fragment")]
    if not allow_private and refusal_of_host(host):
        return [FieldError("/url", "address-not-allowed")]
    return []


def target_of(url: str) -> Target:
    """Take a checked URL apart."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = parts.hostname or ""
    return Target(secure, host, parts.port or (443 if secure else 80), path, parts.netloc)
