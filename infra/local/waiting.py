"""Waiting for processes: until each answers, or until it is plain that one never will."""

import time
import urllib.request
from collections.abc import Callable, Mapping
from urllib.error import HTTPError, URLError

from infra.local.stack import Stack
from infra.local.supervision import BACKOFF, FATAL, Supervisor
from infra.local.trouble import LaunchError

# A process that ended this often while starting has a reason that another start will not remove.
HOPELESS_STARTS = 3
READY_SECONDS = 180


def until_ready(stack: Stack, supervisor: Supervisor, checks: Mapping[str, Callable[[], bool]], within: float) -> None:
    """Wait until every check holds; raises with the log of the first process that cannot make it."""
    deadline = time.monotonic() + within
    waiting = dict(checks)
    ends: dict[str, set[int]] = {name: set() for name in checks}
    while waiting:
        waiting = {name: check for name, check in waiting.items() if not check()}
        _look_for_the_hopeless(stack, supervisor, {name: ends[name] for name in waiting})
        if waiting and time.monotonic() > deadline:
            raise _late(stack, next(iter(waiting)), within)
        time.sleep(0.1)


def _look_for_the_hopeless(stack: Stack, supervisor: Supervisor, ends: Mapping[str, set[int]]) -> None:
    """Count the starts that failed, by the times they ended at; supervisord would go on trying for minutes."""
    known = supervisor.processes()
    for name, seen in ends.items():
        state = known[name]["statename"]
        if state in {BACKOFF, FATAL}:
            seen.add(known[name]["stop"])
        if state == FATAL or len(seen) >= HOPELESS_STARTS:
            raise LaunchError(name, "ends whenever it is started", log=stack.home.log(name), advice=_advice(name))


def _late(stack: Stack, name: str, within: float) -> LaunchError:
    return LaunchError(name, f"did not get ready within {within:.0f} s", log=stack.home.log(name), advice=_advice(name))


def _advice(name: str) -> str:
    return f"The whole log: pelagic logs {name}. What this machine lacks: pelagic doctor."


def answers_ok(url: str) -> bool:
    """Whether a GET of `url` is answered with 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (HTTPError, URLError, OSError):
        return False


def answers_at_all(url: str) -> bool:
    """Whether a GET of `url` gets any HTTP answer."""
    try:
        urllib.request.urlopen(url, timeout=2).close()
    except HTTPError:
        return True
    except (URLError, OSError):
        return False
    return True
