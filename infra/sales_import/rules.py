"""How a row becomes an item of the API, and what is done about what is dirty in it.

The rules, each stated once here: the sector `technolgy` is `technology`; `NULL` means none; `GTXPro` is `GTX Pro`;
an open or lost deal is worth its product's list price; why a deal was lost is "not stated in the source"; a deal
without an account is legal. A row no rule covers is a `RowFault`, never a guess.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from infra.sales_import.sources import Row

Item = dict[str, Any]

SECTORS = {"technolgy": "technology"}
ALIASES = {"GTX Pro": ["GTXPro"]}
LOST_REASON = "not stated in the source"
CURRENCY = "USD"
STAGES = {"Prospecting": "prospecting", "Engaging": "engaging", "Won": "engaging", "Lost": "engaging"}
"""The last stage a row had reached: a closed deal was won or lost out of engaging."""

OUTCOMES = {"Won": "won", "Lost": "lost"}


class RowFault(Exception):
    """A row that cannot become an item: which column, a code, a sentence."""

    def __init__(self, column: str, code: str, message: str) -> None:
        super().__init__(message)
        self.pointer, self.code, self.message = f"/{column}", code, message


@dataclass(frozen=True)
class Known:
    """The ids other records got, by what the files call them."""

    definition_id: str
    accounts: Mapping[str, str]
    products: Mapping[str, str]
    prices: Mapping[str, Decimal]
    users: Mapping[str, str]
    units: Mapping[str, str]


def units(teams: list[Row]) -> Iterator[tuple[Row, Item]]:
    """Regional offices as regions, and below each the teams of its managers."""
    seen: set[str] = set()
    for row in teams:
        region, team = f"region:{row['regional_office']}", team_of(row)
        if region not in seen:
            yield row, {"external_id": region, "name": row["regional_office"], "kind": "region"}
        if team not in seen:
            name = f"Team {row['manager']}"
            yield row, {"external_id": team, "name": name, "kind": "team", "parent_external_id": region}
        seen |= {region, team}


def team_of(row: Row) -> str:
    """The external id of the team an agent is in."""
    return f"team:{row['manager']}"


def users(teams: list[Row], unit_ids: Mapping[str, str], tenant: str) -> Iterator[tuple[Row, Item | RowFault]]:
    """Managers and agents, each in the manager's team; they are invited, nobody can log in yet."""
    seen: set[str] = set()
    for row in teams:
        for name, role in ((row["manager"], "sales_manager"), (row["sales_agent"], "sales_rep")):
            if name not in seen:
                seen.add(name)
                yield row, _user(name, role, unit_ids.get(team_of(row)), tenant)


def account(row: Row) -> Item:
    """A customer."""
    parent = None if row["subsidiary_of"] in ("", "NULL") else row["subsidiary_of"]
    return _present(
        external_id=row["account"],
        name=row["account"],
        industry=SECTORS.get(row["sector"], row["sector"]),
        country=row["office_location"],
        founded=_integer(row, "year_established"),
        revenue=_money(_number(row, "revenue") * 1_000_000),
        employees=_integer(row, "employees"),
        parent_external_id=parent,
    )


def product(row: Row) -> Item:
    """A product; `aliases` are the other names the pipeline calls it by."""
    return {
        "external_id": row["product"],
        "name": row["product"],
        "aliases": ALIASES.get(row["product"], []),
        "series": row["series"],
        "list_price": _money(_number(row, "sales_price")),
    }


def names_of_products(products: list[Row]) -> dict[str, str]:
    """Every name of a product, aliases included → the name it is known by."""
    names = {row["product"]: row["product"] for row in products}
    return {**names, **{alias: name for name in names for alias in ALIASES.get(name, [])}}


def deal(row: Row, known: Known) -> Item:
    """A deal with its history, as far as the row tells it."""
    state = row["deal_stage"]
    if state not in STAGES:
        raise RowFault("deal_stage", "not-one-of", f"expected one of: {', '.join(STAGES)}")
    product_id = _known(row, "product", known.products)
    owner = _known(row, "sales_agent", known.users)
    account_id = _known(row, "account", known.accounts) if row["account"] else None
    won = state == "Won"
    value = _number(row, "close_value") if won else known.prices[row["product"]]
    return _present(
        external_id=row["opportunity_id"],
        name=f"{row['product']} for {row['account']}" if row["account"] else row["product"],
        definition_id=known.definition_id,
        stage=STAGES[state],
        status=OUTCOMES.get(state, "open"),
        amount=_money(value),
        account_id=account_id,
        product_ids=[product_id],
        owner_id=owner,
        owner_unit_id=known.units[row["sales_agent"]],
        engaged_on=_date(row, "engage_date"),
        closed_on=_date(row, "close_date"),
        lost_reason=LOST_REASON if state == "Lost" else None,
    )


def _user(name: str, role: str, unit_id: str | None, tenant: str) -> Item | RowFault:
    if unit_id is None:
        return RowFault("manager", "unknown-reference", f"the team of {name} was not accepted")
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    mailbox = ".".join(re.findall(r"[a-z0-9-]+", ascii_name))
    return {
        "external_id": f"person:{name}",
        "name": name,
        "email": f"{mailbox}@{tenant}.example",
        "roles": [role],
        "unit_id": unit_id,
    }


def _present(**fields: Any) -> Item:
    return {name: value for name, value in fields.items() if value is not None}


def _known(row: Row, column: str, ids: Mapping[str, str]) -> str:
    found = ids.get(row[column])
    if found is None:
        raise RowFault(column, "unknown-reference", f"{row[column]!r} is not known, or was not accepted")
    return found


def _money(amount: Decimal) -> dict[str, Any]:
    return {"amount_minor": int((amount * 100).to_integral_value()), "currency": CURRENCY}


def _number(row: Row, column: str) -> Decimal:
    try:
        number = Decimal(row[column])
    except InvalidOperation:
        raise RowFault(column, "not-a-number", f"{row[column]!r} is not a number") from None
    if not number.is_finite():
        raise RowFault(column, "not-a-number", f"{row[column]!r} is not a number")
    return number


def _integer(row: Row, column: str) -> int:
    number = _number(row, column)
    if number != number.to_integral_value():
        raise RowFault(column, "not-an-integer", f"{row[column]!r} is not a whole number")
    return int(number)


def _date(row: Row, column: str) -> str | None:
    if not row[column]:
        return None
    try:
        return date.fromisoformat(row[column]).isoformat()
    except ValueError:
        raise RowFault(column, "not-a-date", f"{row[column]!r} is not a date such as 2017-03-01") from None
