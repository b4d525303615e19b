"""The texts of the edge: problems every service can answer, and the faults a field can have, in English and Chinese."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "malformed": {
        "en": ("The request cannot be read", "Check the request line, headers and body."),
        "zh-CN": ("无法读取请求", "请检查请求行、请求头和请求体。"),
    },
    "malformed-json": {
        "en": ("The body is not JSON", "Send a JSON object in UTF-8."),
        "zh-CN": ("请求体不是 JSON", "请发送 UTF-8 编码的 JSON 对象。"),
    },
    "unsupported-media-type": {
        "en": ("The body's content type is not supported", "Send Content-Type: application/json."),
        "zh-CN": ("不支持的内容类型", "请使用 Content-Type: application/json。"),
    },
    "body-too-large": {
        "en": ("The body is too large", "Send less at once, for example in several batches."),
        "zh-CN": ("请求体过大", "请减少单次发送的数据，例如分批发送。"),
    },
    "route-not-found": {
        "en": ("No such address", "The API has no such path; /openapi.json lists them all."),
        "zh-CN": ("地址不存在", "API 没有该路径；全部路径见 /openapi.json。"),
    },
    "method-not-allowed": {
        "en": ("The method is not allowed here", "The Allow header lists the methods of this path."),
        "zh-CN": ("不允许的方法", "该路径可用的方法见 Allow 响应头。"),
    },
    "not-found": {
        "en": ("Not found", "There is no such record, or none you may see."),
        "zh-CN": ("未找到", "记录不存在，或您无权查看。"),
    },
    "token-missing": {
        "en": ("Sign in first", "Send Authorization: Bearer with an access token."),
        "zh-CN": ("请先登录", "请在 Authorization: Bearer 中携带访问令牌。"),
    },
    "token-invalid": {
        "en": ("The access token is not valid", "Sign in again."),
        "zh-CN": ("访问令牌无效", "请重新登录。"),
    },
    "token-expired": {
        "en": ("The access token has expired", "Refresh it, then repeat the request."),
        "zh-CN": ("访问令牌已过期", "请刷新令牌后重试。"),
    },
    "unauthenticated": {
        "en": ("Sign in first", "It is not established who is calling."),
        "zh-CN": ("请先登录", "无法确认调用者身份。"),
    },
    "keys-unavailable": {
        "en": ("Tokens cannot be checked at the moment", "Try again shortly."),
        "zh-CN": ("暂时无法验证令牌", "请稍后重试。"),
    },
    "permission-missing": {
        "en": (
            "You are not allowed to do this",
            "It needs the permission {permission}, which none of your roles holds.",
        ),
        "zh-CN": ("您无权执行此操作", "需要权限 {permission}，而您的角色均不具备。"),
    },
    "forbidden": {
        "en": ("You are not allowed to do this", "You may see it, but not do this with it."),
        "zh-CN": ("您无权执行此操作", "您可以查看，但不能执行此操作。"),
    },
    "plan-limit": {
        "en": ("Your plan does not include this", "Ask your administrator about the plan."),
        "zh-CN": ("当前套餐不包含此功能", "请联系管理员了解套餐。"),
    },
    "conflict": {
        "en": ("Its present state does not allow this", "Read it again and decide again."),
        "zh-CN": ("当前状态不允许此操作", "请重新读取后再决定。"),
    },
    "external-id-taken": {
        "en": ("External id taken", "Another record carries this external id with different content."),
        "zh-CN": ("外部编号已被占用", "已有其他记录使用该外部编号，且内容不同。"),
    },
    "currency-mismatch": {
        "en": ("Amounts of different currencies do not add up", "{left} and {right} cannot be combined."),
        "zh-CN": ("不同币种的金额不能合并", "{left} 与 {right} 不能合并计算。"),
    },
    "busy": {
        "en": ("Others are changing the same thing", "Nothing was changed; try again."),
        "zh-CN": ("他人正在修改同一数据", "未做任何更改，请重试。"),
    },
    "gone": {
        "en": ("No longer available", "It existed and has expired."),
        "zh-CN": ("已失效", "该内容曾经存在，现已过期。"),
    },
    "stale": {
        "en": ("It was changed in the meantime", "Read it again (it is at version {version}) and repeat the change."),
        "zh-CN": ("数据已被修改", "请重新读取（当前版本 {version}）后再修改。"),
    },
    "too-large": {
        "en": ("Too much at once", "Send less at once."),
        "zh-CN": ("数据量过大", "请减少单次发送的数据。"),
    },
    "event-too-large": {
        "en": (
            "Too large to be told as one event",
            "A record and its changes may take {max} bytes; shorten its texts.",
        ),
        "zh-CN": ("内容过大，无法作为一个事件发布", "一条记录及其变更最多 {max} 字节，请缩短文本。"),
    },
    "invalid": {
        "en": ("The input is not valid", "See errors for each fault."),
        "zh-CN": ("输入无效", "具体问题见 errors。"),
    },
    "validation-failed": {
        "en": ("The body is not valid", "See errors for each fault."),
        "zh-CN": ("请求体无效", "具体问题见 errors。"),
    },
    "query-invalid": {
        "en": ("The query is not valid", "See errors for each fault."),
        "zh-CN": ("查询参数无效", "具体问题见 errors。"),
    },
    "cursor-invalid": {
        "en": (
            "The cursor does not fit this list",
            "Use cursors as given, with the same filters and sort, or start anew.",
        ),
        "zh-CN": ("游标无效", "请原样使用游标并保持筛选和排序一致，或从头开始。"),
    },
    "if-match-required": {
        "en": ("If-Match is missing", 'Send the ETag you read, such as If-Match: "3".'),
        "zh-CN": ("缺少 If-Match", '请发送读取到的 ETag，例如 If-Match: "3"。'),
    },
    "if-match-malformed": {
        "en": ("If-Match cannot be read", 'Send one strong entity tag, such as If-Match: "3".'),
        "zh-CN": ("无法读取 If-Match", '请发送一个强实体标签，例如 If-Match: "3"。'),
    },
    "idempotency-key-required": {
        "en": ("Idempotency-Key is missing", "This operation needs one, so that a repeat cannot act twice."),
        "zh-CN": ("缺少 Idempotency-Key", "此操作需要幂等键，以防重复执行。"),
    },
    "idempotency-key-invalid": {
        "en": ("Idempotency-Key cannot be used", "Send 1 to 255 visible ASCII characters, such as a UUID."),
        "zh-CN": ("Idempotency-Key 无效", "请发送 1 到 255 个可见 ASCII 字符，例如 UUID。"),
    },
    "idempotency-key-reused": {
        "en": ("This Idempotency-Key belongs to another request", "Use a fresh key for a different body or path."),
        "zh-CN": ("该 Idempotency-Key 已用于其他请求", "不同的请求体或路径请使用新的键。"),
    },
    "idempotency-in-flight": {
        "en": ("The first request with this key is still at work", "Wait a moment, then repeat it."),
        "zh-CN": ("相同幂等键的请求正在处理", "请稍后重试。"),
    },
    "too-many-requests": {
        "en": ("Too many requests", "Try again in {retry_after} s."),
        "zh-CN": ("请求过于频繁", "请在 {retry_after} 秒后重试。"),
    },
    "timed-out": {
        "en": ("The time allowed ran out", "Read before you repeat: the change may or may not have been made."),
        "zh-CN": ("处理超时", "重试前请先读取：更改可能已生效，也可能未生效。"),
    },
    "unavailable": {
        "en": ("Temporarily unavailable", "Something this needs does not answer; try again shortly."),
        "zh-CN": ("暂时不可用", "所依赖的服务没有响应，请稍后重试。"),
    },
    "internal": {
        "en": ("Something went wrong on our side", "Quote the request id when you report it."),
        "zh-CN": ("服务器内部错误", "反馈时请提供 request id。"),
    },
}

FIELD_TEXTS: Final[dict[str, dict[str, str]]] = {
    "required": {"en": "This is required.", "zh-CN": "必填。"},
    "unknown-field": {"en": "There is no such field.", "zh-CN": "没有该字段。"},
    "null": {"en": "This may not be null.", "zh-CN": "不能为 null。"},
    "wrong-type": {"en": "This has the wrong type.", "zh-CN": "类型错误。"},
    "invalid-value": {"en": "This is not a valid value.", "zh-CN": "值无效。"},
    "not-an-object": {"en": "An object is expected.", "zh-CN": "应为对象。"},
    "not-a-list": {"en": "A list is expected.", "zh-CN": "应为列表。"},
    "not-text": {"en": "Text is expected.", "zh-CN": "应为文本。"},
    "not-a-number": {"en": "A number is expected.", "zh-CN": "应为数字。"},
    "not-an-integer": {"en": "A whole number is expected.", "zh-CN": "应为整数。"},
    "not-a-boolean": {"en": "true or false is expected.", "zh-CN": "应为 true 或 false。"},
    "not-an-instant": {
        "en": "A time with its zone is expected, such as 2026-01-31T09:00:00Z.",
        "zh-CN": "应为带时区的时间，例如 2026-01-31T09:00:00Z。",
    },
    "not-a-date": {"en": "A date is expected, such as 2026-01-31.", "zh-CN": "应为日期，例如 2026-01-31。"},
    "not-an-email": {"en": "An e-mail address is expected.", "zh-CN": "应为电子邮箱地址。"},
    "not-a-url": {"en": "A web address is expected.", "zh-CN": "应为网址。"},
    "not-an-id": {"en": "An id of the kind {kind} is expected.", "zh-CN": "应为 {kind} 类型的标识。"},
    "not-a-currency": {"en": "An ISO 4217 currency code is expected.", "zh-CN": "应为 ISO 4217 货币代码。"},
    "not-one-of": {"en": "Expected one of: {choices}.", "zh-CN": "应为以下之一：{choices}。"},
    "too-long": {"en": "At most {max} characters.", "zh-CN": "最多 {max} 个字符。"},
    "too-short": {"en": "At least {min} characters.", "zh-CN": "至少 {min} 个字符。"},
    "too-many-fields": {"en": "At most {max} fields.", "zh-CN": "最多 {max} 个字段。"},
    "too-many-items": {"en": "At most {max} items.", "zh-CN": "最多 {max} 项。"},
    "too-few-items": {"en": "At least {min} items.", "zh-CN": "至少 {min} 项。"},
    "out-of-range": {"en": "Out of range ({min} to {max}).", "zh-CN": "超出范围（{min} 至 {max}）。"},
    "too-small": {"en": "At least {min}.", "zh-CN": "不小于 {min}。"},
    "too-big": {"en": "At most {max}.", "zh-CN": "不大于 {max}。"},
    "wrong-format": {"en": "This does not have the expected form.", "zh-CN": "格式不正确。"},
    "control-characters": {
        "en": "Control characters and broken text are not accepted.",
        "zh-CN": "不能包含控制字符或损坏的文本。",
    },
    "blank": {"en": "This may not be blank.", "zh-CN": "不能为空。"},
    "duplicate": {"en": "This occurs more than once.", "zh-CN": "出现重复。"},
    "unknown-reference": {
        "en": "There is no record {id} that you may use here.",
        "zh-CN": "没有可在此使用的记录 {id}。",
    },
    "unknown-parameter": {
        "en": "There is no such parameter; allowed: {allowed}.",
        "zh-CN": "没有该参数；可用：{allowed}。",
    },
    "unknown-sort": {
        "en": "This list cannot be sorted so; allowed: {allowed}.",
        "zh-CN": "不支持该排序；可用：{allowed}。",
    },
    "unknown-filter": {
        "en": "This list cannot be filtered so; allowed: {allowed}.",
        "zh-CN": "不支持该筛选；可用：{allowed}。",
    },
}
