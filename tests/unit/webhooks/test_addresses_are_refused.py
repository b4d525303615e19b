"""Where webhooks are never sent, however the address is written and whatever the name server says."""

import socket
from typing import Any

import pytest

from services.webhooks.delivery.resolve import AddressRefused, NameUnknown, resolve
from services.webhooks.domain.addresses import refusal, refusal_of_host
from services.webhooks.domain.urls import check_url, target_of

pytestmark = pytest.mark.unit

INSIDE = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.250",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:169.254.169.254",
    "::ffff:8.8.8.8",
    "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]
OUTSIDE = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111"]
ODD_HOSTS = [
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "127.1",
    "127.0.1",
    "127.0.0.01",
    "10.0.0.1.",
    "localhost",
    "LOCALHOST",
    "app.localhost",
    "localhost.",
    "intranet",
    "metadata.google.internal",
    "printer.local",
    "[::1]",
    "[::ffff:10.0.0.1]",
    "[64:ff9b::10.0.0.1]",
]


@pytest.mark.parametrize("address", INSIDE)
def test_inside_address_is_refused(address: str) -> None:
    assert refusal(address) is not None


@pytest.mark.parametrize("address", OUTSIDE)
def test_public_address_is_accepted(address: str) -> None:
    assert refusal(address) is None


@pytest.mark.parametrize("host", ODD_HOSTS)
def test_odd_host_is_refused_in_a_url(host: str) -> None:
    faults = check_url(f"https://{host}/hook", allow_private=False)
    assert [fault.code for fault in faults] == ["address-not-allowed"]


@pytest.mark.parametrize("host", ["example.com", "hooks.example.co.uk", "3com.com", "8.8.8.8", "xn--bcher-kva.example"])
def test_usual_host_is_accepted(host: str) -> None:
    assert refusal_of_host(host) is None
    assert check_url(f"https://{host}:8443/hook?tenant=1", allow_private=False) == []


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.com/", "not-https"),
        ("ftp://example.com/", "not-https"),
        ("example.com", "not-a-url"),
        ("https://", "not-a-url"),
        ("https:///path", "not-a-url"),
        ("https://example.com:99999/", "not-a-url"),
        ("https://example.com:0/", "not-a-url"),
        ("https://exa mple.com/", "not-a-url"),
        ("https://example.com/\r\nx: y", "not-a-url"),
        ("https://[::1/", "not-a-url"),
        ("https://bücher.example/", "not-a-url"),
        ("https://user:secret@example.com/", "url-has-credentials-or-fragment"),
        ("https://example.com/#part", "url-has-credentials-or-fragment"),
        ("https://example.com/" + "a" * 2_100, "too-long"),
    ],
)
def test_unusable_url_is_refused(url: str, code: str) -> None:
    assert [fault.code for fault in check_url(url, allow_private=False)] == [code]


def test_http_to_a_private_address_is_for_those_who_allow_it() -> None:
    assert check_url("http://127.0.0.1:9000/hook", allow_private=True) == []


def test_url_is_taken_apart() -> None:
    target = target_of("https://example.com:8443/hook?a=1")
    assert (target.host, target.port, target.path) == ("example.com", 8443, "/hook?a=1")
    assert (target.secure, target.authority) == (True, "example.com:8443")


def answering(*addresses: str) -> Any:
    """A resolver that gives these addresses for every name."""

    def answer(_host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return answer


def test_name_that_leads_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answering("127.0.0.1"))
    with pytest.raises(AddressRefused):
        resolve("rebind.example.com", 443, allow_private=False)


def test_name_that_leads_inside_and_outside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answering("93.184.216.34", "::ffff:10.0.0.1"))
    with pytest.raises(AddressRefused):
        resolve("mixed.example.com", 443, allow_private=False)


def test_name_that_leads_outside_becomes_the_address_to_connect_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answering("93.184.216.34", "93.184.216.35"))
    assert resolve("example.com", 443, allow_private=False) == "93.184.216.34"


def test_odd_host_is_refused_before_anybody_resolves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answering("93.184.216.34"))
    with pytest.raises(AddressRefused):
        resolve("0x7f.1", 443, allow_private=False)


def test_unknown_name_is_named_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(NameUnknown):
        resolve("nowhere.example.com", 443, allow_private=False)
