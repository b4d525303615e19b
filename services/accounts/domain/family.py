"""Which accounts of a batch have a place in the tree of accounts."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Member:
    """An account of a batch: its own external id and its parent's, as far as it has them."""

    index: int
    external_id: str | None = None
    parent: str | None = None


def rooted(members: Iterable[Member], known: Collection[str]) -> set[int]:
    """Indexes of those whose line of parents ends at an account that is `known` or has none above it.

    Parents may come before or after their children. Whoever is left out has a parent nobody knows,
    or stands in a circle.
    """
    children: defaultdict[str, list[Member]] = defaultdict(list)
    ready: deque[Member] = deque()
    for member in members:
        if member.parent is None or member.parent in known:
            ready.append(member)
        else:
            children[member.parent].append(member)
    placed: set[int] = set()
    while ready:
        member = ready.popleft()
        placed.add(member.index)
        if member.external_id is not None:
            ready.extend(children.pop(member.external_id, ()))
    return placed
