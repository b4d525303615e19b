"""What the service's refusals say to a person; what a criterion asks for is written beside its kind."""

from services.pipeline.domain.criteria import KINDS

Sentences = dict[str, tuple[str, str]]

REFUSALS: dict[str, Sentences] = {
    "exit-criteria-unmet": {
        "en": (
            "The stage is not attained yet",
            "Each error names a criterion of {stage} and what to do about it.",
        ),
        "zh-CN": ("尚未达到该阶段", "errors 列出 {stage} 的每一项未满足条件及处理方法。"),
    },
    "stage-skipped": {
        "en": ("Stages are taken one by one", "After {stage} comes {next_stage}; advance there first."),
        "zh-CN": ("不能跳过阶段", "{stage} 之后是 {next_stage}，请先推进到该阶段。"),
    },
    "at-last-stage": {
        "en": ("There is no further stage", "{stage} is the last one: win the deal, or lose it."),
        "zh-CN": ("已是最后阶段", "{stage} 是最后一个阶段，请将商机标记为赢单或输单。"),
    },
    "deal-closed": {
        "en": ("The deal is closed", "It is {status}; a closed deal does not change."),
        "zh-CN": ("商机已关闭", "该商机状态为 {status}，不能再更改。"),
    },
    "already-owner": {
        "en": ("Already the owner", "The deal is with this owner already."),
        "zh-CN": ("已是负责人", "该商机已由此人负责。"),
    },
    "criterion-not-attested": {
        "en": (
            "Nobody can sign for this",
            "{criterion} is met by the deal's own data, not by an attestation.",
        ),
        "zh-CN": ("该条件不能由人确认", "{criterion} 由商机自身数据满足，不能通过确认来满足。"),
    },
    "criterion-already-met": {
        "en": ("There is evidence already", "Revoke the evidence for {criterion} before recording other."),
        "zh-CN": ("已有证据", "请先撤销 {criterion} 的现有证据。"),
    },
    "criterion-not-met": {
        "en": ("There is no evidence", "Nothing is recorded for {criterion} that could be revoked."),
        "zh-CN": ("没有证据", "{criterion} 没有可撤销的证据。"),
    },
    "criterion-not-found": {
        "en": ("No such criterion", "The deal's stage definition has no criterion {criterion}."),
        "zh-CN": ("没有该条件", "该商机的阶段定义中没有条件 {criterion}。"),
    },
    "stage-unknown": {
        "en": ("No such stage", "The deal's stage definition has no stage {stage}."),
        "zh-CN": ("没有该阶段", "该商机的阶段定义中没有阶段 {stage}。"),
    },
    "stage-definition-invalid": {
        "en": ("The stage definition does not hold together", "Each error points at the place."),
        "zh-CN": ("阶段定义不成立", "errors 指出每一处问题。"),
    },
    "stage-definition-not-draft": {
        "en": (
            "Only a draft can be published",
            "It is {state}, and stays as it is. Draft a new edition instead.",
        ),
        "zh-CN": ("只能发布草稿", "该定义状态为 {state}，不可更改。请起草新版本。"),
    },
    "stage-definition-not-published": {
        "en": ("The stage definition is not in force", "It is {state}; new deals start on a published one."),
        "zh-CN": ("阶段定义未生效", "该定义状态为 {state}，新商机只能使用已发布的定义。"),
    },
    "no-default-stage-definition": {
        "en": (
            "No stage definition yet",
            "Publish one, or wait a moment: a new tenant gets its standard one shortly.",
        ),
        "zh-CN": ("尚无阶段定义", "请发布一个定义；新租户的标准定义稍后即会就绪。"),
    },
    "product-name-taken": {
        "en": ("Product name taken", "The catalogue has a product of this name."),
        "zh-CN": ("产品名称已存在", "产品目录中已有同名产品。"),
    },
    "unknown-reference": {
        "en": ("Unknown reference", "There is no {id}, or it is not known here yet."),
        "zh-CN": ("引用不存在", "{id} 不存在，或尚未同步到此处。"),
    },
    "not-allowed": {
        "en": ("Not allowed here", "Only a deal closed in this way has it."),
        "zh-CN": ("此处不允许", "只有以相应方式关闭的商机才有该值。"),
    },
    "first-stage-open": {
        "en": ("The first stage asks for nothing", "Every deal starts in it, so it cannot have criteria."),
        "zh-CN": ("首个阶段不能设条件", "所有商机都从该阶段开始，因此不能设置条件。"),
    },
}

LANGUAGES = ("en", "zh-CN")

TEXTS: dict[str, Sentences] = REFUSALS | {
    kind.unmet_code: {language: (kind.label[language], kind.todo[language]) for language in LANGUAGES}
    for kind in KINDS.values()
}
