"""A small client of the public API: log in, ask, change; every refusal is a `Problem` with its code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import urlencode

import orjson
import urllib3

TIMEOUT = urllib3.Timeout(connect=5, read=60)


class Problem(Exception):
    """An answer of 400 or above: the problem document of the API, as an exception."""

    def __init__(self, status: int, document: dict[str, Any]) -> None:
        self.status = status
        self.document = document
        self.code: str = document.get("code", "unknown")
        self.errors: list[dict[str, Any]] = document.get("errors") or []
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        fields = "; ".join(f"{e.get('pointer', '')}: {e.get('message', e.get('code'))}" for e in self.errors)
        return f"{self.status} {self.code}: {self.document.get('detail', '')} {fields}".strip()


@dataclass(frozen=True)
class Answer:
    """What the API said: status, headers and the decoded body."""

    status: int
    body: Any
    headers: urllib3.HTTPHeaderDict = field(repr=False)

    @property
    def version(self) -> int | None:
        """The version in the ETag, ready for the next If-Match."""
        etag = self.headers.get("ETag")
        return int(etag.strip('"')) if etag else None


class Api:
    """One caller of one Pelagic address; may be shared by threads once it is logged in."""

    def __init__(self, base_url: str, *, connections: int = 16) -> None:
        self.base_url = base_url.rstrip("/")
        self.access_token: str | None = None
        self.refresh_token: str | None = None
        self._renewing = Lock()
        self._pool = urllib3.PoolManager(maxsize=connections, timeout=TIMEOUT, retries=False)

    def login(self, tenant: str, email: str, password: str) -> dict[str, Any]:
        """Log in and use the token from now on; answers the principal."""
        return self._keep(self.post("/v1/auth/login", {"tenant": tenant, "email": email, "password": password}))

    def refresh(self) -> dict[str, Any]:
        """Exchange the refresh token for a fresh pair."""
        body = {"refresh_token": self.refresh_token}
        answer = self._send("POST", "/v1/auth/refresh", {}, body, {}, token=None)
        return self._keep(_accepted(answer).body)

    def get(self, path: str, **query: Any) -> Any:
        """The body of a GET; `query` may hold keys such as `**{"filter[state]": "open"}`."""
        return self.call("GET", path, query=query).body

    def every(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """All records of a list, page after page."""
        while True:
            page = self.get(path, **{"limit": 200, **query})
            yield from page["data"]
            if not page["page"]["next"]:
                return
            query["cursor"] = page["page"]["next"]

    def post(self, path: str, body: Any = None, *, key: str | None = None, version: int | None = None) -> Any:
        """The body of a POST; `key` is the Idempotency-Key, `version` the If-Match."""
        return self.call("POST", path, body={} if body is None else body, key=key, version=version).body

    def patch(self, path: str, body: Any, *, version: int) -> Any:
        """The body of a PATCH of the version last seen."""
        return self.call("PATCH", path, body=body, version=version).body

    def call(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: Any = None,
        key: str | None = None,
        version: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """One request; raises `Problem` for 400 and above, renews an expired access token once."""
        send = {**(headers or {}), **_conditions(key, version)}
        token = self.access_token
        answer = self._send(method, path, query, body, send, token=token)
        if answer.status == 401 and token and self.refresh_token:
            self._renew(token)
            answer = self._send(method, path, query, body, send, token=self.access_token)
        return _accepted(answer)

    def _renew(self, expired: str) -> None:
        """Refresh once, however many threads saw the token expire: using a refresh token twice revokes it."""
        with self._renewing:
            if self.access_token == expired:
                self.refresh()

    def _send(
        self, method: str, path: str, query: Any, body: Any, headers: dict[str, str], *, token: str | None
    ) -> Answer:
        headers = {"Accept": "application/json", **headers}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if body is not None:
            headers["Content-Type"] = "application/json"
        url = self.base_url + path + _query(query or {})
        content = None if body is None else orjson.dumps(body)
        try:
            response = self._pool.request(method, url, body=content, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            raise ConnectionError(f"{self.base_url} does not answer: {error}") from error
        return Answer(response.status, _decoded(response), response.headers)

    def _keep(self, tokens: dict[str, Any]) -> dict[str, Any]:
        self.access_token, self.refresh_token = tokens["access_token"], tokens["refresh_token"]
        principal: dict[str, Any] = tokens["principal"]
        return principal


def _accepted(answer: Answer) -> Answer:
    if answer.status >= 400:
        raise Problem(answer.status, answer.body if isinstance(answer.body, dict) else {})
    return answer


def _conditions(key: str | None, version: int | None) -> dict[str, str]:
    headers = {} if key is None else {"Idempotency-Key": key}
    return headers if version is None else {**headers, "If-Match": f'"{version}"'}


def _query(query: dict[str, Any]) -> str:
    present = {name: str(value) for name, value in query.items() if value is not None}
    return "?" + urlencode(present) if present else ""


def _decoded(response: urllib3.BaseHTTPResponse) -> Any:
    if "json" not in response.headers.get("Content-Type", ""):
        return response.data.decode(errors="replace") or None
    return orjson.loads(response.data)
