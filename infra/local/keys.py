"""Secrets of a local stack, made once: the key that signs tokens and the one that signs cursors."""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from infra.local.home import Home


def signing_key(home: Home) -> Path:
    """The Ed25519 private key in PEM, readable by its owner alone."""
    file = home.keys / "signing.pem"
    if not file.exists():
        _write(file, Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return file


def cursor_key(home: Home) -> str:
    """The secret that signs list cursors."""
    file = home.keys / "cursor.key"
    if not file.exists():
        _write(file, secrets.token_hex(32).encode())
    return file.read_text().strip()


def _write(file: Path, content: bytes) -> None:
    """Write under another name first: a key that is half there would never be made again."""
    partial = file.with_suffix(".partial")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(content)
    partial.replace(file)
