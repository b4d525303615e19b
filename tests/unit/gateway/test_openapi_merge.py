"""Many documents become one, and every reference in it still means what it meant."""

from typing import Any

import pytest

from gateway.openapi import merge

pytestmark = pytest.mark.unit

PROBLEM = {"type": "object", "properties": {"code": {"type": "string"}}}


def _document(paths: dict[str, Any], **schemas: Any) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "tags": [{"name": "things", "description": "Things."}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"bearer": {"type": "http", "scheme": "basic"}}},
    }


def _get(schema: str, operation_id: str = "list", tag: str = "things") -> dict[str, Any]:
    body = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"get": {"operationId": operation_id, "tags": [tag], "responses": {"200": {"content": body}}}}


def _merge(**documents: dict[str, Any]) -> dict[str, Any]:
    return merge(documents, version="1", unavailable=[])


def _schema_of(merged: dict[str, Any], path: str) -> str:
    return str(merged["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"])


def test_keeps_what_services_describe_alike_once() -> None:
    merged = _merge(
        leads=_document({"/v1/leads": _get("Problem")}, Problem=PROBLEM),
        accounts=_document({"/v1/accounts": _get("Problem")}, Problem=PROBLEM),
    )
    assert merged["components"]["schemas"] == {"Problem": PROBLEM}
    assert _schema_of(merged, "/v1/accounts") == "#/components/schemas/Problem"


def test_renames_what_differs_and_all_that_refers_to_it() -> None:
    page = {"type": "array", "items": {"$ref": "#/components/schemas/Out"}}
    merged = _merge(
        leads=_document({"/v1/leads": _get("Page")}, Out={"title": "lead"}, Page=page),
        accounts=_document({"/v1/accounts": _get("Page")}, Out={"title": "account"}, Page=page),
    )
    schemas = merged["components"]["schemas"]
    assert sorted(schemas) == ["AccountsOut", "AccountsPage", "Out", "Page"]
    assert _schema_of(merged, "/v1/leads") == "#/components/schemas/Page"
    assert _schema_of(merged, "/v1/accounts") == "#/components/schemas/AccountsPage"
    assert schemas["AccountsPage"]["items"]["$ref"] == "#/components/schemas/AccountsOut"


def test_leaves_out_what_the_edge_does_not_lead_to() -> None:
    paths = {"/v1/leads": _get("A"), "/readyz": _get("A"), "/internal": _get("A"), "/v1/deals": _get("A")}
    merged = _merge(leads=_document(paths, A={}))
    assert list(merged["paths"]) == ["/v1/leads"]


def test_keeps_operation_ids_unique_and_tags_by_service() -> None:
    merged = _merge(
        leads=_document({"/v1/leads": _get("A", tag="leads")}, A={}),
        pipeline=_document({"/v1/deals": _get("A", tag="deals"), "/v1/products": {"get": {}}}, A={}),
    )
    assert merged["paths"]["/v1/leads"]["get"]["operationId"] == "list"
    assert merged["paths"]["/v1/deals"]["get"]["operationId"] == "pipeline_list"
    assert merged["x-tagGroups"] == [
        {"name": "leads", "tags": ["leads"]},
        {"name": "pipeline", "tags": ["deals", "pipeline"]},
    ]
    assert [tag["name"] for tag in merged["tags"]] == ["leads", "deals", "pipeline"]


def test_has_one_bearer_scheme_and_names_who_is_missing() -> None:
    document = _document({}, A={})
    merged = merge({"leads": document}, version="1.2.3", unavailable=["webhooks", "accounts"])
    assert merged["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert merged["x-unavailable"] == ["accounts", "webhooks"]
    assert (merged["openapi"], merged["info"]["version"], merged["servers"]) == ("3.1.0", "1.2.3", [{"url": "/"}])
    assert document == _document({}, A={})
