"""A caller of the API that waits when it is told to, and says plainly when it makes no sense to."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import urllib3

from infra.local.api import Api, Problem
from infra.sales_import.trouble import ImportTrouble
from shared.ids import new_id

ATTEMPTS = 8
LONGEST_WAIT = 30.0
PASSING = frozenset({429, 502, 503, 504})
PASSING_CODES = frozenset({"busy", "idempotency-in-flight"})


class Caller:
    """Calls in the importer's name; every write carries an idempotency key, so that a repeat cannot act twice."""

    def __init__(self, api: Api, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._api = api
        self._sleep = sleep

    def login(self, tenant: str, email: str, password: str) -> None:
        """Log in, or say why not."""
        try:
            self._patiently(lambda: self._api.login(tenant, email, password))
        except Problem as problem:
            if problem.status not in (401, 404, 422):
                raise
            raise ImportTrouble(
                f"{email} cannot log in to tenant {tenant}: {problem.document.get('title', problem.code)}",
                advice="check --tenant, --email and PELAGIC_PASSWORD",
            ) from problem

    def get(self, path: str, **query: Any) -> Any:
        """The body of a GET."""
        return self._patiently(lambda: self._api.get(path, **query))

    def post(self, path: str, body: Any = None, *, version: int | None = None) -> Any:
        """The body of a POST."""
        key = new_id("req")
        return self._patiently(lambda: self._api.post(path, body, key=key, version=version))

    def _patiently(self, call: Callable[[], Any]) -> Any:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return call()
            except Problem as problem:
                if attempt == ATTEMPTS or not _passes(problem):
                    raise
                self._sleep(_pause(problem, attempt))
            except urllib3.exceptions.HTTPError as error:
                if attempt == ATTEMPTS:
                    raise ImportTrouble(
                        f"nothing answers at {self._api.base_url}: {error}", advice="pelagic status"
                    ) from error
                self._sleep(_backoff(attempt))
        raise AssertionError("unreachable")


def _passes(problem: Problem) -> bool:
    return problem.status in PASSING or problem.code in PASSING_CODES


def _pause(problem: Problem, attempt: int) -> float:
    asked = (problem.document.get("params") or {}).get("retry_after")
    return min(float(asked), LONGEST_WAIT) if asked is not None else _backoff(attempt)


def _backoff(attempt: int) -> float:
    return min(0.25 * 2.0**attempt, LONGEST_WAIT)
