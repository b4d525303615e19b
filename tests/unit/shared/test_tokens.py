"""Tokens: only ours, only while they last, only signed with a key we know."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shared.auth import Principal
from shared.auth.jwks import KeysUnavailable, RemoteKeys
from shared.auth.tokens import (
    LIFETIME,
    StaticKeys,
    TokenExpired,
    TokenInvalid,
    Verifier,
    issue,
    jwks_document,
    key_id,
)
from shared.clock import frozen

pytestmark = pytest.mark.unit

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate()
KID = key_id(KEY.public_key())
ANN = Principal(
    tenant_id="ten_1",
    id="usr_1",
    roles=("sales_rep",),
    unit_id="unit_1",
    unit_ids=("unit_1", "unit_2"),
    session_id="ses_1",
)


def claims(**changed):
    stamp = int(AT.timestamp())
    given = {
        "iss": "pelagic", "aud": "pelagic-api", "sub": "usr_1", "tid": "ten_1", "roles": ["sales_rep"], "unit": None,
        "units": [], "sid": None, "iat": stamp, "exp": stamp + 600, "jti": "x",
    } | changed  # fmt: skip
    return {name: value for name, value in given.items() if value is not ...}


def signed(key=KEY, algorithm="EdDSA", kid=KID, **changed):
    return jwt.encode(claims(**changed), key, algorithm=algorithm, headers={"kid": kid})


@pytest.fixture
def verifier():
    with frozen(AT):
        yield Verifier(StaticKeys(jwks_document(KEY.public_key())))


def test_an_issued_token_gives_back_its_principal(verifier):
    assert verifier.verify(issue(ANN, KEY, KID, at=AT)) == ANN


def test_a_token_lasts_ten_minutes_even_when_it_is_remembered(verifier):
    token = issue(ANN, KEY, KID, at=AT)
    verifier.verify(token)

    with frozen(AT + LIFETIME - timedelta(seconds=1)):
        assert verifier.verify(token) == ANN
    with frozen(AT + LIFETIME), pytest.raises(TokenExpired):
        verifier.verify(token)
    with frozen(AT + LIFETIME), pytest.raises(TokenExpired):
        verifier.verify(token)


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_a_token_without_signature_is_refused(verifier):
    unsigned = f"{part({'alg': 'none', 'kid': KID})}.{part(claims())}."
    with pytest.raises(TokenInvalid):
        verifier.verify(unsigned)


@pytest.mark.parametrize("shape", ["raw", "pem"])
def test_the_public_key_is_no_shared_secret(verifier, shape):
    public = KEY.public_key()
    secret = (
        public.public_bytes_raw()
        if shape == "raw"
        else public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    head = f"{part({'alg': 'HS256', 'kid': KID})}.{part(claims())}"
    mark = base64.urlsafe_b64encode(hmac.digest(secret, head.encode(), hashlib.sha256)).rstrip(b"=").decode()
    with pytest.raises(TokenInvalid):
        verifier.verify(f"{head}.{mark}")


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "other"},
        {"aud": ["other"]},
        {"iss": "other"},
        {"sub": ...},
        {"tid": ...},
        {"roles": ...},
        {"exp": ...},
        {"jti": ...},
        {"tid": ""},
        {"roles": "tenant_admin"},
        {"roles": [1]},
        {"units": "unit_1"},
        {"exp": "never"},
    ],
)
def test_a_claim_missing_or_wrong_makes_it_invalid(verifier, changed):
    with pytest.raises(TokenInvalid):
        verifier.verify(signed(**changed))


def test_another_key_under_our_id_and_our_key_under_another_are_refused(verifier):
    for token in (signed(key=Ed25519PrivateKey.generate()), signed(kid="other")):
        with pytest.raises(TokenInvalid):
            verifier.verify(token)


@pytest.mark.parametrize("text", ["", "a", "a.b", "a.b.c", "\ud800", "é.é.é", "." * 100])
def test_what_is_no_token_is_refused(verifier, text):
    with pytest.raises(TokenInvalid):
        verifier.verify(text)


def test_a_changed_letter_is_noticed_although_the_original_is_remembered(verifier):
    token = issue(ANN, KEY, KID, at=AT)
    verifier.verify(token)
    head, body, mark = token.split(".")
    changed = claims(roles=["tenant_admin"])
    with pytest.raises(TokenInvalid):
        verifier.verify(f"{head}.{part(changed)}.{mark}")
    assert body


def test_what_is_remembered_is_bounded():
    with frozen(AT):
        verifier = Verifier(StaticKeys(jwks_document(KEY.public_key())), remember=3)
        for number in range(10):
            verifier.verify(signed(jti=str(number)))
        assert len(verifier._known) == 3


def test_the_published_document_holds_no_private_part():
    [jwk] = jwks_document(KEY.public_key())["keys"]
    assert jwk == {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": KID, "x": jwk["x"]}


class Issuer(HTTPServer):
    """Publishes a JWKS that can change, or be out of order."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.document, self.status, self.asked = {"keys": []}, 200, 0


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked += 1
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(json.dumps(self.server.document).encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def issuer():
    server = Issuer()
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def remote(issuer, monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr("shared.auth.jwks.time.monotonic", lambda: clock[0])
    keys = RemoteKeys(f"http://127.0.0.1:{issuer.server_port}/jwks.json")
    keys.clock = clock
    return keys


def test_keys_are_fetched_once_and_a_new_one_is_found(issuer, remote):
    newer = Ed25519PrivateKey.generate().public_key()
    issuer.document = jwks_document(KEY.public_key())
    assert [remote.find(KID) is not None for _ in range(5)] == [True] * 5
    assert issuer.asked == 1

    issuer.document = jwks_document(KEY.public_key(), newer)
    remote.clock[0] += 6
    assert remote.find(key_id(newer)) is not None
    assert issuer.asked == 2


def test_unknown_key_ids_do_not_flood_the_issuer(issuer, remote):
    issuer.document = jwks_document(KEY.public_key())
    remote.find(KID)
    assert [remote.find(f"forged-{number}") for number in range(50)] == [None] * 50
    assert issuer.asked == 1
    remote.clock[0] += 6
    assert [remote.find(f"forged-{number}") for number in range(50)] == [None] * 50
    assert issuer.asked == 2


def test_known_keys_outlive_an_issuer_in_trouble(issuer, remote):
    issuer.document = jwks_document(KEY.public_key())
    remote.find(KID)
    issuer.status = 500
    remote.clock[0] += 3600
    assert remote.find(KID) is not None


def test_without_any_key_the_answer_is_to_come_back_later(issuer, remote):
    issuer.status = 503
    with pytest.raises(KeysUnavailable):
        remote.find(KID)
