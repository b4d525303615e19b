"""The texts of what the webhooks service refuses, per language."""

TEXTS: dict[str, dict[str, tuple[str, str]]] = {
    "too-many-endpoints": {
        "en": (
            "Too many endpoints",
            "A tenant can have at most {limit} webhook endpoints. Delete one first.",
        ),
        "zh-CN": (
            "端点过多",
            "每个租户最多可有 {limit} 个 Webhook 端点，请先删除一个。",
        ),
    },
    "endpoint-disabled": {
        "en": (
            "Endpoint disabled",
            "Nothing is sent to a disabled endpoint. Enable it first.",
        ),
        "zh-CN": ("端点已停用", "已停用的端点不会收到任何投递，请先启用。"),
    },
    "endpoint-gone": {
        "en": ("Endpoint deleted", "The endpoint of this delivery has been deleted."),
        "zh-CN": ("端点已删除", "该投递所属的端点已被删除。"),
    },
    "delivery-pending": {
        "en": (
            "Delivery under way",
            "The delivery is still pending and will be attempted by itself.",
        ),
        "zh-CN": ("投递进行中", "该投递仍在等待中，系统会自动重试。"),
    },
    "resend-limit": {
        "en": (
            "Sent again too often",
            "A delivery can be sent again at most {limit} times. Use the event feed.",
        ),
        "zh-CN": ("重发次数过多", "一次投递最多可重发 {limit} 次，请改用事件流。"),
    },
    "cursor-expired": {
        "en": (
            "Cursor expired",
            "Events after this cursor are past the {days} days kept. Read current state, then start without a cursor.",
        ),
        "zh-CN": (
            "游标已过期",
            "该游标之后的事件已超过保留期（{days} 天）。请读取当前状态后，不带游标重新开始。",
        ),
    },
    "too-many-streams": {
        "en": (
            "Too many streams",
            "No further stream can be opened at the moment. Try again in {retry_after} seconds.",
        ),
        "zh-CN": ("事件流过多", "目前无法再打开事件流，请在 {retry_after} 秒后重试。"),
    },
    "not-https": {
        "en": ("Not https", "Webhooks are delivered over https only."),
        "zh-CN": ("必须使用 https", "Webhook 只通过 https 投递。"),
    },
    "url-has-credentials-or-fragment": {
        "en": (
            "Credentials or fragment in URL",
            "Leave user, password and #fragment out; verify the signature instead.",
        ),
        "zh-CN": ("网址含凭据或片段", "请去掉用户名、密码和 # 片段，改为校验签名。"),
    },
    "address-not-allowed": {
        "en": (
            "Address not allowed",
            "The URL must lead to a public host name or address.",
        ),
        "zh-CN": ("地址不被允许", "网址必须指向公网主机名或地址。"),
    },
    "unknown-event-type": {
        "en": (
            "Unknown event type",
            "'{value}' means no event type. Use a type, crm.<aggregate>.* or *.",
        ),
        "zh-CN": (
            "未知的事件类型",
            "“{value}”不对应任何事件类型。请使用具体类型、crm.<对象>.* 或 *。",
        ),
    },
}
