"""The stage definition a new tenant starts with: four stages, little asked, all of it changeable."""

from __future__ import annotations

from typing import Any

from services.pipeline.domain.criteria import Criterion
from services.pipeline.domain.stage_definition import ForecastCategory, Stage, StageDefinition
from shared.ids import derived_id


def standard_definition(tenant_id: str) -> StageDefinition:
    """The standard definition as a draft, under the same id whenever it is asked for."""
    return StageDefinition(
        id=derived_id("sdf", tenant_id, "default"),
        tenant_id=tenant_id,
        code="standard",
        name={"en": "Standard", "zh-CN": "标准流程"},
        number=1,
        stages=_stages(),
        win_criteria=[
            _asks("win_account", "field_present", "The customer is named", "已关联客户", field="account_id"),
            _asks("win_amount", "field_present", "The amount is known", "已填写金额", field="amount"),
        ],
    )


def _stages() -> list[Stage]:
    need = _asks("need_confirmed", "attestation", "The customer confirmed the need", "客户已确认需求")
    account = _asks("account", "field_present", "The customer is named", "已关联客户", field="account_id")
    amount = _asks("amount", "amount_at_least", "The amount is known", "已填写金额", amount_minor=1)
    engaged = _asks("engaged_on", "field_present", "The customer was engaged", "已与客户接触", field="engaged_on")
    close = "expected_close_on"
    planned = _asks(close, "field_present", "The close date is planned", "已填写预计成交日期", field=close)
    decider = "decision_maker"
    decision = _asks(decider, "contact_role_present", "The decision maker is known", "已明确决策人", role=decider)
    pipeline, best_case, commit = ForecastCategory.PIPELINE, ForecastCategory.BEST_CASE, ForecastCategory.COMMIT
    return [
        _stage(1, "prospecting", "Prospecting", "发掘", 10, pipeline),
        _stage(2, "engaging", "Engaging", "接触", 30, pipeline, engaged),
        _stage(3, "proposal", "Proposal", "方案", 60, best_case, account, amount, need),
        _stage(4, "negotiation", "Negotiation", "谈判", 80, commit, decision, planned),
    ]


def _stage(
    order: int,
    code: str,
    en: str,
    zh: str,
    probability: int,
    category: ForecastCategory,
    *criteria: Criterion,
) -> Stage:
    return Stage(
        code=code,
        name={"en": en, "zh-CN": zh},
        order=order,
        probability=probability,
        forecast_category=category,
        criteria=list(criteria),
    )


def _asks(code: str, kind: str, en: str, zh: str, **params: Any) -> Criterion:
    return Criterion(code=code, kind=kind, params=params, label={"en": en, "zh-CN": zh})
