"""What the service's refusals say to a person."""

TEXTS = {
    "lead-closed": {
        "en": (
            "The lead is closed",
            "The lead is {state}; nothing more can be done with it.",
        ),
        "zh-CN": ("线索已关闭", "该线索状态为 {state}，不能再操作。"),
    },
    "already-claimed": {
        "en": (
            "Already claimed",
            "Someone else was faster. Choose another lead from the pool.",
        ),
        "zh-CN": ("已被领取", "该线索已被他人领取，请在公海池中另选一条。"),
    },
    "lead-not-pooled": {
        "en": (
            "Not in a pool",
            "Only leads in a pool can be claimed. Put it into a pool first, or have it assigned.",
        ),
        "zh-CN": (
            "不在公海池中",
            "只能领取公海池中的线索。请先将其放入公海池，或由管理者分配。",
        ),
    },
    "lead-held": {
        "en": (
            "The lead is held",
            "The lead has an owner who works on it. It has to be returned first.",
        ),
        "zh-CN": ("线索已有负责人", "该线索正由负责人跟进，须先退回。"),
    },
    "lead-not-owned": {
        "en": (
            "The lead has no owner",
            "The lead is in a pool. Claim it, or have it assigned, first.",
        ),
        "zh-CN": ("线索没有负责人", "该线索在公海池中，请先领取或分配。"),
    },
    "already-in-pool": {
        "en": ("Already in that pool", "The lead is in that pool already."),
        "zh-CN": ("已在该公海池中", "该线索已经在这个公海池中。"),
    },
    "pool-disabled": {
        "en": (
            "The pool is disabled",
            "Nothing goes in or out of a disabled pool. Choose another, or enable it.",
        ),
        "zh-CN": ("公海池已停用", "停用的公海池不能放入或领取线索，请另选或启用它。"),
    },
    "not-a-pool-member": {
        "en": (
            "Not a member of the pool",
            "Only its members may claim from this pool.",
        ),
        "zh-CN": ("不是公海池成员", "只有该公海池的成员才能领取。"),
    },
    "daily-limit-reached": {
        "en": (
            "Daily limit reached",
            "You have claimed {limit} leads from this pool today; that is its limit per day.",
        ),
        "zh-CN": (
            "已达每日领取上限",
            "您今天已从该公海池领取 {limit} 条线索，已达每日上限。",
        ),
    },
    "in-the-future": {
        "en": ("In the future", "Only what has happened can be logged."),
        "zh-CN": ("时间在未来", "只能记录已经发生的跟进。"),
    },
    "not-a-time-zone": {
        "en": ("Not a time zone", "Use a name such as Asia/Shanghai."),
        "zh-CN": ("不是有效时区", "请使用类似 Asia/Shanghai 的时区名称。"),
    },
}
