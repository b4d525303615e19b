"""One of everything a company can have, made through the API; the ids by the name they have in paths."""

from __future__ import annotations

from typing import Any

from shared.ids import new_id
from tests.support.company import Answer, Company


def made(answer: Answer) -> Any:
    """What was created; fails with the refusal when nothing was."""
    assert answer.status in (200, 201, 202, 204), answer.json
    return answer.json


def a_world(company: Company) -> dict[str, str]:
    """Ids of one thing of each kind, by path parameter."""
    admin = company.admin
    lead = made(admin.post("/v1/leads", {"company_name": "Canary Works", "source": "web"}))
    pool = made(admin.post("/v1/pools", {"name": "Canary pool"}))
    account = made(admin.post("/v1/accounts", {"name": "Canary account"}))
    contact = made(admin.post("/v1/contacts", {"account_id": account["id"], "name": "Canary person"}))
    product = made(admin.post("/v1/products", {"name": "Canary product", "list_price": usd(100)}))
    deal = made(admin.post("/v1/deals", {"name": "Canary deal", "amount": usd(500)}))
    definition = company.admin.get("/v1/stage-definitions").json["data"][0]
    endpoint = made(admin.post("/v1/webhook-endpoints", {"url": "https://example.com/canary", "types": ["crm.deal.*"]}))
    made(admin.post(f"/v1/webhook-endpoints/{endpoint['id']}/test"))
    company.pump()
    delivery = admin.get("/v1/webhook-deliveries").json["data"][0]
    unit = made(admin.post("/v1/units", {"name": "Canary region", "kind": "region"}))
    user = made(
        admin.post(
            "/v1/users",
            {"name": "Canary user", "email": "canary@example.com", "roles": ["sales_rep"], "unit_id": unit["id"]},
        )
    )
    return {
        "lead_id": lead["id"],
        "pool_id": pool["id"],
        "account_id": account["id"],
        "contact_id": contact["id"],
        "product_id": product["id"],
        "deal_id": deal["id"],
        "definition_id": definition["id"],
        "endpoint_id": endpoint["id"],
        "delivery_id": delivery["id"],
        "unit_id": unit["id"],
        "user_id": user["id"],
        "code": "need_confirmed",
    }


def nowhere(world: dict[str, str]) -> dict[str, str]:
    """The same kinds of ids, of things that never existed."""
    return {name: new_id(value.partition("_")[0]) if "_id" in name else value for name, value in world.items()}


def usd(dollars: int) -> dict[str, Any]:
    """An amount."""
    return {"amount_minor": dollars * 100, "currency": "USD"}
