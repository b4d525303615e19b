"""Money: an integer of minor units in one currency, never a float, never mixed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from shared.errors import Invalid


class CurrencyMismatch(Invalid):
    """Two currencies met in one sum."""

    code = "currency-mismatch"


@dataclass(frozen=True, slots=True)
class Money:
    """`amount_minor` in the currency's minor unit (cents for USD), `currency` as ISO 4217."""

    amount_minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        return Money(self.amount_minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount_minor - self._same(other), self.currency)

    def weighted(self, percent: int) -> Money:
        """`percent` of it, rounded half to even: the weighted amount of a deal at that probability."""
        share = Decimal(self.amount_minor) * percent / 100
        return Money(int(share.quantize(Decimal(1), rounding=ROUND_HALF_EVEN)), self.currency)

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(left=self.currency, right=other.currency)
        return other.amount_minor
