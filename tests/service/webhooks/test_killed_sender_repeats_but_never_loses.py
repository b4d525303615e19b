"""kill -9 in the middle of sending: what was pending is sent by the next process."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from shared.config import Settings
from tests.service.webhooks.conftest import Post, a_lead, deliveries
from tests.service.webhooks.receiver import Receiver
from tests.support.company import Company

pytestmark = pytest.mark.service

EVENTS = 40
SENDER = """
import sys, threading
from services.webhooks.delivery.sender import Sender
from shared.mongo import connect
Sender(connect(sys.argv[1]).database("webhooks"), allow_private=True).run(threading.Event())
"""


def test_everything_arrives_although_senders_are_killed(
    acme: Company,
    receiver: Receiver,
    post: Post,
    subscribe: Callable[..., dict[str, Any]],
    settings: Settings,
) -> None:
    subscribe(acme)
    receiver.pauses["/hook"] = 0.02
    expected = [a_lead(acme, f"Whale {n}") for n in range(EVENTS)]
    for killed_after in (5, 18):
        _run_sender(settings, until=lambda least=killed_after: len(receiver.received) >= least)
        assert len(receiver.received) < EVENTS
    _run_sender(settings, until=lambda: deliveries(acme.admin, "?filter[status]=pending") == [])

    got = [request.event["data"]["lead"]["id"] for request in receiver.received]
    assert list(dict.fromkeys(got)) == expected
    assert len(got) > EVENTS, "nothing was repeated: the kills hit no delivery under way"


def _run_sender(settings: Settings, *, until: Callable[[], bool]) -> None:
    """A sender process of its own, killed once `until` holds."""
    sender = subprocess.Popen([sys.executable, "-c", SENDER, settings.mongo_url])
    deadline = time.monotonic() + 60
    try:
        while not until() and time.monotonic() < deadline:
            time.sleep(0.005)
    finally:
        sender.kill()
        sender.wait()
    assert until()
