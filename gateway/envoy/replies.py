"""What Envoy itself has to say, in the shape, codes and words of every other answer of the API.

Only answers made by Envoy pass through here; those of the services go out as they came. They are English:
Envoy does not read `Accept-Language`, and a client acts on the code.
"""

from dataclasses import dataclass

from gateway.envoy.types import Config, extension
from shared.http.texts import TEXTS

CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Reply:
    """One kind of refusal: the status Envoy made, what it said about it, and what the caller is told instead."""

    made: int
    code: str
    details: str = ""
    status: int = 0

    @property
    def answered(self) -> int:
        """The status that goes out."""
        return self.status or self.made


# The first that fits is used. `details` is a part of Envoy's response code details.
REPLIES = [
    # A token that cannot be judged because the keys are out of reach is our fault, not the caller's.
    Reply(401, "keys-unavailable", "Jwks_remote_fetch_is_failed", status=503),
    Reply(401, "token-missing", "Jwt_is_missing"),
    Reply(401, "token-expired", "Jwt_is_expired"),
    Reply(401, "token-invalid"),
    # The edge's only 403 is a token made for another audience: no token of ours.
    Reply(403, "token-invalid", status=401),
    Reply(400, "malformed"),
    Reply(404, "route-not-found"),
    Reply(408, "timed-out"),
    Reply(413, "body-too-large"),
    Reply(426, "malformed"),
    Reply(429, "too-many-requests"),
    Reply(431, "malformed"),
    Reply(500, "internal"),
    Reply(502, "unavailable"),
    Reply(503, "unavailable"),
    Reply(504, "timed-out"),
]


def local_replies() -> Config:
    """The mapping from Envoy's own answers to problem details."""
    return {"mappers": [_mapper(reply) for reply in REPLIES]}


def _mapper(reply: Reply) -> Config:
    return {
        "filter": _filter(reply),
        "status_code": reply.answered,
        "body_format_override": _body(reply),
        "headers_to_add": _headers(reply),
    }


def _filter(reply: Reply) -> Config:
    comparison = {
        "op": "EQ",
        "value": {"default_value": reply.made, "runtime_key": "pelagic.unused"},
    }
    status: Config = {"status_code_filter": {"comparison": comparison}}
    if not reply.details:
        return status
    expression = extension(
        "details",
        "envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter",
        expression=f'response.code_details.contains("{reply.details}")',
    )
    return {"and_filter": {"filters": [status, {"extension_filter": expression}]}}


def _body(reply: Reply) -> Config:
    title, detail = TEXTS[reply.code]["en"]
    return {
        "content_type": CONTENT_TYPE,
        "json_format": {
            "type": f"/problems/{reply.code}",
            "title": title,
            "status": reply.answered,
            "detail": detail,
            "instance": "%PATH(NQ:PATH)%",
            "code": reply.code,
            "params": {},
            "request_id": "%REQ(X-REQUEST-ID)%",
            "errors": [],
        },
    }


def _headers(reply: Reply) -> list[Config]:
    headers = {"cache-control": "no-store"}
    if reply.answered in (429, 503):
        headers["retry-after"] = "1"
    return [
        {
            "header": {"key": key, "value": value},
            "append_action": "OVERWRITE_IF_EXISTS_OR_ADD",
        }
        for key, value in headers.items()
    ]
