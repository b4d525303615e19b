"""Public keys over HTTP: fetched once, again for an unknown key id, and kept while the issuer is down."""

from __future__ import annotations

import threading
import time

import urllib3
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
            answer = urllib3.request("GET", self._url, timeout=_TIMEOUT_SECONDS, retries=False)
            if answer.status != 200:
                raise ValueError(answer.status)
            self._keys = read_jwks(answer.json())
            self._fetched = time.monotonic()
        except (urllib3.exceptions.HTTPError, ValueError, AttributeError) as error:
            log.warning("jwks_fetch_failed", reason=type(error).__name__)
