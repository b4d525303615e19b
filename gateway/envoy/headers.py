"""What a caller may not say: headers that would pass for ours, removed before anything reads them.

Envoy compares names in lower case, so no spelling slips through; names with an underscore, which WSGI
cannot tell from a dash, are dropped by the listener.
"""

from gateway.envoy.types import Config, extension

# Everything that begins like this is for inside use, or claims an identity or an origin.
FORBIDDEN_PREFIXES = (
    "x-pelagic-",
    "x-envoy-",
    "x-internal-",
    "x-tenant",
    "x-principal",
    "x-user",
    "x-role",
    "x-scope",
    "x-unit",
    "x-auth",
    "x-original-",
    "x-rewrite-",
)
FORBIDDEN_NAMES = (
    "forwarded",
    "x-real-ip",
    "x-client-ip",
    "true-client-ip",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
)
# Written by Envoy from the connection itself, unless trusted proxies stand before it.
FORWARDED_PREFIX = "x-forwarded-"

RESPONSE_REMOVED = ["server", "x-envoy-upstream-service-time", "x-powered-by"]


def early_mutations(trusted_hops: int) -> list[Config]:
    """The extension that removes forbidden headers ahead of routing, tracing and logging."""
    prefixes = FORBIDDEN_PREFIXES if trusted_hops else (*FORBIDDEN_PREFIXES, FORWARDED_PREFIX)
    matchers = [{"prefix": prefix} for prefix in prefixes] + [{"exact": name} for name in FORBIDDEN_NAMES]
    return [
        extension(
            "strip-forbidden-headers",
            "envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation",
            mutations=[{"remove_on_match": {"key_matcher": matcher}} for matcher in matchers],
        )
    ]
