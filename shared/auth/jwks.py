"""Public keys over HTTP: fetched once, kept, fetched again for an unknown key id, and kept on while the issuer is down."""

from __future__ import annotations

import json
import threading
import time
import urllib.request

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.auth.tokens import read_jwks
from shared.errors import Unavailable
from shared.telemetry import log

_FRESH_SECONDS = 300.0
_PAUSE_SECONDS = 5.0
_FIRST_PAUSE_SECONDS = 0.5
_TIMEOUT_SECONDS = 3.0


class KeysUnavailable(Unavailable):
    """No key could be fetched yet, so no token can be judged."""

    code = "keys-unavailable"


class RemoteKeys:
    """The keys published at `url`.

    An unknown key id causes a fetch, but at most one every few seconds, so that forged ids cannot be used to
    flood the issuer. When a fetch fails the keys already known go on being used.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: dict[str, Ed25519PublicKey] = {}
        self._fetched = self._tried = float("-inf")
        self._lock = threading.Lock()

    def find(self, kid: str) -> Ed25519PublicKey | None:
        """The key of this id, or None when the issuer does not publish it."""
        key = self._keys.get(kid)
        if key is not None and time.monotonic() - self._fetched < _FRESH_SECONDS:
            return key
        with self._lock:
            if time.monotonic() - self._tried >= (_PAUSE_SECONDS if self._keys else _FIRST_PAUSE_SECONDS):
                self._fetch()
        if not self._keys:
            raise KeysUnavailable
        return self._keys.get(kid)

    def _fetch(self) -> None:
        self._tried = time.monotonic()
        try:
            with urllib.request.urlopen(self._url, timeout=_TIMEOUT_SECONDS) as answer:
                self._keys = read_jwks(json.load(answer))
            self._fetched = time.monotonic()
        except (OSError, ValueError) as error:
            log.warning("jwks_fetch_failed", reason=type(error).__name__)
