"""The kinds of criteria a stage may ask for. To add one, write one function here: nothing else changes.

A kind declares its parameters, a label, what somebody has to do to meet it, and the question it puts to a deal.
Validation of definitions, refusals, translations and the documentation read it from `KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shared.errors import FieldError

if TYPE_CHECKING:
    from services.pipeline.domain.deal import Deal

Texts = dict[str, str]
"""A text by language: `en`, `zh-CN`."""

FIELDS = frozenset("account_id amount closed_on contacts engaged_on expected_close_on external_id product_ids".split())
"""What of a deal can be asked for as simply being there."""


@dataclass(kw_only=True)
class Criterion:
    """Evidence that must be complete for a stage to count as reached."""

    code: str
    kind: str
    params: dict[str, Any] = field(default_factory=dict)
    label: Texts = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Param:
    """What a kind accepts for one of its parameters; `most` is the largest number, or the longest text."""

    type: type
    choices: frozenset[str] | None = None
    minimum: int | None = None
    most: int | None = None

    def fault(self, pointer: str, value: Any) -> FieldError | None:
        """What is wrong with `value`, if anything."""
        if type(value) is not self.type:
            return FieldError(pointer, "wrong-type", {"expected": self.type.__name__})
        if value == "":
            return FieldError(pointer, "required")
        if self.choices is not None and value not in self.choices:
            return FieldError(pointer, "not-one-of", {"choices": sorted(self.choices)})
        if self.minimum is not None and isinstance(value, int) and value < self.minimum:
            return FieldError(pointer, "too-small", {"min": self.minimum})
        if self.most is not None and isinstance(value, str) and len(value) > self.most:
            return FieldError(pointer, "too-long", {"max": self.most})
        if self.most is not None and isinstance(value, int) and value > self.most:
            return FieldError(pointer, "too-big", {"max": self.most})
        return None


Question = Callable[["Deal", Criterion], bool]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of criterion; `attested` ones are met by recorded evidence, the others by the deal's data.

    `unmet_code` is the error code that says a criterion of this kind is open.
    """

    name: str
    unmet_code: str
    params: dict[str, Param]
    label: Texts
    todo: Texts
    attested: bool
    met: Question


KINDS: dict[str, Kind] = {}


def kind(
    name: str,
    *,
    unmet: str,
    label: Texts,
    todo: Texts,
    params: dict[str, Param] | None = None,
    attested: bool = False,
) -> Callable[[Question], Question]:
    """Register the decorated question as the criterion kind `name`."""

    def register(met: Question) -> Question:
        declared = params or {}
        KINDS[name] = Kind(
            name=name, unmet_code=unmet, params=declared, label=label, todo=todo, attested=attested, met=met
        )
        return met

    return register


@kind(
    "field_present",
    unmet="unmet-field-present",
    params={"field": Param(type=str, choices=FIELDS)},
    label={"en": "{field} is filled in", "zh-CN": "已填写 {field}"},
    todo={"en": "Fill in the deal's {field}.", "zh-CN": "请填写商机的 {field}。"},
)
def field_present(deal: Deal, criterion: Criterion) -> bool:
    """The named field of the deal is filled in."""
    return getattr(deal, criterion.params["field"]) not in (None, "", [])


@kind(
    "amount_at_least",
    unmet="unmet-amount-at-least",
    params={"amount_minor": Param(type=int, minimum=1, most=10**15)},
    label={
        "en": "Amount is at least {amount_minor} minor units",
        "zh-CN": "金额不低于 {amount_minor}(最小货币单位)",
    },
    todo={
        "en": "Raise the deal's amount to at least {amount_minor} minor units of its currency.",
        "zh-CN": "请将商机金额提高到至少 {amount_minor}(该币种的最小单位)。",
    },
)
def amount_at_least(deal: Deal, criterion: Criterion) -> bool:
    """The deal's amount, in its own currency, reaches the threshold."""
    threshold: int = criterion.params["amount_minor"]
    return deal.amount is not None and deal.amount.amount_minor >= threshold


@kind(
    "contact_role_present",
    unmet="unmet-contact-role-present",
    params={"role": Param(type=str, most=60)},
    label={"en": "A contact in the role {role}", "zh-CN": "有角色为 {role} 的联系人"},
    todo={
        "en": "Attach a contact with the role {role} to the deal.",
        "zh-CN": "请为商机添加一位角色为 {role} 的联系人。",
    },
)
def contact_role_present(deal: Deal, criterion: Criterion) -> bool:
    """Someone with the given role is attached to the deal."""
    return any(contact.role == criterion.params["role"] for contact in deal.contacts)


@kind(
    "attestation",
    unmet="unmet-attestation",
    attested=True,
    label={"en": "Confirmed by a named person of the customer", "zh-CN": "客户方指定人员已确认"},
    todo={
        "en": "Record who at the customer confirmed it: POST /v1/deals/<id>/criteria/{criterion}/meet.",
        "zh-CN": "请记录客户方由谁确认:POST /v1/deals/<id>/criteria/{criterion}/meet。",
    },
)
def attestation(deal: Deal, criterion: Criterion) -> bool:
    """A named person at the customer said so, and the evidence stands."""
    return criterion.code in deal.evidence


def is_met(deal: Deal, criterion: Criterion) -> bool:
    """Whether `deal` has what `criterion` asks for."""
    return KINDS[criterion.kind].met(deal, criterion)


def label_of(criterion: Criterion) -> Texts:
    """The tenant's own words for `criterion`, or the kind's."""
    own = {language: text.format(**criterion.params) for language, text in KINDS[criterion.kind].label.items()}
    return {**own, **criterion.label}


def unmet(deal: Deal, criteria: Iterable[Criterion]) -> list[FieldError]:
    """Every open criterion: which, of what kind, its label, and (by its error code) what to do."""
    return [
        FieldError(
            f"/criteria/{criterion.code}",
            KINDS[criterion.kind].unmet_code,
            {
                "criterion": criterion.code,
                "kind": criterion.kind,
                "label": label_of(criterion),
                **criterion.params,
            },
        )
        for criterion in criteria
        if not is_met(deal, criterion)
    ]
