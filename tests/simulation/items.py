"""What the simulated residents apply for: one item of each shape that lives differently."""

from collections.abc import Mapping
from typing import Any

from cases.items import Item, item_from
from tests.cases.world import INSTANT, ITEM

_BARE = [{**m, "original": "none"} for m in ITEM["materials"]]
_LINKED = {"key": "linked", "ask": "是否同时办理用水过户？", "type": "bool"}
_CHANNELS = ["miniapp", "kiosk", "agent", "counter"]
_FORM = {"姓名": "applicant_name", "公民身份号码": "id_number", "申请事由": "reason"}
_LATER = {
    "key": "photo",
    "name": "照片回执",
    "document": "other_paper",
    "need": "deferrable",
    "pages": {"min": 1, "max": 3},
}
_SOURCES = {"sources": ["registry:id_card_front"], "holder": "applicant", "reuse_days": 365}


def _made(code: str, **changes: Any) -> Item:
    return item_from({**ITEM, "code": code, "channels": _CHANNELS, **changes})


def _papers(*changed: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The usual materials, those named by `key` changed."""
    by_key = {c["key"]: c for c in changed}
    return [{**m, **by_key.get(m["key"], {})} for m in ITEM["materials"]]


USUAL = _made(
    "440105-SHBZK-BL", materials=_papers({"key": "id_front", **_SOURCES}, _LATER), clocks={"specials": {"公示": 10}}
)
INSTANT_ONE = _made("440105-JSBJ", **INSTANT)
BARE = _made("440105-WYJ", materials=_BARE, result={"name": "电子证", "form": "electronic", "delivery": []})
SIGNED = _made(
    "440105-XSQM",
    materials=_papers({"key": "form", "fields": _FORM, "fill_online": True, "original": "none"}, {"key": "photo", "need": "optional"}),
)  # fmt: skip
TOGETHER = _made(
    "440105-LHSP",
    routing=[
        {"key": "look", "department": "rsj", "joint": ["gaj", "zjj"], "days": 3, "task": "联合踏勘"},
        {"key": "issue", "department": "rsj", "days": 2, "task": "发证", "after": ["look"]},
    ],
    courier={"addressee_only": True, "declared_value_fen": 50_000},
)
BY_ADDRESS = _made(
    "440105-ADZ",
    routing=[
        {
            "key": "street", "department": "rsj", "days": 3, "task": "街道核查",
            "competent": {"by": "address.county", "equals": {"天河区": "thjd"}},
        },
        {"key": "issue", "department": "rsj", "days": 1, "task": "发证", "after": ["street"]},
    ],
)  # fmt: skip
UNLIMITED = _made("440105-WSX", limits={"statutory_days": 0, "promised_days": 0, "preaudit_hours": 8}, materials=_BARE)
HOUSE = _made(
    "440105-CLFZY",
    questions=[*ITEM["questions"], _LINKED],
    follow_ons=[
        {"item": "440105-YSGH", "inherits": ["id_front", "form"], "when": {"linked": True}, "result_as": "deed"},
        {"item": "440105-YDGH", "inherits": ["id_front"], "when": {"linked": True}},
        {"item": "440105-RQGH", "inherits": ["id_front"], "when": {"linked": True}},
    ],
)
_SHARED = [{**m, "original": "none", "when": {}} for m in ITEM["materials"] if m["key"] in ("id_front", "form")]
_DEED = {"key": "deed", "name": "不动产权证书", "document": "property_certificate", "need": "required"}
_WHICH = {"key": "which", "ask": "哪一种？", "type": "choice", "choices": ["甲", "乙"]}
WATER = _made("440105-YSGH", questions=[], materials=[*_SHARED, _DEED], routing=[ITEM["routing"][0]])
POWER = _made("440105-YDGH", questions=[], materials=_SHARED, routing=[ITEM["routing"][0]])
GAS = _made("440105-RQGH", questions=[_WHICH], materials=_SHARED, routing=[ITEM["routing"][0]])
"""It asks what the parent does not know: it cannot be opened by itself."""

APPLIED_FOR = (USUAL, USUAL, INSTANT_ONE, BARE, SIGNED, TOGETHER, BY_ADDRESS, UNLIMITED, HOUSE)
BY_CODE: Mapping[str, Item] = {i.code: i for i in (*APPLIED_FOR, WATER, POWER, GAS)}
