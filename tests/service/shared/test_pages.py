"""Lists: whatever the rows, walking forward and back visits each once; and what is not declared is refused."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tuned
from hypothesis import strategies as st

from shared.ids import new_id
from shared.pagination import ListQuery, Order, Signer
from shared.tenancy import TenantDatabase

pytestmark = pytest.mark.service

START = datetime(2026, 1, 1, tzinfo=UTC)
values = st.one_of(
    st.lists(st.one_of(st.none(), st.integers(-2, 2)), max_size=12),
    st.lists(st.one_of(st.none(), st.sampled_from(["", "a", "b", "公海"])), max_size=12),
    st.lists(st.one_of(st.none(), st.integers(0, 3).map(lambda days: START + timedelta(days=days))), max_size=12),
)


def walk(collection, query, *, forward):
    """The pages from `query` on, in the order they are met."""
    while True:
        condition, sort, limit, _ = query.compile()
        page = query.page(list(collection.find(condition, sort=sort, limit=limit)))
        yield page
        cursor = page.next if forward else page.prev
        if cursor is None:
            return
        position = query.signer.read(cursor, query.binding)
        query = ListQuery(
            order=query.order, limit=query.limit, signer=query.signer, binding=query.binding, position=position
        )


@given(values=values, limit=st.integers(1, 5), direction=st.sampled_from([1, -1]), absent=st.booleans())
@tuned(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_walking_there_and_back_visits_every_row_once(mongo, values, limit, direction, absent):
    rows = TenantDatabase(mongo.database("shelf"), new_id("ten")).collection("rows")
    for number, value in enumerate(values):
        kept = {} if value is None and absent else {"value": value}
        rows.insert_one({"_id": f"{new_id('deal')}{number}", **kept})
    order = Order("value", direction, nullable=True)
    query = ListQuery(order=order, limit=limit, signer=Signer("k"), binding=b"b")

    pages = list(walk(rows, query, forward=True))
    there = [row["_id"] for page in pages for row in page.data]
    expected = [row["_id"] for row in rows.find({}, sort=[("value", direction), ("_id", direction)])]
    assert there == expected
    assert pages[0].prev is None
    assert all(len(page.data) == limit for page in pages[:-1])

    if len(pages) > 1:
        last = query.signer.read(pages[-1].prev, b"b")
        back = list(
            walk(
                rows,
                ListQuery(order=order, limit=limit, signer=Signer("k"), binding=b"b", position=last),
                forward=False,
            )
        )
        before_last = [row["_id"] for page in reversed(back) for row in page.data]
        assert before_last == expected[: len(expected) - len(pages[-1].data)]


@pytest.fixture
def five(clerk):
    for name, price in [("a", 3), ("b", None), ("c", 1), ("d", 3), ("e", 2)]:
        clerk.post("/v1/things", {"name": name, "price": price and {"amount_minor": price, "currency": "EUR"}})
    return clerk


def names(response):
    assert response.status_code == 200, response.json
    return "".join(row["name"] for row in response.json["data"])


def test_lists_sort_filter_and_narrow(five):
    assert names(five.get("/v1/things")) == "edcba"
    assert names(five.get("/v1/things?sort=name")) == "abcde"
    assert names(five.get("/v1/things?sort=-price")) == "daecb"
    assert names(five.get("/v1/things?filter[name]=c")) == "c"
    assert names(five.get("/v1/things?filter[name][in]=a,d&sort=name")) == "ad"
    assert names(five.get("/v1/things?filter[price][gte]=2&sort=name")) == "ade"
    assert names(five.get("/v1/things?filter[name][prefix]=.")) == ""
    narrowed = five.get("/v1/things?fields=name&limit=1&sort=name").json["data"]
    assert [set(row) for row in narrowed] == [{"id", "name"}]


def test_a_total_is_estimated_only_when_it_is_asked_for(five):
    assert set(five.get("/v1/things?limit=2").json["page"]) == {"next", "prev", "limit"}
    first = five.get("/v1/things?limit=2&count=estimate&filter[name][in]=a,b,c").json["page"]
    assert first["estimate"] == 3
    second = five.get(f"/v1/things?limit=2&count=estimate&filter[name][in]=a,b,c&cursor={first['next']}").json["page"]
    assert second["estimate"] == 3


def test_pages_lead_on_and_back(five):
    first = five.get("/v1/things?sort=-price&limit=2")
    second = five.get(f"/v1/things?sort=-price&limit=2&cursor={first.json['page']['next']}")
    third = five.get(f"/v1/things?sort=-price&limit=2&cursor={second.json['page']['next']}")

    assert (names(first), names(second), names(third)) == ("da", "ec", "b")
    assert (first.json["page"]["prev"], third.json["page"]["next"]) == (None, None)
    back = five.get(f"/v1/things?sort=-price&limit=2&cursor={third.json['page']['prev']}")
    assert (names(back), back.json["data"]) == ("ec", second.json["data"])


def test_a_cursor_works_only_where_it_was_given(five, shelf_app):
    from tests.service.shared.conftest import Clerk

    cursor = five.get("/v1/things?sort=name&limit=2").json["page"]["next"]
    changed = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    stranger = Clerk(shelf_app, "ten_other", "tenant_admin")
    refused = [
        five.get(f"/v1/things?sort=-name&limit=2&cursor={cursor}"),
        five.get(f"/v1/things?sort=name&filter[name]=c&cursor={cursor}"),
        five.get(f"/v1/things?sort=name&cursor={changed}"),
        five.get(f"/v1/things?sort=name&cursor={cursor}A"),
        five.get("/v1/things?sort=name&cursor=\u00e9"),
        five.get("/v1/things?sort=name&cursor=AAAA"),
        stranger.get(f"/v1/things?sort=name&limit=2&cursor={cursor}"),
    ]
    assert [(response.status_code, response.json["code"]) for response in refused] == [(400, "cursor-invalid")] * 7


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("sort=colour", "?sort", "unknown-sort"),
        ("filter[colour]=red", "?filter[colour]", "unknown-filter"),
        ("filter[name][gte]=a", "?filter[name][gte]", "unknown-filter"),
        ("filter[price][gte]=x", "?filter[price][gte]", "not-an-integer"),
        ("filter[name][$ne]=a", "?filter[name][$ne]", "unknown-parameter"),
        ("colour=red", "?colour", "unknown-parameter"),
        ("limit=0", "?limit", "out-of-range"),
        ("limit=201", "?limit", "out-of-range"),
        ("limit=ten", "?limit", "out-of-range"),
        ("fields=secret", "?fields", "not-one-of"),
        ("count=all", "?count", "not-one-of"),
    ],
)
def test_what_is_not_declared_is_refused_naming_what_is(clerk, query, pointer, code):
    response = clerk.get(f"/v1/things?{query}")

    assert (response.status_code, response.json["code"]) == (422, "query-invalid")
    [error] = response.json["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)
    assert error["message"]
