"""Won value by period, unit, rep and product; outcomes beside it."""

from __future__ import annotations

import pytest

from shared.money import Money

pytestmark = pytest.mark.service


@pytest.fixture
def won(acme, news):
    """Five deals won by two reps in two regions, one lost, one open."""
    news.unit("unit_root", "Acme", "department")
    news.unit("unit_west", "West", "region", "unit_root")
    news.unit("unit_w1", "West one", "team", "unit_root", "unit_west")
    news.unit("unit_east", "East", "region", "unit_root")
    news.user("usr_ada", "Ada", "unit_w1")
    news.product("prod_x", "GTX")
    news.product("prod_y", "MG")
    ada = {"owner_id": "usr_ada", "owner_unit_id": "unit_w1"}
    bo = {"owner_id": "usr_bo", "owner_unit_id": "unit_east"}
    usd = lambda minor: Money(minor, "USD")  # noqa: E731
    news.deal("deal_1", status="won", amount=usd(1), closed_on="2017-03-31", product_ids=["prod_x", "prod_y"], **ada)
    news.deal("deal_2", status="won", amount=usd(20), closed_on="2017-04-01", product_ids=["prod_y"], **ada)
    news.deal("deal_3", status="won", amount=usd(300), closed_on="2017-12-31", **bo)
    news.deal("deal_4", status="won", amount=Money(7, "EUR"), closed_on="2018-01-01", product_ids=["prod_x"], **bo)
    news.deal(
        "deal_5",
        status="won",
        amount=usd(4000),
        closed_on="2017-03-01",
        product_ids=["prod_x"],
        owner_unit_id="unit_root",
    )
    news.deal("deal_6", status="lost", amount=usd(99), closed_on="2017-03-02", lost_reason="price", **ada)
    news.deal("deal_7", stage="engaging", amount=usd(5), **ada)
    acme.pump()
    return acme


def rows(answer):
    return {
        (row["key"], row["label"]): (row["count"], {a["currency"]: a["amount_minor"] for a in row["amounts"]})
        for row in answer.json["rows"]
    }


def ask(company, query=""):
    return company.admin.get(f"/v1/reports/won?{query}")


def test_by_month_in_order_of_time(won):
    answer = ask(won)

    assert list(rows(answer)) == [(month, month) for month in ("2017-03", "2017-04", "2017-12", "2018-01")]
    assert rows(answer)["2017-03", "2017-03"] == (2, {"USD": 4001})
    assert answer.json["count"] == 5
    assert answer.json["amounts"] == [
        {"amount_minor": 7, "currency": "EUR"},
        {"amount_minor": 4321, "currency": "USD"},
    ]
    assert (answer.json["by"], answer.json["grain"], answer.json["level"]) == ("period", "month", None)


def test_by_quarter_and_by_year(won):
    quarters = rows(ask(won, "by=period&grain=quarter"))
    years = rows(ask(won, "by=period&grain=year"))

    assert [key for key, _ in quarters] == ["2017-Q1", "2017-Q2", "2017-Q4", "2018-Q1"]
    assert years == {("2017", "2017"): (4, {"USD": 4321}), ("2018", "2018"): (1, {"EUR": 7})}


def test_months_from_and_to_are_included(won):
    answer = ask(won, "from=2017-04&to=2017-12")

    assert [key for key, _ in rows(answer)] == ["2017-04", "2017-12"]
    assert (answer.json["first_month"], answer.json["last_month"]) == ("2017-04", "2017-12")


@pytest.mark.parametrize("query", ["from=2017", "to=2017-13", "by=colour", "grain=week", "level=planet"])
def test_what_cannot_be_asked_is_refused(won, query):
    assert ask(won, query).status == 422


def test_by_unit_rolled_up_to_the_region(won):
    assert rows(ask(won, "by=unit&level=region")) == {
        (None, None): (1, {"USD": 4000}),
        ("unit_east", "East"): (2, {"EUR": 7, "USD": 300}),
        ("unit_west", "West"): (2, {"USD": 21}),
    }


def test_by_unit_without_a_level_each_unit_stands_for_itself(won):
    assert {key for key, _ in rows(ask(won, "by=unit"))} == {"unit_root", "unit_east", "unit_w1"}


def test_by_rep_with_names_where_they_are_known_largest_first(won):
    assert list(rows(ask(won, "by=rep")).items()) == [
        ((None, None), (1, {"USD": 4000})),
        (("usr_bo", "usr_bo"), (2, {"EUR": 7, "USD": 300})),
        (("usr_ada", "Ada"), (2, {"USD": 21})),
    ]


def test_by_product_a_deal_counts_whole_and_once_under_its_first(won):
    assert rows(ask(won, "by=product")) == {
        ("prod_x", "GTX"): (3, {"EUR": 7, "USD": 4001}),
        (None, None): (1, {"USD": 300}),
        ("prod_y", "MG"): (1, {"USD": 20}),
    }


def test_every_split_adds_up_to_the_same_total(won):
    totals = [ask(won, f"by={by}").json["amounts"] for by in ("period", "unit", "rep", "product")]

    assert totals == [totals[0]] * 4


def test_a_moved_unit_carries_what_it_won_along(won, news):
    news.unit("unit_w1", "East two", "team", "unit_root", "unit_east")
    won.pump()

    assert rows(ask(won, "by=unit&level=region"))["unit_east", "East"] == (4, {"EUR": 7, "USD": 321})
    assert rows(ask(won, "by=unit"))["unit_w1", "East two"] == (2, {"USD": 21})


def test_a_rep_gets_their_own_rows_in_every_split(won):
    rep = won.rep
    for by in ("period", "unit", "rep", "product"):
        assert rep.get(f"/v1/reports/won?by={by}").json["rows"] == []


def test_a_manager_gets_the_reps_of_their_units(acme, news):
    news.deal(
        "deal_1",
        status="won",
        amount=Money(5, "USD"),
        closed_on="2017-03-01",
        owner_id="usr_a",
        owner_unit_id=acme.unit_id,
    )
    news.deal(
        "deal_2", status="won", amount=Money(6, "USD"), closed_on="2017-03-01", owner_id="usr_b", owner_unit_id="unit_x"
    )
    acme.pump()

    assert rows(acme.manager.get("/v1/reports/won?by=rep")) == {("usr_a", "usr_a"): (1, {"USD": 5})}


def test_outcomes_split_all_deals_by_how_they_stand(won):
    answer = won.admin.get("/v1/reports/outcomes").json

    assert (answer["won"]["count"], answer["lost"]["count"], answer["open"]["count"]) == (5, 1, 1)
    assert answer["count"] == 7
    assert [(row["stage"], row["count"]) for row in answer["stages"]] == [("engaging", 1)]
    assert answer["lost"]["values"][0]["amount"] == {"amount_minor": 99, "currency": "USD"}


def test_outcomes_of_nothing(acme):
    nothing = {"count": 0, "values": []}

    answer = acme.admin.get("/v1/reports/outcomes").json

    assert answer == {"won": nothing, "lost": nothing, "open": nothing, "stages": [], "count": 0}
