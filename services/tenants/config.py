"""What only this service is configured with: the key that signs access tokens."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from shared.auth import Principal
from shared.auth.tokens import issue, jwks_document, key_id
from shared.config import Settings

SIGNER = "pelagic.signer"
"""Where the app keeps its signer among its extensions."""


class TokenSigner:
    """Signs access tokens, and publishes the key they are verified with."""

    def __init__(self, private_key: Ed25519PrivateKey) -> None:
        self._private_key = private_key
        self._kid = key_id(private_key.public_key())
        self.jwks: dict[str, Any] = jwks_document(private_key.public_key())

    def token(self, principal: Principal, *, at: datetime) -> str:
        """An access token for `principal`, valid from `at`."""
        return issue(principal, self._private_key, self._kid, at=at)


def signer(settings: Settings) -> TokenSigner:
    """The signer with the key from PELAGIC_SIGNING_KEY_FILE; the process stops without a usable one."""
    if settings.signing_key_file is None:
        raise SystemExit("PELAGIC_SIGNING_KEY_FILE must name the PEM file of an Ed25519 private key")
    try:
        key = load_pem_private_key(Path(settings.signing_key_file).read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise SystemExit(f"PELAGIC_SIGNING_KEY_FILE cannot be read: {error}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SystemExit("PELAGIC_SIGNING_KEY_FILE must hold an Ed25519 key")
    return TokenSigner(key)
