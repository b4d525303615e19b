"""Every slip in the sample has a rule, and what no rule covers is rejected with its line and reason."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from infra.sales_import import rules
from infra.sales_import.rules import Known, RowFault
from infra.sales_import.sources import Row, read

pytestmark = pytest.mark.unit
SAMPLE = Path(__file__).parents[3] / "samples" / "crm-sales-opportunities"
KNOWN = Known(
    definition_id="sdf_1",
    accounts={"Cancity": "acc_1"},
    products={"GTX Pro": "prod_1", "GTXPro": "prod_1"},
    prices={"GTX Pro": Decimal(4821), "GTXPro": Decimal(4821)},
    users={"Moses Frase": "usr_1"},
    units={"Moses Frase": "unit_1"},
)


def an_opportunity(**fields):
    told = {
        "opportunity_id": "1C1I7A6R",
        "sales_agent": "Moses Frase",
        "product": "GTX Pro",
        "account": "Cancity",
        "deal_stage": "Won",
        "engage_date": "2016-10-20",
        "close_date": "2017-03-01",
        "close_value": "4514",
    }
    return Row("sales_pipeline.csv", 2, {**told, **fields})


def an_account(**fields):
    told = {
        "account": "Bluth Company",
        "sector": "retail",
        "year_established": "1993",
        "revenue": "1242.32",
        "employees": "3027",
        "office_location": "United States",
        "subsidiary_of": "NULL",
    }
    return Row("accounts.csv", 2, {**told, **fields})


def test_a_won_opportunity_keeps_its_dates_and_its_closing_value():
    assert rules.deal(an_opportunity(), KNOWN) == {
        "external_id": "1C1I7A6R",
        "name": "GTX Pro for Cancity",
        "definition_id": "sdf_1",
        "stage": "engaging",
        "status": "won",
        "amount": {"amount_minor": 451_400, "currency": "USD"},
        "account_id": "acc_1",
        "product_ids": ["prod_1"],
        "owner_id": "usr_1",
        "owner_unit_id": "unit_1",
        "engaged_on": "2016-10-20",
        "closed_on": "2017-03-01",
    }


def test_a_lost_one_was_worth_its_list_price_and_nobody_said_why():
    item = rules.deal(an_opportunity(deal_stage="Lost", close_value="0"), KNOWN)

    assert (item["status"], item["lost_reason"]) == ("lost", "not stated in the source")
    assert item["amount"] == {"amount_minor": 482_100, "currency": "USD"}


def test_an_open_one_without_account_is_legal():
    row = an_opportunity(deal_stage="Prospecting", account="", engage_date="", close_date="", close_value="")

    item = rules.deal(row, KNOWN)

    assert (item["stage"], item["status"], item["name"]) == ("prospecting", "open", "GTX Pro")
    assert item.keys().isdisjoint({"account_id", "engaged_on", "closed_on", "lost_reason"})


def test_an_alias_leads_to_the_product():
    assert rules.deal(an_opportunity(product="GTXPro"), KNOWN)["product_ids"] == ["prod_1"]


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"deal_stage": "Dreaming"}, "/deal_stage", "not-one-of"),
        ({"product": "GTX Ultra"}, "/product", "unknown-reference"),
        ({"account": "Nobody Ltd"}, "/account", "unknown-reference"),
        ({"sales_agent": "A Ghost"}, "/sales_agent", "unknown-reference"),
        ({"close_date": "01.03.2017"}, "/close_date", "not-a-date"),
        ({"close_value": "a lot"}, "/close_value", "not-a-number"),
        ({"close_value": "NaN"}, "/close_value", "not-a-number"),
    ],
)
def test_what_no_rule_covers_is_a_fault(fields, pointer, code):
    with pytest.raises(RowFault) as fault:
        rules.deal(an_opportunity(**fields), KNOWN)

    assert (fault.value.pointer, fault.value.code) == (pointer, code)


def test_the_misspelt_sector_is_corrected_and_null_is_no_parent():
    item = rules.account(an_account(sector="technolgy"))

    assert item["industry"] == "technology"
    assert "parent_external_id" not in item
    assert item["revenue"] == {"amount_minor": 124_232_000_000, "currency": "USD"}


def test_a_subsidiary_names_its_parent():
    assert rules.account(an_account(subsidiary_of="Acme Corporation"))["parent_external_id"] == "Acme Corporation"


def test_teams_are_below_regions_and_each_is_told_once():
    units = [item for _, item in rules.units(read(SAMPLE).teams)]

    assert Counter(unit["kind"] for unit in units) == {"region": 3, "team": 6}
    assert len({unit["external_id"] for unit in units}) == 9
    assert all(unit["parent_external_id"].startswith("region:") for unit in units if unit["kind"] == "team")


def test_managers_and_agents_become_users_of_the_managers_team():
    sources = read(SAMPLE)
    unit_ids = {rules.team_of(row): rules.team_of(row) for row in sources.teams}

    users = [item for _, item in rules.users(sources.teams, unit_ids, "acme")]

    assert Counter(user["roles"][0] for user in users) == {"sales_manager": 6, "sales_rep": 35}
    assert len({user["email"] for user in users}) == 41
    [mei] = [user for user in users if user["name"] == "Mei-Mei Johns"]
    assert (mei["email"], mei["unit_id"]) == ("mei-mei.johns@acme.example", "team:Melvin Marxen")


def test_the_sample_is_what_its_readme_says():
    sources = read(SAMPLE)

    assert Counter(row["deal_stage"] for row in sources.deals) == {
        "Won": 4238,
        "Lost": 2473,
        "Engaging": 1589,
        "Prospecting": 500,
    }
    assert sum(int(row["close_value"]) for row in sources.deals if row["deal_stage"] == "Won") == 10_005_534
    assert sum(row["account"] == "" for row in sources.deals) == 1425
    assert (len(sources.accounts), len(sources.teams), len(sources.products)) == (85, 35, 7)
