"""The version of the installed product."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def _installed() -> str:
    try:
        return version("pelagic")
    except PackageNotFoundError:
        return "0+unknown"


VERSION = _installed()
