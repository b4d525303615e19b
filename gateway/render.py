"""Envoy's whole configuration as one static YAML text, and the command that writes it.

    python -m gateway.render --listen 8080 --admin 9901 --output envoy.yaml

Upstreams come from the same `PELAGIC_<NAME>_URL` addresses that the gateway application reads.
"""

from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

import click
import yaml

from gateway.envoy import observation, protection
from gateway.envoy.clusters import Address, cluster, clusters
from gateway.envoy.listener import public_listener
from gateway.envoy.tracing import COLLECTOR
from gateway.envoy.types import Config
from shared.config import Settings

CONCURRENCY = 1
DRAIN_SECONDS = 10
ANY_ADDRESS = "0.0.0.0"  # noqa: S104 - the edge is what the outside reaches.


def render(
    listen_port: int,
    admin_port: int,
    upstreams: dict[str, Address],
    jwks: Address,
    *,
    listen_address: str = ANY_ADDRESS,
    metrics_port: int | None = None,
    collector: Address | None = None,
    trusted_hops: int = 0,
    heap_bytes: int = protection.HEAP_BYTES,
) -> str:
    """The configuration of an edge on `listen_port` before `upstreams`, by service name."""
    public = public_listener(
        listen_address,
        listen_port,
        trusted_hops=trusted_hops,
        collector=collector is not None,
    )
    others = [observation.metrics_listener(listen_address, metrics_port)] if metrics_port else []
    config: Config = {
        "node": {"id": "edge", "cluster": "edge"},
        "admin": observation.admin(admin_port),
        "overload_manager": protection.overload_manager(heap_bytes),
        "static_resources": {
            "listeners": [public, *others],
            "clusters": clusters(_upstreams(upstreams, jwks, admin_port if metrics_port else None))
            + _collector(collector),
        },
    }
    return yaml.dump(config, Dumper=_PlainDumper, sort_keys=False, width=120)


def arguments(config: Path) -> list[str]:
    """What to call Envoy with: how many threads, how it drains, no shared state between two edges on a machine."""
    drain = ["--drain-time-s", str(DRAIN_SECONDS), "--drain-strategy", "immediate"]
    return [
        "-c",
        str(config),
        "--concurrency",
        str(CONCURRENCY),
        *drain,
        "--disable-hot-restart",
        "-l",
        "warning",
    ]


def _upstreams(upstreams: dict[str, Address], jwks: Address, admin_port: int | None) -> dict[str, Address]:
    every = dict(upstreams) | {"jwks": jwks}
    return every | {observation.ADMIN: observation.admin_address(admin_port)} if admin_port else every


def _collector(address: Address | None) -> list[Config]:
    if address is None:
        return []
    config = cluster(COLLECTOR, address)
    options = config["typed_extension_protocol_options"]["envoy.extensions.upstreams.http.v3.HttpProtocolOptions"]
    options["explicit_http_config"] = {"http2_protocol_options": {}}
    return [config]


class _PlainDumper(yaml.SafeDumper):
    """Writes every value out: anchors would only hide what a reader looks for."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


@click.command(help=__doc__)
@click.option("--listen", default=8080, show_default=True, help="The public port.")
@click.option("--admin", default=9901, show_default=True, help="The admin port, on loopback only.")
@click.option("--metrics", type=int, help="A port for /ready and /stats/prometheus.")
@click.option("--app", default="http://127.0.0.1:8100", show_default=True, help="The gateway application.")
@click.option("--collector", help="host:port of an OpenTelemetry collector's gRPC receiver.")
@click.option("--trusted-hops", default=0, show_default=True, help="Proxies before the edge whose x-forwarded-* count.")
@click.option("--heap-megabytes", default=protection.HEAP_BYTES // 2**20, show_default=True, help="When to shed load.")
@click.option("--output", type=click.File("w", encoding="utf-8", atomic=True), default="-", help="The file to write.")
def main(output: TextIO, app: str, **options: Any) -> None:
    """Write the configuration for the addresses in the environment."""
    settings = Settings.from_environment()
    upstreams = {name: address_of(url, name) for name, url in settings.service_urls.items()}
    collector = options["collector"]
    text = render(
        options["listen"],
        options["admin"],
        upstreams | {"gateway": address_of(app, "--app")},
        address_of(settings.jwks_url, "PELAGIC_JWKS_URL"),
        metrics_port=options["metrics"],
        collector=address_of(f"http://{collector}", "--collector") if collector else None,
        trusted_hops=options["trusted_hops"],
        heap_bytes=options["heap_megabytes"] * 2**20,
    )
    output.write(text)


def address_of(url: str, whose: str) -> Address:
    """Host and port of an http address."""
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise click.BadParameter(f"the address of {whose} must be http://host:port, not {url!r}")
    return parts.hostname, parts.port or 80


if __name__ == "__main__":
    main()
