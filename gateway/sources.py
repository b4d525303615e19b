"""The services' own OpenAPI documents: asked for all at once, kept for a while, asked again when one is missing."""

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import urllib3

from shared.telemetry import log

Fetch = Callable[[str], dict[str, Any]]

KEPT_SECONDS = 30.0
RETRY_SECONDS = 2.0
_TIMEOUT = urllib3.Timeout(connect=0.5, read=3.0)


class Sources:
    """Documents by service. One that was read once is kept over an absence of its service."""

    def __init__(self, urls: Mapping[str, str], fetch: Fetch, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._urls = dict(urls)
        self._fetch = fetch
        self._clock = clock
        self._documents: dict[str, dict[str, Any]] = {}
        self._due = 0.0
        self._revision = 0
        self._lock = threading.Lock()

    @property
    def missing(self) -> list[str]:
        """The services nothing is known of."""
        return [name for name in self._urls if name not in self._documents]

    @property
    def revision(self) -> int:
        """Counts the times the documents were read anew."""
        return self._revision

    def documents(self) -> dict[str, dict[str, Any]]:
        """What is known now, in the services' order; reads anew when it is time."""
        with self._lock:
            if self._clock() >= self._due:
                self._read()
            return {name: self._documents[name] for name in self._urls if name in self._documents}

    def _read(self) -> None:
        with ThreadPoolExecutor(max(1, len(self._urls))) as pool:
            answers = dict(zip(self._urls, pool.map(self._ask, self._urls), strict=True))
        self._documents |= {name: document for name, document in answers.items() if document is not None}
        self._revision += 1
        self._due = self._clock() + (RETRY_SECONDS if None in answers.values() else KEPT_SECONDS)

    def _ask(self, name: str) -> dict[str, Any] | None:
        try:
            return self._fetch(f"{self._urls[name]}/openapi.json")
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            log.warning("openapi_unavailable", peer=name, reason=type(error).__name__)
            return None


def over_http() -> Fetch:
    """Read documents from the network; anything but a JSON object is a ValueError."""
    pool = urllib3.PoolManager(timeout=_TIMEOUT, retries=False)

    def fetch(url: str) -> dict[str, Any]:
        answer = pool.request("GET", url)
        if answer.status != 200:
            raise ValueError(answer.status)
        document = orjson.loads(answer.data)
        if not isinstance(document, dict):
            raise ValueError("not an object")
        return document

    return fetch
