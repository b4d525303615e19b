"""What the service's refusals say to a person."""

TEXTS = {
    "own-parent": {
        "en": (
            "An account above itself",
            "The new parent is the account itself, or stands below it.",
        ),
        "zh-CN": ("上级客户循环", "新的上级客户是该客户本身或其下级。"),
    },
    "one-account-reference": {
        "en": ("Name one account", "Give either account_id or account_external_id."),
        "zh-CN": (
            "请指定一个客户",
            "account_id 与 account_external_id 必须且只能填写一个。",
        ),
    },
    "one-parent-reference": {
        "en": (
            "Name one parent",
            "Give parent_account_id or parent_external_id, not both.",
        ),
        "zh-CN": (
            "只能指定一个上级客户",
            "parent_account_id 与 parent_external_id 不能同时填写。",
        ),
    },
}
