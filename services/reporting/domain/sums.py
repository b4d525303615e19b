"""Sums: cells added up for an answer, each currency on its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from shared.money import Money

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Value:
    """An amount and the same amount weighted by probability, in one currency."""

    amount: Money
    weighted: Money


@dataclass(frozen=True, slots=True)
class Total:
    """How many deals, and their value per currency; deals without an amount count but add no value."""

    count: int
    values: list[Value]


def total(cells: Iterable[Mapping[str, Any]]) -> Total:
    """Everything in `cells`; of no cells: no deals and no values."""
    count = 0
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for cell in cells:
        count += cell["deals"]
        if cell["currency"] is not None:
            sums[cell["currency"]][0] += cell["amount_minor"]
            sums[cell["currency"]][1] += cell["weighted_minor"]
    return Total(
        count,
        [Value(Money(sums[cur][0], cur), Money(sums[cur][1], cur)) for cur in sorted(sums)],
    )


def grouped(
    cells: Iterable[Mapping[str, Any]], by: Callable[[Mapping[str, Any]], Key]
) -> dict[Key, list[Mapping[str, Any]]]:
    """The cells under each answer of `by`, in order of first appearance."""
    groups: dict[Key, list[Mapping[str, Any]]] = {}
    for cell in cells:
        groups.setdefault(by(cell), []).append(cell)
    return groups
