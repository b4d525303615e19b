"""The sample's way of selling as a stage definition, put in force once."""

from __future__ import annotations

from typing import Any

from infra.sales_import.patience import Caller

CODE = "crm-sales-opportunities"
PATH = "/v1/stage-definitions"


def _needs(code: str, field: str, en: str, zh: str) -> dict[str, Any]:
    return {"code": code, "kind": "field_present", "params": {"field": field}, "label": {"en": en, "zh-CN": zh}}


DEFINITION: dict[str, Any] = {
    "code": CODE,
    "name": {"en": "CRM sales opportunities", "zh-CN": "CRM 销售机会样例"},
    "stages": [
        {
            "code": "prospecting",
            "name": {"en": "Prospecting", "zh-CN": "发掘"},
            "order": 1,
            "probability": 10,
            "forecast_category": "pipeline",
        },
        {
            "code": "engaging",
            "name": {"en": "Engaging", "zh-CN": "接触"},
            "order": 2,
            "probability": 40,
            "forecast_category": "best_case",
            "criteria": [_needs("engaged_on", "engaged_on", "The customer was engaged", "已与客户接触")],
        },
    ],
    "win_criteria": [
        _needs("account", "account_id", "The customer is named", "已关联客户"),
        _needs("amount", "amount", "The value is known", "已填写金额"),
        _needs("closed_on", "closed_on", "The day it closed is known", "已填写成交日期"),
    ],
}


def in_force(caller: Caller) -> str:
    """The id of the published definition; drafted and published where it is not there yet."""
    found: list[dict[str, Any]] = caller.get(PATH, **{"filter[code]": CODE})["data"]
    by_state = {edition["state"]: edition for edition in reversed(found)}
    if "published" in by_state:
        return str(by_state["published"]["id"])
    draft = by_state.get("draft") or caller.post(PATH, DEFINITION)
    published = caller.post(f"{PATH}/{draft['id']}/publish", version=draft["version"])
    return str(published["id"])
