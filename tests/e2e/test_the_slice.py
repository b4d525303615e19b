"""The whole way from a stranger's sign-up to a won deal on a report and a signed webhook, for two companies at once."""

from __future__ import annotations

import json
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from standardwebhooks import Webhook

from infra.local.api import Api, Problem
from infra.local.stack import Stack
from tests.support.eventually import eventually
from tests.support.receiver import Receiver

pytestmark = pytest.mark.e2e

PASSWORD = "a phrase nobody would guess"


@dataclass
class Member:
    """Somebody logged in through the gateway."""

    id: str
    api: Api


def usd(dollars: int) -> dict[str, object]:
    return {"amount_minor": dollars * 100, "currency": "USD"}


def signed_up(stack: Stack, name: str) -> tuple[str, Member]:
    slug = f"{name}-{uuid.uuid4().hex[:10]}"
    admin = {"name": "Ada", "email": f"ada@{slug}.example", "password": PASSWORD}
    api = Api(stack.address)
    api.post("/v1/tenants", {"name": name, "slug": slug, "admin": admin, "currency": "USD"})
    api.login(slug, admin["email"], PASSWORD)
    return slug, Member(api.get("/v1/me")["id"], api)


def hired(stack: Stack, slug: str, admin: Member, name: str, role: str) -> Member:
    unit = admin.api.get("/v1/me")["unit_id"]
    email = f"{name}@{slug}.example"
    user = {"name": name, "email": email, "roles": [role], "unit_id": unit, "password": PASSWORD}
    made = admin.api.post("/v1/users", user)
    api = Api(stack.address)
    api.login(slug, email, PASSWORD)
    return Member(made["id"], api)


def refusal(call: object, *arguments: object, **options: object) -> Problem:
    with pytest.raises(Problem) as caught:
        call(*arguments, **options)  # type: ignore[operator]
    return caught.value


def the_story(stack: Stack, receiver: Receiver, name: str, amount: int) -> dict[str, object]:
    slug, admin = signed_up(stack, name)
    reps = [hired(stack, slug, admin, f"rep{n}", "sales_rep") for n in range(4)]
    endpoint = admin.api.post("/v1/webhook-endpoints", {"url": receiver.url, "types": ["crm.deal.*"]})

    pool = eventually(lambda: admin.api.get("/v1/pools")["data"], bool)[0]
    lead = admin.api.post("/v1/leads", {"company_name": f"{name} customer", "source": "web", "pool_id": pool["id"]})

    winner = claimed_by_one(reps, lead["id"])
    winner.api.post(
        f"/v1/leads/{lead['id']}/follow-ups",
        {"kind": "call", "text": "They want it", "happened_at": "2026-11-20T08:00:00Z"},
    )

    converted = winner.api.post(
        f"/v1/leads/{lead['id']}/convert",
        {"deal": {"name": f"{name} rollout", "amount": usd(amount)}},
        version=winner.api.call("GET", f"/v1/leads/{lead['id']}").version,
        key=uuid.uuid4().hex,
    )
    account = eventually(lambda: found(winner.api, f"/v1/accounts/{converted['account_id']}"), bool)
    assert account["name"] == f"{name} customer"
    eventually(lambda: found(winner.api, f"/v1/deals/{converted['deal_id']}"), bool)

    won(winner, converted["deal_id"])
    return {"admin": admin, "rep": winner, "deal": converted["deal_id"], "endpoint": endpoint, "pool": pool}


def claimed_by_one(reps: list[Member], lead_id: str) -> Member:
    barrier = threading.Barrier(len(reps))

    def claim(rep: Member) -> int:
        barrier.wait()
        try:
            rep.api.post(f"/v1/leads/{lead_id}/claim")
        except Problem as problem:
            if problem.code != "already-claimed":
                raise
            return problem.status
        return 200

    with ThreadPoolExecutor(len(reps)) as pool:
        statuses = list(pool.map(claim, reps))
    assert sorted(statuses) == [200] + [409] * (len(reps) - 1)
    return reps[statuses.index(200)]


