"""The event types there are: what an endpoint or a feed reader can ask for."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import shared.events
from shared.events import EVENTS


@cache
def known_types() -> frozenset[str]:
    """Every event type, of every module of events: a new module is found without being named here."""
    for module in pkgutil.iter_modules(shared.events.__path__, "shared.events."):
        importlib.import_module(module.name)
    return frozenset(EVENTS)
