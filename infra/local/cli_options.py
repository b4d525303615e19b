"""Options that commands of `pelagic` share."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from infra.local.home import DEFAULT, Home

HOME = click.option(
    "--home",
    type=click.Path(file_okay=False),
    envvar="PELAGIC_HOME",
    help=f"Where data, logs and keys live [{DEFAULT.name}].",
)
BASE = click.option(
    "--port-base",
    type=click.IntRange(1024, 65000),
    help="Move every port: Envoy to BASE+80, services to BASE+100 and up.",
)


def located(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option `--home`, as a `Home`."""

    @HOME
    @wraps(function)
    def command(*args: Any, home: str | None, **kwargs: Any) -> Any:
        return function(Home.at(home), *args, **kwargs)

    return command
