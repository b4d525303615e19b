"""Who may pass: access tokens verified against the tenants service's published keys.

The keys are fetched in the background and kept, so that no request waits for them and a short absence of
the tenants service stops nobody. A new signing key must be published longer than `KEYS_AGE` before its first use.
The token goes on to the service, which verifies it again: the edge is a fence, not the authority.
"""

from gateway.envoy.types import HTTP_FILTERS, Config, extension, seconds, typed

FILTER = "envoy.filters.http.jwt_authn"
ISSUER = "pelagic"
AUDIENCE = "pelagic-api"
PROVIDER = "pelagic"
JWKS_PATH = "/.well-known/jwks.json"
KEYS_AGE = 60.0
CLOCK_SKEW_SECONDS = 5
TOKEN_CACHE_SIZE = 10_000
# Verified claims for the access log; nothing else reads them.
CLAIMS = "claims"

_TYPES = HTTP_FILTERS + "jwt_authn.v3."


def filter_config(cluster: str) -> Config:
    """The filter: every route needs a token, except those that say they do not."""
    return extension(
        FILTER,
        _TYPES + "JwtAuthentication",
        providers={PROVIDER: _provider(cluster)},
        rules=[{"match": {"prefix": "/"}, "requires": {"provider_name": PROVIDER}}],
    )


def no_token_needed() -> Config:
    """The per-route setting of a public route."""
    return {FILTER: typed(_TYPES + "PerRouteConfig", disabled=True)}


def _provider(cluster: str) -> Config:
    return {
        "issuer": ISSUER,
        "audiences": [AUDIENCE],
        "require_expiration": True,
        "clock_skew_seconds": CLOCK_SKEW_SECONDS,
        "forward": True,
        "from_headers": [{"name": "authorization", "value_prefix": "Bearer "}],
        "payload_in_metadata": CLAIMS,
        "jwt_cache_config": {"jwt_cache_size": TOKEN_CACHE_SIZE},
        "remote_jwks": _remote_keys(cluster),
    }


def _remote_keys(cluster: str) -> Config:
    return {
        "http_uri": {
            "uri": f"http://{cluster}{JWKS_PATH}",
            "cluster": cluster,
            "timeout": seconds(2),
        },
        "cache_duration": seconds(KEYS_AGE),
        "async_fetch": {"fast_listener": True, "failed_refetch_duration": seconds(1)},
        "retry_policy": {"num_retries": 2},
    }
