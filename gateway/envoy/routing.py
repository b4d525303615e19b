"""The routes table in Envoy's words: where a request goes, how long it may take, what may be tried again."""

from gateway.envoy import jwt
from gateway.envoy.headers import RESPONSE_REMOVED
from gateway.envoy.types import HTTP_FILTERS, Config, seconds, typed
from gateway.routes import BODY_LIMIT, LIVE_PATH, ROUTES, Match, Route

BUFFER_FILTER = "envoy.filters.http.buffer"
_BUFFER = HTTP_FILTERS + "buffer.v3.Buffer"

# Only what changes nothing is tried again, and only when no answer had begun.
RETRIED_METHODS = ["GET", "HEAD"]
RETRIES = 2


def route_configuration() -> Config:
    """One virtual host for every name: the edge does not decide by host."""
    return {
        "name": "edge",
        "response_headers_to_remove": RESPONSE_REMOVED,
        "virtual_hosts": [
            {
                "name": "edge",
                "domains": ["*"],
                "routes": [_live(), *(_route(r) for r in ROUTES)],
            }
        ],
    }


def body_limit_filter() -> Config:
    """Take a body in whole before a service sees it, up to the limit: slow senders hold no worker thread."""
    return {
        "name": BUFFER_FILTER,
        "typed_config": typed(_BUFFER, max_request_bytes=BODY_LIMIT),
    }


def _live() -> Config:
    return {
        "name": LIVE_PATH,
        "match": {"path": LIVE_PATH},
        "direct_response": {
            "status": 200,
            "body": {"inline_string": '{"status":"ok"}\n'},
        },
        "response_headers_to_add": [{"header": {"key": "content-type", "value": "application/json"}}],
        "typed_per_filter_config": jwt.no_token_needed(),
    }


def _route(route: Route) -> Config:
    config: Config = {
        "name": route.name,
        "match": _match(route),
        "route": _action(route),
    }
    settings = _settings(route)
    return config | {"typed_per_filter_config": settings} if settings else config


def _match(route: Route) -> Config:
    if route.match is Match.EXACT:
        return {"path": route.path}
    return {"path_separated_prefix": route.path}


def _action(route: Route) -> Config:
    action: Config = {
        "cluster": route.service,
        "timeout": seconds(route.timeout),
        "retry_policy": _retries(route),
    }
    if route.streams:
        action["idle_timeout"] = seconds(0)
    return action


def _retries(route: Route) -> Config:
    return {
        "retry_on": "connect-failure,refused-stream,reset-before-request,reset",
        "num_retries": RETRIES,
        "retriable_request_headers": [_method(name) for name in RETRIED_METHODS],
        "retry_back_off": {"base_interval": "0.025s", "max_interval": "0.25s"},
        "host_selection_retry_max_attempts": 3,
        "retry_host_predicate": [
            {
                "name": "envoy.retry_host_predicates.previous_hosts",
                "typed_config": typed("envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate"),
            }
        ],
    }


def _method(name: str) -> Config:
    return {"name": ":method", "string_match": {"exact": name}}


def _settings(route: Route) -> Config:
    settings: Config = jwt.no_token_needed() if route.public else {}
    if route.body_limit != BODY_LIMIT:
        limit = {"max_request_bytes": route.body_limit}
        settings[BUFFER_FILTER] = typed(HTTP_FILTERS + "buffer.v3.BufferPerRoute", buffer=limit)
    return settings
