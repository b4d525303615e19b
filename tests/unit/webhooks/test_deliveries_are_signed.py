"""Signatures as Standard Webhooks defines them, checked by its own library and vectors."""

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from services.webhooks.delivery.signing import signed_headers
from services.webhooks.domain.secrets import ROTATION, Secret, active, rotated, written
from shared.clock import now

pytestmark = pytest.mark.unit

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
OLD, NEW = written(b"o" * 32), written(b"n" * 32)


def headers_of(payload: bytes, *secrets: Secret, at: datetime) -> dict[str, str]:
    return signed_headers("evt_1", payload, secrets, at=at, traceparent=None)


def test_vector_of_the_specification() -> None:
    secret = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1_614_265_330, UTC)
    headers = signed_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', [secret], at=at, traceparent=None)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert headers["webhook-timestamp"] == "1614265330"
    assert headers["webhook-id"] == "msg_p5jXN8AQM9LWM0D4loKWxJek"


def test_library_accepts_what_was_signed() -> None:
    payload = '{"type":"crm.deal.won","data":{"name":"海"}}'.encode()
    headers = headers_of(payload, Secret(NEW), at=now())
    assert Webhook(NEW).verify(payload, headers)["data"] == {"name": "海"}


def test_library_refuses_other_bytes() -> None:
    headers = headers_of(b'{"amount":1}', Secret(NEW), at=now())
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(b'{"amount":2}', headers)


def test_both_secrets_verify_while_rotating() -> None:
    headers = headers_of(b"{}", Secret(NEW), Secret(OLD), at=now())
    assert headers["webhook-signature"].count("v1,") == 2
    assert Webhook(NEW).verify(b"{}", headers) == Webhook(OLD).verify(b"{}", headers) == {}


def test_trace_goes_along() -> None:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    headers = signed_headers("evt_1", b"{}", [Secret(NEW)], at=AT, traceparent=trace)
    assert headers["traceparent"] == trace


def test_old_secret_signs_for_a_day_after_rotation() -> None:
    secrets = rotated([Secret(OLD)], NEW, at=AT)
    assert [secret.key for secret in active(secrets, at=AT + ROTATION - timedelta(seconds=1))] == [NEW, OLD]
    assert [secret.key for secret in active(secrets, at=AT + ROTATION)] == [NEW]


def test_second_rotation_does_not_prolong_the_first() -> None:
    first = rotated([Secret(OLD)], NEW, at=AT)
    second = rotated(first, written(b"t" * 32), at=AT + timedelta(hours=10))
    assert [secret.expires_at for secret in second] == [
        None,
        AT + timedelta(hours=34),
        AT + timedelta(hours=24),
    ]


def test_secret_does_not_show_itself() -> None:
    assert NEW not in repr(Secret(NEW))
