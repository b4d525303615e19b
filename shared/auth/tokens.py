"""Access tokens: EdDSA JWTs, issued by the tenants service and verified by every service itself."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from jwt.algorithms import OKPAlgorithm
from ulid import ULID

from shared.auth.principal import Principal
from shared.clock import now
from shared.errors import Unauthenticated

ISSUER = "pelagic"
AUDIENCE = "pelagic-api"
LIFETIME = timedelta(minutes=10)
_REQUIRED = ["iss", "aud", "sub", "tid", "roles", "iat", "exp", "jti"]


class TokenInvalid(Unauthenticated):
    """The bearer token is not one of ours, or no longer valid."""

    code = "token-invalid"


class TokenExpired(Unauthenticated):
    """The bearer token was valid and has run out; refresh it."""

    code = "token-expired"


class KeySource(Protocol):
    """Where public keys come from."""

    def find(self, kid: str) -> Ed25519PublicKey | None:
        """The key of this id, or None when there is none."""


def key_id(public_key: Ed25519PublicKey) -> str:
    """The id of a key: a digest of its public half, so equal keys have equal ids."""
    return hashlib.sha256(public_key.public_bytes_raw()).hexdigest()[:16]


def issue(
    principal: Principal, private_key: Ed25519PrivateKey, kid: str, *, at: datetime, ttl: timedelta = LIFETIME
) -> str:
    """A signed access token for `principal`, valid from `at` for `ttl`."""
    issued = int(at.timestamp())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": principal.id,
        "tid": principal.tenant_id,
        "roles": list(principal.roles),
        "unit": principal.unit_id,
        "units": list(principal.unit_ids),
        "sid": principal.session_id,
        "iat": issued,
        "exp": issued + int(ttl.total_seconds()),
        "jti": str(ULID()).lower(),
    }
    return jwt.encode(claims, private_key, algorithm="EdDSA", headers={"kid": kid})


def jwks_document(*public_keys: Ed25519PublicKey) -> dict[str, Any]:
    """The JWKS that publishes these keys."""
    return {"keys": [_jwk(key) for key in public_keys]}


def _jwk(key: Ed25519PublicKey) -> dict[str, Any]:
    jwk: dict[str, Any] = OKPAlgorithm.to_jwk(key, as_dict=True)
    return {**jwk, "kid": key_id(key), "use": "sig", "alg": "EdDSA"}


def read_jwks(document: Mapping[str, Any]) -> dict[str, Ed25519PublicKey]:
    """The Ed25519 keys of a JWKS by id; keys of other kinds are passed over."""
    keys: dict[str, Ed25519PublicKey] = {}
    for jwk in document.get("keys", ()):
        if jwk.get("kty") == "OKP" and jwk.get("crv") == "Ed25519" and jwk.get("kid"):
            key = OKPAlgorithm.from_jwk(jwk)
            if isinstance(key, Ed25519PublicKey):
                keys[jwk["kid"]] = key
    return keys


class StaticKeys:
    """Keys known beforehand: the issuer's own, and tests'."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._keys = read_jwks(document)

    def find(self, kid: str) -> Ed25519PublicKey | None:
        """The key of this id, or None when there is none."""
        return self._keys.get(kid)


class Verifier:
    """Turns bearer tokens into principals; a token verified once is remembered until it expires."""

    def __init__(self, keys: KeySource, *, remember: int = 10_000) -> None:
        self._keys = keys
        self._remember = remember
        self._known: OrderedDict[bytes, tuple[float, Principal]] = OrderedDict()
        self._lock = threading.Lock()

    def verify(self, token: str) -> Principal:
        """The principal of a valid token; `TokenInvalid` or `TokenExpired` otherwise."""
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        known = self._known.get(digest)
        if known is not None:
            if now().timestamp() < known[0]:
                return known[1]
            self._forget(digest)
            raise TokenExpired
        claims = self._claims(token)
        principal = _principal(claims)
        self._keep(digest, float(claims["exp"]), principal)
        return principal

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            key = self._keys.find(str(header.get("kid", "")))
            if header.get("alg") != "EdDSA" or key is None:
                raise TokenInvalid
            options: Any = {"require": _REQUIRED, "verify_exp": False, "verify_iat": False, "verify_nbf": False}
            claims: dict[str, Any] = jwt.decode(
                token, key, algorithms=["EdDSA"], audience=AUDIENCE, issuer=ISSUER, options=options
            )
        except (jwt.PyJWTError, UnicodeError, ValueError):
            raise TokenInvalid from None
        if not isinstance(claims["exp"], int | float):
            raise TokenInvalid
        if claims["exp"] <= now().timestamp():
            raise TokenExpired
        return claims

    def _keep(self, digest: bytes, until: float, principal: Principal) -> None:
        with self._lock:
            self._known[digest] = (until, principal)
            while len(self._known) > self._remember:
                self._known.popitem(last=False)

    def _forget(self, digest: bytes) -> None:
        with self._lock:
            self._known.pop(digest, None)


def _principal(claims: Mapping[str, Any]) -> Principal:
    if not (_texts([claims["sub"], claims["tid"]]) and _texts(claims["roles"]) and _texts(claims.get("units") or [])):
        raise TokenInvalid
    return Principal(
        tenant_id=claims["tid"],
        id=claims["sub"],
        roles=tuple(claims["roles"]),
        unit_id=claims.get("unit"),
        unit_ids=tuple(claims.get("units") or ()),
        session_id=claims.get("sid"),
    )


def _texts(values: Sequence[Any]) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) and value for value in values)
