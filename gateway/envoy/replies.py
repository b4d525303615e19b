"""What Envoy itself has to say, in the shape of every other answer of the API: RFC 9457 problem details.

Only answers made by Envoy pass through here; those of the services go out as they came.
"""

from dataclasses import dataclass

from gateway.envoy.types import Config, extension

CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of refusal by the edge."""

    status: int
    code: str
    title: str
    detail: str


PROBLEMS = [
    Problem(400, "malformed", "Malformed request", "The request could not be read. Check its path, headers and body."),
    Problem(401, "unauthenticated", "Not signed in", "Send a valid access token: Authorization: Bearer <token>."),
    Problem(404, "not-found", "Not found", "There is nothing at this address. See /docs for what there is."),
    Problem(408, "request-timeout", "Request too slow", "The request did not arrive in time. Send it again."),
    Problem(413, "too-large", "Too large", "The body is larger than this address accepts. Send fewer items at once."),
    Problem(426, "upgrade-required", "Unsupported protocol", "Speak HTTP/1.1 or HTTP/2."),
    Problem(429, "too-many-requests", "Too many requests", "The edge is at its limit. Try again in a moment."),
    Problem(431, "headers-too-large", "Headers too large", "The headers are larger than the edge accepts."),
    Problem(500, "internal", "Internal error", "The edge failed. Try again; quote the request id if it stays."),
    Problem(502, "bad-gateway", "Bad gateway", "The service behind this address gave no valid answer. Try again."),
    Problem(503, "unavailable", "Unavailable", "The service behind this address does not answer. Try again shortly."),
    Problem(504, "timeout", "Timed out", "The service behind this address took too long. It may have acted: look first."),
]
_BY_STATUS = {problem.status: problem for problem in PROBLEMS}

# A token cannot be judged while the keys are out of reach: that is our fault, not the caller's.
_KEYS_MISSING = 'response.code_details.contains("Jwks_remote_fetch_is_failed")'


def local_replies() -> Config:
    """The mapping from Envoy's own answers to problem details."""
    # The edge's only 403 is a token made for another audience: no token of ours.
    foreign = _mapper(_BY_STATUS[401], made_of=403) | {"status_code": 401}
    return {"mappers": [_keys_missing(), foreign, *(_mapper(problem) for problem in PROBLEMS)]}


def _mapper(problem: Problem, made_of: int | None = None) -> Config:
    return {
        "filter": {"status_code_filter": {"comparison": _equals(made_of or problem.status)}},
        "body_format_override": _body(problem),
        "headers_to_add": _headers(problem),
    }


def _equals(status: int) -> Config:
    return {"op": "EQ", "value": {"default_value": status, "runtime_key": "pelagic.unused"}}


def _keys_missing() -> Config:
    problem = _BY_STATUS[503]
    expression = extension(
        "keys-missing",
        "envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter",
        expression=_KEYS_MISSING,
    )
    return {
        "filter": {"extension_filter": expression},
        "status_code": 503,
        "body_format_override": _body(problem),
        "headers_to_add": _headers(problem),
    }


def _body(problem: Problem) -> Config:
    return {
        "content_type": CONTENT_TYPE,
        "json_format": {
            "type": f"urn:pelagic:problem:{problem.code}",
            "title": problem.title,
            "status": problem.status,
            "detail": problem.detail,
            "instance": "%PATH(NQ:PATH)%",
            "code": problem.code,
            "request_id": "%REQ(X-REQUEST-ID)%",
            "errors": [],
        },
    }


def _headers(problem: Problem) -> list[Config]:
    headers = {"cache-control": "no-store"}
    if problem.status in (429, 503):
        headers["retry-after"] = "1"
    return [
        {"header": {"key": key, "value": value}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}
        for key, value in headers.items()
    ]
