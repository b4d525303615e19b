"""Routes: a view declares what it accepts, returns and demands; this module sees that it gets and gives just that.

Everything a request passes lies in one place, in order: trail, token, permission, limit, If-Match, query, body,
deadline, idempotency, view, answer. There are no hooks elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import flask_smorest
import marshmallow as ma
import orjson
from flask import Request, Response, g, request
from opentelemetry.trace import SpanKind, StatusCode

from shared import idempotency
from shared.http.answers import respond
from shared.http.checking import check
from shared.http.context import Call, Edge, edge, read_if_match, readable_request_id
from shared.http.fields import page_of
from shared.http.listing import Listing
from shared.http.openapi import operation
from shared.http.problems import PermissionMissing, TimedOut, TokenMissing
from shared.http.problems import respond as respond_problem
from shared.http.validation import load_body, load_query, made, read_json
from shared.idempotency import Stored
from shared.ids import new_id
from shared.mongo import deadline
from shared.telemetry import Trail, begin, new_traceparent, parse_traceparent, remote_parent, span, tracing

PUBLIC = "public"
SIGNED_IN = "signed-in"
DEFAULT_SECONDS = 15.0
BATCH_SECONDS = 60.0
"""A batch may take as long as the edge waits for one."""
_KEPT_HEADERS = ("ETag", "Location", "Content-Type")
View = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class Route:
    """One operation of the API, as declared."""

    method: str
    path: str
    view: View
    permission: str
    returns: type[ma.Schema] | None
    accepts: type[ma.Schema] | None = None
    query: type[ma.Schema] | None = None
    listing: Listing | None = None
    status: int = 200
    if_match: bool = False
    idempotency_required: bool = False
    rate: str = "read"
    seconds: float = DEFAULT_SECONDS
    row: type[ma.Schema] | None = None
    examples: dict[str, Any] = field(default_factory=dict)

    def __call__(self, **path: str) -> Response:
        """Serve one request: whatever happens, an answer of ours leaves."""
        call = begin_call(edge(), request)
        response = self._traced(call, path) if tracing() else self._answered(call, path)
        return finish(call, response)

    def _answered(self, call: Call, path: dict[str, str]) -> Response:
        try:
            return self._serve(call, path)
        except Exception as error:  # noqa: BLE001 (the one place where a request's errors become answers)
            return respond_problem(error, call.request, call.edge.catalogue)

    def _traced(self, call: Call, path: dict[str, str]) -> Response:
        name = f"{self.method} {self.path}"
        with remote_parent(call.trail.traceparent), span(name, kind=SpanKind.SERVER) as opened:
            response = self._answered(call, path)
            opened.set_attribute("http.response.status_code", response.status_code)
            if response.status_code >= 500:
                opened.set_status(StatusCode.ERROR)
            return response

    def _serve(self, call: Call, path: dict[str, str]) -> Response:
        environ = call.request.environ
        self._admit(call, environ)
        if self.if_match:
            call.version = read_if_match(environ.get("HTTP_IF_MATCH"))
        arguments = self._arguments(call, path)
        with deadline(seconds_left(environ, self.seconds)):
            if self.method == "POST" and not call.public:
                key = idempotency.read_key(environ.get("HTTP_IDEMPOTENCY_KEY"), required=self.idempotency_required)
                if key is not None:
                    return self._once(call, key, arguments)
            return self._answer(call, arguments)

    def _admit(self, call: Call, environ: dict[str, Any]) -> None:
        if self.permission == PUBLIC:
            if self.rate == "auth":
                call.edge.limiter.address(client_address(environ))
            return
        kind, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        if not token or kind.lower() != "bearer":
            raise TokenMissing
        caller = call.principal = call.edge.verifier.verify(token.strip())
        call.public = False
        call.trail.tenant_id, call.trail.principal_id = caller.tenant_id, caller.id
        if self.permission != SIGNED_IN:
            call.scope = caller.scope(self.permission)
            if call.scope.level == "none":
                raise PermissionMissing(permission=self.permission)
        call.limit_headers = call.edge.limiter.request(caller.tenant_id, self.rate)

    def _arguments(self, call: Call, path: dict[str, str]) -> dict[str, Any]:
        arguments: dict[str, Any] = dict(path)
        if self.listing is not None:
            fields = list(made(self.row).fields) if self.row else []
            arguments["query"] = self.listing.read(
                call.request.args,
                tenant_id=call.principal.tenant_id,
                route=call.request.path,
                signer=call.edge.signer,
                fields=fields,
            )
        elif self.query is not None:
            arguments["query"] = load_query(made(self.query), call.request.args)
        if self.accepts is not None:
            arguments["body"] = load_body(made(self.accepts), read_json(call.request))
        return arguments

    def _answer(self, call: Call, arguments: dict[str, Any]) -> Response:
        response = respond(self.view(**arguments), self.status)
        if call.edge.checks_answers and self.returns is not None and not response.is_streamed:
            data = orjson.loads(response.get_data())
            if not (self.listing is not None and "fields" in call.request.args):
                check(self.returns, data)
        return response

    def _once(self, call: Call, key: str, arguments: dict[str, Any]) -> Response:
        body = call.request.get_data(cache=True)
        mark = idempotency.fingerprint(self.method, call.request.path, body)
        call.store = call.open_store(call.principal.tenant_id)

        def work() -> Stored:
            # The view may change its input while it works; a second run must find it as it came.
            fresh = self._arguments(call, call.request.view_args or {}) if work_ran else arguments
            work_ran.append(True)
            response = self._answer(call, fresh)
            kept = tuple((name, response.headers[name]) for name in _KEPT_HEADERS if name in response.headers)
            return Stored(response.status_code, response.get_data(), kept)

        work_ran: list[bool] = []
        stored, replayed = idempotency.once(call.store, key, mark, work)
        response = Response(stored.body, stored.status, headers=list(stored.headers))
        if replayed:
            response.headers["Idempotency-Replayed"] = "true"
        return response


def begin_call(here: Edge, proxy: Request) -> Call:
    """Start serving a request: its ids from the headers, or fresh ones."""
    current: Request = proxy._get_current_object()  # type: ignore[attr-defined]
    environ = current.environ
    traceparent = environ.get("HTTP_TRACEPARENT", "")
    if not traceparent or parse_traceparent(traceparent) is None:
        traceparent = new_traceparent()
    trail = Trail(
        request_id=readable_request_id(environ.get("HTTP_X_REQUEST_ID")) or new_id("req"), traceparent=traceparent
    )
    begin(trail)
    call = g.call = Call(here, current, trail)
    return call


def finish(call: Call, response: Response) -> Response:
    """The headers every answer carries."""
    headers = response.headers
    headers["X-Request-Id"] = call.trail.request_id
    for name, value in call.limit_headers:
        headers[name] = value
    if "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store"
    return response


def seconds_left(environ: dict[str, Any], most: float = DEFAULT_SECONDS) -> float:
    """How long the caller is going to wait, but at most what the route allows itself."""
    left = most
    for name in ("HTTP_X_REQUEST_TIMEOUT_MS", "HTTP_X_ENVOY_EXPECTED_RQ_TIMEOUT_MS"):
        text = environ.get(name, "")
        if text.isdecimal() and len(text) < 10:
            left = min(left, int(text) / 1000)
    if left <= 0:
        raise TimedOut(retry_after=1)
    return left


def client_address(environ: dict[str, Any]) -> str:
    """Where the request came from: what the edge says, the hop it wrote down last, else the peer.

    Behind trusted proxies that last hop is the nearest proxy, and the edge names the caller in a header of its own.
    """
    external = str(environ.get("HTTP_X_ENVOY_EXTERNAL_ADDRESS", ""))
    forwarded = str(environ.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    return external or forwarded or str(environ.get("REMOTE_ADDR", ""))


class Routes:
    """The routes of one resource. Declare with `get post patch put delete`; `permission` is never left out."""

    def __init__(self, name: str, description: str) -> None:
        self.name = name
        self.routes: list[Route] = []
        self.blueprint = flask_smorest.Blueprint(name, name, description=description)

    def get(self, path: str, **declared: Any) -> Callable[[View], View]:
        """Declare a read."""
        return self._declare("GET", path, **declared)

    def post(self, path: str, **declared: Any) -> Callable[[View], View]:
        """Declare a creation, an action or a batch."""
        return self._declare("POST", path, **declared)

    def patch(self, path: str, **declared: Any) -> Callable[[View], View]:
        """Declare a change of some fields."""
        return self._declare("PATCH", path, **declared)

    def put(self, path: str, **declared: Any) -> Callable[[View], View]:
        """Declare a replacement."""
        return self._declare("PUT", path, **declared)

    def delete(self, path: str, **declared: Any) -> Callable[[View], View]:
        """Declare a removal."""
        return self._declare("DELETE", path, **declared)

    def _declare(
        self, method: str, path: str, *, permission: str, returns: type[ma.Schema] | None, **options: Any
    ) -> Callable[[View], View]:
        options.setdefault("rate", "read" if method == "GET" else "write")
        row = None
        if options.get("listing") is not None and returns is not None:
            row, returns = _row_and_page(returns)

        def decorate(view: View) -> View:
            route = Route(
                method=method, path=path, view=view, permission=permission, returns=returns, row=row, **options
            )
            self._add(route)
            return view

        return decorate

    def _add(self, route: Route) -> None:
        def serve(**path: str) -> Response:
            return route(**path)

        name = route.view.__name__
        serve.__name__ = serve.__qualname__ = name
        serve.__doc__ = route.view.__doc__
        serve._apidoc = {"manual_doc": operation(route, self.name)}  # type: ignore[attr-defined]
        self.routes.append(route)
        self.blueprint.add_url_rule(route.path, name, serve, methods=[route.method], provide_automatic_options=False)


def _row_and_page(returns: type[ma.Schema]) -> tuple[type[ma.Schema] | None, type[ma.Schema]]:
    """The schema of a row and of the page; a page given as such is taken as it is."""
    declared = returns._declared_fields
    if "page" not in declared:
        return returns, page_of(returns)
    data = declared.get("data")
    inner = getattr(data, "inner", data)
    nested = getattr(inner, "nested", None)
    return (nested if isinstance(nested, type) else None), returns
