"""TLS to a checked address: the name is asked once, and the certificate must be the name's."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from services.webhooks.delivery import wire
from services.webhooks.delivery.client import Client
from services.webhooks.domain.attempts import Fault

pytestmark = pytest.mark.service

NAME = "hooks.example.com"


class _Server(ThreadingHTTPServer):
    """An https server for NAME on 127.0.0.1 that remembers what it was asked for."""

    def __init__(self, certificate: Path) -> None:
        server = self
        self.asked: list[tuple[str | None, str | None]] = []
        self.names: list[str | None] = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                server.asked.append((self.headers["Host"], self.path))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        context.sni_callback = lambda _socket, name, _context: self.names.append(name)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        threading.Thread(target=self.serve_forever, daemon=True).start()


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[_Server]:
    certificate = tmp_path / "certificate.pem"
    certificate.write_bytes(_self_signed(NAME))
    monkeypatch.setattr(wire, "_tls", ssl.create_default_context(cafile=str(certificate)))
    opened = _Server(certificate)
    yield opened
    opened.shutdown()
    opened.server_close()


@pytest.fixture
def asked_names(server: _Server, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names looked up; each leads to the server the first time, and to nowhere afterwards."""
    names: list[str] = []
    real = socket.getaddrinfo

    def lookup(host: str, port: Any, *args: Any, **options: Any) -> Any:
        if host == "127.0.0.1":
            return real(host, port, *args, **options)
        names.append(host)
        address = "127.0.0.1" if len(names) == 1 else "203.0.113.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    return names


def test_name_is_resolved_once_and_used_for_host_and_tls(server: _Server, asked_names: list[str]) -> None:
    client = Client(allow_private=True, timeout=3)
    url = f"https://{NAME}:{server.server_port}/hook?a=1"
    assert [client.attempt(url, {}, b"{}").status for _ in range(3)] == [200, 200, 200]
    client.close()
    assert asked_names == [NAME]
    assert server.names == [NAME]
    assert server.asked == [(f"{NAME}:{server.server_port}", "/hook?a=1")] * 3


def test_certificate_of_another_name_is_refused(server: _Server, asked_names: list[str]) -> None:
    attempt = Client(allow_private=True, timeout=3).attempt(
        f"https://other.example.com:{server.server_port}/", {}, b"{}"
    )
    assert (attempt.fault, attempt.status) == (Fault.TLS, None)
    assert server.asked == []


def test_inside_address_is_never_connected_to(server: _Server, asked_names: list[str]) -> None:
    attempt = Client(allow_private=False, timeout=3).attempt(f"https://{NAME}:{server.server_port}/", {}, b"{}")
    assert attempt.fault is Fault.ADDRESS
    assert (server.names, server.asked) == ([], [])


def test_closed_port_is_a_fault_of_the_connection() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        attempt = Client(allow_private=True, timeout=3).attempt(
            f"http://127.0.0.1:{bound.getsockname()[1]}/", {}, b"{}"
        )
    assert attempt.fault is Fault.CONNECTION


def _self_signed(name: str) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    at = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - datetime.timedelta(days=1))
        .not_valid_after(at + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return certificate.public_bytes(pem) + private
