"""Refusals as answers: every error leaves as `application/problem+json`, in the caller's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from flask import Request, Response
from werkzeug.exceptions import HTTPException

from shared.errors import (
    Conflict,
    DomainError,
    FieldError,
    Forbidden,
    Invalid,
    Malformed,
    PreconditionRequired,
    Unauthenticated,
    Unavailable,
)
from shared.http.texts import FIELD_TEXTS, TEXTS
from shared.mongo import OperationFailure, PyMongoError
from shared.telemetry import current, log

_SPOKEN = {"en": "en", "zh": "zh-CN"}
_MOST_FAULTS = 100
CONTENT_TYPE = "application/problem+json"
Texts = Mapping[str, Mapping[str, tuple[str, str]] | Mapping[str, str]]
"""A service's texts by code and language: title and detail of a problem, or the one sentence of a field's fault."""


class MalformedJson(Malformed):
    """The body is not JSON."""

    code = "malformed-json"


class IfMatchMalformed(Malformed):
    """If-Match is not one strong entity tag of ours."""

    code = "if-match-malformed"


class IfMatchRequired(PreconditionRequired):
    """A change of one record names the version it is based on."""

    code = "if-match-required"


class UnsupportedMediaType(DomainError):
    """The body is not declared as JSON."""

    code = "unsupported-media-type"
    status = 415


class TokenMissing(Unauthenticated):
    """No bearer token came with the request."""

    code = "token-missing"


class PermissionMissing(Forbidden):
    """The principal's roles do not hold the permission."""

    code = "permission-missing"


class InvalidBody(Invalid):
    """Fields of the body are against the schema; `errors` says which."""

    code = "validation-failed"


class InvalidQuery(Invalid):
    """Query parameters are against what the route declares."""

    code = "query-invalid"


class TimedOut(Unavailable):
    """The time the caller allowed ran out; nothing was changed unless an answer says so."""

    code = "timed-out"


class Busy(Conflict):
    """Others kept changing the same thing; try again."""

    code = "busy"


class Catalogue:
    """The texts of a service: its own codes over the shared ones."""

    def __init__(self, texts: Texts) -> None:
        self._texts: dict[str, Mapping[str, Any]] = {**FIELD_TEXTS, **TEXTS, **texts}

    def problem(self, code: str, language: str, params: Mapping[str, Any]) -> tuple[str, str]:
        """Title and detail of a problem."""
        texts = self._texts.get(code) or {"en": (code.replace("-", " ").capitalize() + ".", "")}
        text = texts.get(language) or texts["en"]
        title, detail = (text, text) if isinstance(text, str) else text
        return title, detail.format_map(_Lenient(params))

    def field(self, error: FieldError, language: str) -> dict[str, Any]:
        """One fault of the input, as the answer shows it; a problem's code explains itself by its detail."""
        title, detail = self.problem(error.code, language, error.params)
        return {"pointer": error.pointer, "code": error.code, "params": error.params, "message": detail or title}

    def fields(self, errors: Sequence[FieldError], language: str) -> list[dict[str, Any]]:
        """Several faults; of very many the first hundred, so that no request makes a far larger answer."""
        return [self.field(error, language) for error in errors[:_MOST_FAULTS]]


class _Lenient(dict[str, Any]):
    """A template's parameters as text; one that is missing leaves a gap, it does not break the answer."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        super().__init__({name: _as_text(value) for name, value in params.items()})

    def __missing__(self, key: str) -> str:
        return ""


def _as_text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def language_of(request: Request) -> str:
    """The caller's best language among those we write."""
    if "Accept-Language" not in request.headers:
        return "en"
    for tag in request.accept_languages.values():
        spoken = _SPOKEN.get(tag.partition("-")[0].lower())
        if spoken is not None:
            return spoken
    return "en"


def respond(error: Exception, request: Request, catalogue: Catalogue) -> Response:
    """The answer to a request that failed with `error`."""
    status, code, params, errors = _facts(error)
    language = language_of(request)
    title, detail = catalogue.problem(code, language, params)
    body = {
        "type": f"/problems/{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": request.path,
        "code": code,
        "params": params,
        "request_id": current().request_id,
        "errors": catalogue.fields(errors, language),
    }
    response = Response(orjson.dumps(body, default=str), status, content_type=CONTENT_TYPE)
    response.headers["Content-Language"] = language
    _extra_headers(response, error, params)
    return response


def _extra_headers(response: Response, error: Exception, params: Mapping[str, Any]) -> None:
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if "retry_after" in params:
        response.headers["Retry-After"] = str(params["retry_after"])
    if isinstance(error, HTTPException) and error.code == 405:
        allowed = dict(error.get_headers()).get("Allow")
        if allowed:
            response.headers["Allow"] = allowed


Facts = tuple[int, str, dict[str, Any], Sequence[FieldError]]


def _facts(error: Exception) -> Facts:
    if isinstance(error, DomainError):
        return error.status, error.code, error.params, error.errors
    if isinstance(error, HTTPException):
        status = error.code or 500
        return status, _HTTP_CODES.get(status, f"http-{status}"), {}, ()
    if isinstance(error, PyMongoError):
        return _database_facts(error)
    log.error("request_failed", exc_info=error)
    return 500, "internal", {}, ()


def _database_facts(error: PyMongoError) -> Facts:
    if error.timeout:
        log.warning("request_timed_out", reason=type(error).__name__)
        return TimedOut.status, TimedOut.code, {"retry_after": 1}, ()
    if error.has_error_label("TransientTransactionError"):
        return Busy.status, Busy.code, {"retry_after": 1}, ()
    if isinstance(error, OperationFailure):
        log.error("request_failed", exc_info=error)
        return 500, "internal", {}, ()
    log.warning("database_unavailable", reason=type(error).__name__)
    return Unavailable.status, Unavailable.code, {"retry_after": 2}, ()


_HTTP_CODES = {
    400: "malformed",
    404: "route-not-found",
    405: "method-not-allowed",
    413: "body-too-large",
    415: "unsupported-media-type",
}
