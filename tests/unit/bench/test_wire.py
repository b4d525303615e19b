"""The load generator's HTTP: what it sends, and how it reads what comes back in pieces."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bench.load import Load
from bench.wire import Connection, Reply, Target, WireError, request

pytestmark = pytest.mark.unit

OK = b"HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 5\r\n\r\nhello"


def test_a_request_carries_its_json_its_length_and_its_token():
    sent = request("POST", "/v1/leads", token="t0ken", body={"a": 1}, headers={"Idempotency-Key": "k"})

    head, _, body = sent.partition(b"\r\n\r\n")
    assert head.split(b"\r\n")[0] == b"POST /v1/leads HTTP/1.1"
    assert b"Authorization: Bearer t0ken" in head
    assert b"Content-Length: 7" in head
    assert b"Idempotency-Key: k" in head
    assert body == b'{"a":1}'


def test_a_reply_is_complete_with_its_last_byte_however_it_is_cut():
    for cut in range(1, len(OK)):
        reply = Reply()
        assert reply.feed(OK[:cut]) is False
        assert reply.feed(OK[cut:]) is True
        assert (reply.status, reply.body) == (200, b"hello")


def test_header_names_are_read_in_any_case():
    reply = Reply()

    assert reply.feed(b"HTTP/1.1 409 Conflict\r\ncontent-length: 2\r\nx: y\r\n\r\n{}") is True
    assert (reply.status, reply.body) == (409, b"{}")


def test_no_content_is_complete_without_a_length():
    assert Reply().feed(b"HTTP/1.1 204 No Content\r\nserver: x\r\n\r\n") is True


def test_a_reply_without_a_length_is_refused_rather_than_guessed():
    with pytest.raises(WireError):
        Reply().feed(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")


@contextmanager
def serving(answers: Iterator[bytes | None]) -> Iterator[Target]:
    """A server giving each request the next of `answers`; None closes the connection instead."""
    listener = socket.create_server(("127.0.0.1", 0))
    lock = threading.Lock()

    def serve(connection: socket.socket) -> None:
        with connection:
            while connection.recv(65_536):
                with lock:
                    answer = next(answers)
                if answer is None:
                    return
                connection.sendall(answer)

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield Target("service", "127.0.0.1", listener.getsockname()[1])
    finally:
        listener.close()


def asks(number: int) -> Iterator[bytes]:
    """`number` requests."""
    return iter([request("GET", "/")] * number)


def test_every_request_is_answered_once_over_all_clients():
    with serving(iter([OK] * 40)) as target:
        tally = Load(target, asks(40), clients=4, expect=200).run(warm_up=0, seconds=10)

    assert (len(tally.latencies), tally.errors) == (40, 0)


def test_an_unexpected_status_is_an_error_and_its_body_is_kept():
    refusal = b"HTTP/1.1 409 Conflict\r\nContent-Length: 6\r\n\r\nrefuse"
    with serving(iter([OK, refusal, OK])) as target:
        tally = Load(target, asks(3), clients=1, expect=200).run(warm_up=0, seconds=10)

    assert (len(tally.latencies), tally.wrong, tally.sample) == (2, {409: 1}, b"refuse")


def test_a_kept_connection_closed_between_requests_is_no_error():
    with serving(iter([OK, None, OK])) as target:
        tally = Load(target, asks(2), clients=1, expect=200).run(warm_up=0, seconds=10)

    assert (len(tally.latencies), tally.errors) == (2, 0)


def test_a_request_that_never_gets_its_answer_is_an_error():
    with serving(iter([OK, None, None, OK])) as target:
        tally = Load(target, asks(3), clients=1, expect=200).run(warm_up=0, seconds=10)

    assert (len(tally.latencies), tally.broken) == (2, 1)


def test_the_blocking_connection_opens_again_after_the_server_closed_it():
    with serving(iter([OK, None, OK])) as target:
        connection = Connection(target)
        bodies = [connection.send(request("GET", "/")).body for _ in range(2)]
        connection.close()

    assert bodies == [b"hello", b"hello"]
