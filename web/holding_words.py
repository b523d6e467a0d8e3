"""Words for what is held about people: who looked at what and why, how long it is kept, what is agreed to."""

from cases.consents import CURRENT
from cases.retention import RULES
from storage.holdings import WITHHELD
from storage.looks import Why
from storage.words import Role
from web.labels import Labels

ROLES = Labels(
    "role",
    {
        Role.INTAKE: "收件人员",
        Role.PRE_AUDITOR: "预审人员",
        Role.CLERK: "审批人员",
        Role.SUPERVISOR: "主管人员",
        Role.ITEM_MANAGER: "事项管理员",
        Role.AUDITOR: "审计人员",
        Role.ADMINISTRATOR: "系统管理员",
        Role.GRID: "网格员",
        Role.AGENT: "代办人员",
    },
)
LOOKED_AT = Labels(
    "looked_at",
    {
        "case": "申请信息",
        "page": "材料照片和识读结果",
        "picture": "材料照片",
        "mistake": "一处识读内容",
        "truths": "核对过的识读内容",
        "differences": "前后两次提交的不同之处",
        "waiver": "免提交材料的内容",
        "contact": "联系人、电话和地址",
        "document": "文书",
        "parcel": "装袋照片",
        "complaint": "投诉附图",
        "export": "归档所需的申请信息",
        "registry": "主管部门保存的材料",
    },
)
LOOKS_WHY = Labels(
    "looks_why",
    {
        Why.WORK: "办理申请",
        Why.DUPLICATE: "核对补正前后",
        Why.ACCURACY: "检查机器识读是否准确",
        Why.PROVEN: "核验免提交的材料",
        Why.BACKTEST: "检验办事规则的改动",
        Why.FETCHING: "上门取件或送达",
        Why.CALL: "回访或处理投诉",
        Why.AGENT: "代办点帮忙办理",
        Why.REGISTRY: "经您授权核验材料",
        Why.EXPORT: "按国家标准归档",
    },
)
KEPT_NAMES = Labels("kept", {kind: rule.name for kind, rule in RULES.items()})
KEPT_SINCE = Labels("kept_since", {kind: rule.since for kind, rule in RULES.items()})
KEPT_GROUND = Labels("kept_ground", {kind: rule.ground for kind, rule in RULES.items()})
WITHHELD_WHY = Labels("withheld", WITHHELD)
CONSENT_NAMES = Labels("consent", {kind: one.name for kind, one in CURRENT.items()})
