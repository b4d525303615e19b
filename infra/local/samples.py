"""The two sample tenants of a new stack: seeded once, their logins remembered beside the data."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from infra.local.home import Home
from infra.local.progress import say, step
from infra.local.trouble import LaunchError


def seed_once(home: Home, address: str) -> None:
    """Seed unless this home's data was seeded before."""
    if not (home.data / "seeded.json").exists():
        with step("Seed two sample tenants"):
            seed(home, address, lambda _text: None)


def seed(home: Home, address: str, progress: Callable[[str], None]) -> None:
    """Seed, and remember the logins; repeating it finds everything there."""
    from infra.local import seed as sample  # Lazily: `down` and `status` need no client of the API.
    from infra.local.api import Problem

    try:
        logins = sample.seed(address, progress=progress)
    except (Problem, OSError) as error:
        raise LaunchError(
            "seed", f"the sample tenants could not be made: {error}", advice="pelagic logs tenants"
        ) from error
    (home.data / "seeded.json").write_text(json.dumps([asdict(login) for login in logins], indent=2))


def logins(home: Home) -> list[dict[str, Any]]:
    """The logins of the sample tenants, none when this stack was not seeded."""
    file = home.data / "seeded.json"
    found: list[dict[str, Any]] = json.loads(file.read_text()) if file.exists() else []
    return found


def show_logins(home: Home) -> None:
    """Print them, one a line."""
    for login in logins(home):
        say("    " + "  ".join(f"{value}" for value in login.values()))
