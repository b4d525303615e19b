"""The words of the first page, in both languages."""

LANGUAGES = ("en", "zh-CN")

TEXTS = {
    "en": {
        "title": "Pelagic — CRM for large, slow, project-shaped deals",
        "lead": "A multi-tenant CRM for companies that win large deals in long steps: from the lead in the open pool "
        "to the deal that is won, every stage with its proof, every change as an event.",
        "docs": "API documentation",
        "document": "OpenAPI 3.1 document",
        "health": "Health",
        "other": "中文",
        "other_code": "zh-CN",
        "parts": "What it does",
        "features": [
            ("Leads and pools", "Collect leads, put them into the pool, claim them within limits, convert them."),
            ("Accounts and contacts", "Customers and the people there, with the role each has in a deal."),
            ("Deals with stages", "Published stage definitions; a stage counts once its criteria are complete."),
            ("Reports", "Pipeline, won value by period, unit, representative and product, seconds after the change."),
            ("Events", "Signed webhooks and a gap-free feed in the same words as the API."),
            ("Walls between tenants", "Another tenant's record answers exactly like one that never existed."),
        ],
        "try": "Try it",
        "step_login": "Sign in (the logins were printed at the start)",
        "step_lead": "Create a lead",
        "step_report": "See the pipeline",
    },
    "zh-CN": {
        "title": "Pelagic — 面向大型长周期项目型销售的 CRM",
        "lead": "多租户 CRM，服务于以长周期赢得大单的企业：从公海线索到赢单，每个阶段都有依据，每次变更都是一个事件。",
        "docs": "API 文档",
        "document": "OpenAPI 3.1 文件",
        "health": "健康状态",
        "other": "English",
        "other_code": "en",
        "parts": "主要功能",
        "features": [
            ("线索与公海", "收集线索，放入公海池，在限额内领取，并转化。"),
            ("客户与联系人", "客户企业及其人员，以及每个人在商机中的角色。"),
            ("分阶段的商机", "发布并带版本的阶段定义；阶段的准则全部满足才算到达。"),
            ("报表", "商机管道，按期间、部门、销售、产品统计的赢单金额，变更后数秒可见。"),
            ("事件", "带签名的 webhook 与无缺口的事件流，与 API 用词一致。"),
            ("租户隔离", "其他租户的记录与从未存在的记录，答复完全相同。"),
        ],
        "try": "试一试",
        "step_login": "登录（账号在启动时已打印）",
        "step_lead": "新建线索",
        "step_report": "查看商机管道",
    },
}