def found(api: Api, path: str) -> dict[str, object] | None:
    try:
        return api.get(path)
    except Problem as problem:
        if problem.status != 404:
            raise
        return None


def change(rep: Member, deal_id: str, action: str, body: dict[str, object] | None = None) -> None:
    version = rep.api.call("GET", f"/v1/deals/{deal_id}").version
    rep.api.post(f"/v1/deals/{deal_id}/{action}", body or {}, version=version)


def won(rep: Member, deal_id: str) -> None:
    refused = refusal(change, rep, deal_id, "advance")
    assert (refused.status, refused.code) == (409, "exit-criteria-unmet")
    assert [fault["params"]["criterion"] for fault in refused.errors] == ["engaged_on"]

    version = rep.api.call("GET", f"/v1/deals/{deal_id}").version
    rep.api.patch(f"/v1/deals/{deal_id}", {"engaged_on": "2026-11-20"}, version=version)
    change(rep, deal_id, "advance")
    assert rep.api.get(f"/v1/deals/{deal_id}")["stage"] == "engaging"

    assert refusal(change, rep, deal_id, "lose", {}).status == 422
    change(rep, deal_id, "win", {"closed_on": "2026-11-21"})
    assert rep.api.get(f"/v1/deals/{deal_id}")["status"] == "won"


def test_two_companies_live_the_whole_story_at_once(stack: Stack, receiver: Receiver) -> None:
    with ThreadPoolExecutor(2) as both:
        stories = [both.submit(the_story, stack, receiver, name, amount) for name, amount in TWO.items()]
        acme, globex = (story.result() for story in stories)

    for story, amount in ((acme, TWO["acme"]), (globex, TWO["globex"])):
        report = eventually(
            lambda story=story: story["admin"].api.get("/v1/reports/won", by="rep", **PERIOD),
            lambda answer: answer["count"],
        )
        assert report["amounts"] == [usd(amount)]
        assert [row["key"] for row in report["rows"]] == [story["rep"].id]
        check_feed(story)
    check_webhooks(receiver, acme, globex)
    check_walls(acme, globex)


TWO = {"acme": 12_500, "globex": 7_300}
PERIOD = {"from": "2026-11", "to": "2026-11"}
LIFE = ["crm.deal.created", "crm.deal.updated", "crm.deal.stage_advanced", "crm.deal.won"]


def check_feed(story: dict[str, object]) -> None:
    api = story["admin"].api
    page = eventually(
        lambda: api.get("/v1/events", types="crm.deal.*", limit=200),
        lambda answer: len(answer["data"]) >= len(LIFE),
    )
    events = [event for event in page["data"] if event["subject"] == f"deal/{story['deal']}"]
    assert [event["type"] for event in events] == LIFE
    assert [event["sequence"] for event in events] == sorted(event["sequence"] for event in events)


def check_webhooks(receiver: Receiver, *stories: dict[str, object]) -> None:
    eventually(lambda: len(receiver.received), lambda count: count >= 2 * len(LIFE))
    for story in stories:
        secret = story["endpoint"]["secret"]
        mine = [got for got in receiver.received if story["deal"].encode() in got.body]
        verified = [Webhook(secret).verify(got.body, got.headers) for got in mine]
        assert sorted({json.loads(got.body)["type"] for got in mine}) == sorted(LIFE)
        assert all(event["data"]["deal"]["id"] == story["deal"] for event in verified)


def check_walls(acme: dict[str, object], globex: dict[str, object]) -> None:
    foreign = refusal(globex["admin"].api.get, f"/v1/deals/{acme['deal']}")
    unknown = refusal(globex["admin"].api.get, "/v1/deals/deal_01k00000000000000000000000")
    assert (foreign.status, foreign.code) == (unknown.status, unknown.code) == (404, "not-found")
    for path in ("/v1/deals", "/v1/leads", "/v1/accounts", "/v1/events"):
        assert acme["deal"] not in json.dumps(globex["admin"].api.get(path))
