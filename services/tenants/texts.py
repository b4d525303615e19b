"""What the service's refusals say, in the languages of its callers."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "slug-taken": {
        "en": ("The short name is taken", "Another company already signs in as {slug}; choose another short name."),
        "zh-CN": ("简称已被占用", "已有公司使用 {slug}，请换一个简称。"),
    },
    "slug-malformed": {
        "en": (
            "The short name cannot be used",
            "Use 3 to 40 lower-case letters, digits and single hyphens, starting with a letter.",
        ),
        "zh-CN": ("简称格式不正确", "请使用 3 到 40 个小写字母、数字或单个连字符，并以字母开头。"),
    },
    "slug-reserved": {
        "en": ("The short name is reserved", "Choose another short name; this one is used by the platform."),
        "zh-CN": ("简称为系统保留", "该简称由平台使用，请换一个。"),
    },
    "unknown-timezone": {
        "en": ("The timezone is unknown", "{timezone} is not an IANA timezone such as Europe/Berlin."),
        "zh-CN": ("未知时区", "{timezone} 不是 IANA 时区，例如 Asia/Shanghai。"),
    },
    "password-too-short": {
        "en": ("The password is too short", "Use at least {min} characters; several words make a good password."),
        "zh-CN": ("密码太短", "请至少使用 {min} 个字符，几个词组成的密码就很好。"),
    },
    "password-too-long": {
        "en": ("The password is too long", "Use at most {max} characters."),
        "zh-CN": ("密码太长", "请不要超过 {max} 个字符。"),
    },
    "password-common": {
        "en": ("The password is too common", "It is among the first that attackers try; choose another."),
        "zh-CN": ("密码过于常见", "这是攻击者最先尝试的密码之一，请换一个。"),
    },
    "password-guessable": {
        "en": (
            "The password is easy to guess",
            "Apart from the names of company and person it needs {fresh} characters of its own.",
        ),
        "zh-CN": ("密码容易被猜到", "除公司名和人名外，密码至少还需要 {fresh} 个字符。"),
    },
    "login-refused": {
        "en": ("Could not log in", "Check company, e-mail address and password; after many misses wait five minutes."),
        "zh-CN": ("登录失败", "请检查公司简称、邮箱和密码；多次失败后请等待五分钟。"),
    },
    "session-ended": {
        "en": ("The session has ended", "Log in again."),
        "zh-CN": ("会话已结束", "请重新登录。"),
    },
    "email-taken": {
        "en": ("The e-mail address is taken", "Another user of your company already signs in with it."),
        "zh-CN": ("邮箱已被使用", "贵公司已有用户使用该邮箱登录。"),
    },
    "last-admin": {
        "en": ("The company needs an admin", "Make somebody else an active tenant admin first."),
        "zh-CN": ("公司必须保留管理员", "请先将其他人设为启用状态的租户管理员。"),
    },
    "password-not-set": {
        "en": ("There is no password yet", "Set a password to make this user active."),
        "zh-CN": ("尚未设置密码", "设置密码后才能启用该用户。"),
    },
    "unknown-unit": {
        "en": ("The unit is unknown", "There is no unit {unit_id}; list /v1/units to see them."),
        "zh-CN": ("组织单元不存在", "没有组织单元 {unit_id}，可通过 /v1/units 查看。"),
    },
    "unit-cycle": {
        "en": ("A unit cannot be below itself", "Choose a parent outside of the unit's own subtree."),
        "zh-CN": ("组织单元不能位于自身之下", "请选择其下级以外的上级单元。"),
    },
    "root-unit-stays": {
        "en": ("The root unit cannot be moved", "It stands for the whole company; move the units below it."),
        "zh-CN": ("根单元不能移动", "根单元代表整个公司，请移动其下的单元。"),
    },
    "unit-too-deep": {
        "en": ("The tree would be too deep", "An organisation tree has at most {max} levels."),
        "zh-CN": ("组织层级过深", "组织树最多 {max} 层。"),
    },
    "two-parents": {
        "en": ("Two parents were named", "Name the parent by parent_id or by parent_external_id, not both."),
        "zh-CN": ("指定了两个上级", "请只使用 parent_id 或 parent_external_id 之一指定上级。"),
    },
}
