"""The tree of refusals.

A domain rule raises a named subclass carrying data, not prose; the HTTP edge turns its family into a
status, its `code` and `params` into an `application/problem+json` body.

    DomainError
    ├── Malformed             400  the request cannot be read
    ├── Unauthenticated       401  who is calling is not established
    ├── PlanLimit             402  the tenant's plan does not include it
    ├── Forbidden             403  the caller may see it but not do it
    ├── NotFound              404  no such thing, or none the caller may know of
    ├── Conflict              409  the state of things refuses it
    ├── Gone                  410  it existed and has expired
    ├── Stale                 412  it was changed since the caller read it
    ├── TooLarge              413  more than is accepted at once
    ├── Invalid               422  readable, but against the rules
    ├── PreconditionRequired  428  If-Match is missing
    ├── TooManyRequests       429  a limit is used up for now
    └── Unavailable           503  try again later
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault in the input: where (JSON pointer), what (`code`) and the numbers that belong to it."""

    pointer: str
    code: str
    params: dict[str, Any] = field(default_factory=dict)


class DomainError(Exception):
    """A refusal with a stable `code`; `params` fill its translated text."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500

    def __init__(self, *, errors: Sequence[FieldError] = (), **params: Any) -> None:
        self.errors: list[FieldError] = list(errors)
        self.params: dict[str, Any] = params
        super().__init__(self.code, params)


class Malformed(DomainError):
    """The request cannot be read."""

    code = "malformed"
    status = 400


class Unauthenticated(DomainError):
    """Who is calling is not established."""

    code = "unauthenticated"
    status = 401


class PlanLimit(DomainError):
    """The tenant's plan does not include it."""

    code = "plan-limit"
    status = 402


class Forbidden(DomainError):
    """The caller may see it but not do it."""

    code = "forbidden"
    status = 403


class NotFound(DomainError):
    """No such thing, or none the caller may know of; a foreign id looks exactly like this."""

    code = "not-found"
    status = 404


class Conflict(DomainError):
    """The state of things refuses it."""

    code = "conflict"
    status = 409


class Gone(DomainError):
    """It existed and has expired."""

    code = "gone"
    status = 410


class Stale(DomainError):
    """It was changed since the caller read it: read again, decide again."""

    code = "stale"
    status = 412


class TooLarge(DomainError):
    """More than is accepted at once."""

    code = "too-large"
    status = 413


class Invalid(DomainError):
    """Readable, but against the rules; `errors` says where."""

    code = "invalid"
    status = 422


class PreconditionRequired(DomainError):
    """If-Match is missing on a change of one record."""

    code = "if-match-required"
    status = 428


class TooManyRequests(DomainError):
    """A limit is used up; `retry_after` (seconds) is among the params."""

    code = "too-many-requests"
    status = 429


class Unavailable(DomainError):
    """Something it needs does not answer; nothing was changed, try again."""

    code = "unavailable"
    status = 503
