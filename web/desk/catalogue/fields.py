"""The fields of an item that the form has controls for: where they stand, what they are called, how they are chosen.

A place is written as the linter writes it, `materials[0].pages.min`; here without its numbers, `materials[].pages.min`.
What has no control stays as it is and is changed as YAML.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from web.desk.catalogue.checks import DOCUMENTS

Options = tuple[tuple[str, str], ...]
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Control(StrEnum):
    LINE = "line"
    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    MANY = "many"
    """Boxes to tick: a list of words."""
    WORDS = "words"
    """A list, written with 、 between."""
    SWITCH = "switch"
    MONEY = "money"
    """Yuan on the screen, fen in the item."""
    WHEN = "when"
    """One answer wanted, or several."""
    CHECK = "check"
    """A check's name and its parameters as YAML."""


class Empty(StrEnum):
    """What is kept of a control that was emptied."""

    LEFT_OUT = "left_out"
    KEPT = "kept"
    NULL = "null"
    WHOLE = "whole"
    """The mapping around it becomes null: an item without a fee."""


@dataclass(frozen=True)
class FormField:
    name: str
    """Below its group: `limits.promised_days`, `pages.min`."""
    label: str
    control: Control = Control.LINE
    options: Options = ()
    empty: Empty = Empty.KEPT
    usual: Any = ""
    """What holds where nothing is said."""
    hint: str = ""
    wide: bool = False


@dataclass(frozen=True)
class Group:
    """`key` names a list whose entries have these fields; empty: they are the item's own."""

    id: str
    title: str
    fields: tuple[FormField, ...]
    key: str = ""
    entry: str = ""
    """What one of the list is called."""
    new: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


KINDS: Options = (("promise", "承诺件"), ("instant", "即办件"))
APPLICANTS: Options = (("person", "个人"), ("organisation", "单位"))
CHANNELS: Options = (("miniapp", "手机小程序"), ("kiosk", "自助终端"), ("agent", "代办点"), ("counter", "窗口"))
NEEDS: Options = (("required", "必要"), ("optional", "非必要"), ("deferrable", "可容缺后补"))
ORIGINALS: Options = (("collect", "收取原件"), ("show", "核验后退回"), ("none", "不需要原件"))
SOURCES: Options = (("applicant", "申请人自备"), ("issued", "部门或机构核发"), ("shared", "数据共享"))
QUESTION_TYPES: Options = (("bool", "是或否"), ("choice", "单选"), ("text", "文字"))
FORMS: Options = (("paper", "纸质"), ("electronic", "电子"))
WAYS: Options = (("courier", "快递"), ("grid", "网格员"), ("drop_box", "收件箱"), ("counter", "窗口"))
HOLDERS: Options = (("", "不限定"), ("applicant", "申请人本人"))
PAYERS: Options = (("office", "办事窗口"), ("resident", "申请人"))

_L, _N, _O = Control.LINE, Control.NUMBER, Empty.LEFT_OUT
F = FormField
GROUPS: tuple[Group, ...] = (
    Group(
        "basic",
        "基本信息",
        (
            F("name", "事项名称", wide=True),
            F("en.name", "英文名称", empty=_O, wide=True),
            F("summary", "办理说明", Control.TEXT, empty=_O, wide=True),
            F("en.summary", "英文说明", Control.TEXT, empty=_O, wide=True),
            F("department", "受理部门", Control.CHOICE),
            F("kind", "办件类型", Control.CHOICE, KINDS),
            F("applicants", "申请人", Control.MANY, APPLICANTS, usual=("person",)),
            F("channels", "受理渠道", Control.MANY, CHANNELS, usual=("miniapp",)),
            F(
                "in_person",
                "必须到场的原因",
                empty=Empty.NULL,
                hint="不填：全程不用跑。填写后只能预约到场办理。",
                wide=True,
            ),
            F("keywords", "搜索词", Control.WORDS, empty=_O, hint="用顿号隔开", wide=True),
        ),
    ),
    Group(
        "limits",
        "时限与收费",
        (
            F("limits.statutory_days", "法定时限（工作日）", _N),
            F("limits.promised_days", "承诺时限（工作日）", _N),
            F("limits.preaudit_hours", "预审时限（小时）", _N, usual=8),
            F("fee.amount_fen", "收费（元）", Control.MONEY, empty=Empty.WHOLE, hint="不填：不收费"),
            F("fee.basis", "收费依据", wide=True),
        ),
    ),
    Group(
        "questions",
        "情形问题",
        (
            F("key", "代号", hint="小写字母、数字、下划线"),
            F("type", "回答方式", Control.CHOICE, QUESTION_TYPES),
            F("ask", "问题", wide=True),
            F("en.ask", "英文", empty=_O, wide=True),
            F("choices", "选项", Control.WORDS, empty=_O, hint="单选时填写，用顿号隔开", wide=True),
            F("if_yes", "答“是”时说成", empty=_O),
            F("if_no", "答“否”时说成", empty=_O),
        ),
        "questions",
        "问题",
        {"key": "question", "ask": "", "type": "bool"},
    ),
    Group(
        "materials",
        "申请材料",
        (
            F("name", "材料名称", wide=True),
            F("key", "代号", hint="小写字母、数字、下划线"),
            F("document", "识读方式", Control.CHOICE, tuple(DOCUMENTS.items())),
            F("need", "是否必要", Control.CHOICE, NEEDS),
            F("original", "原件", Control.CHOICE, ORIGINALS, usual="none"),
            F("source", "来源", Control.CHOICE, SOURCES, usual="applicant"),
            F("pages.min", "最少页数", _N, usual=1),
            F("pages.max", "最多页数", _N, usual=1),
            F("copies", "复印件份数", _N, usual=0, empty=_O),
            F("reuse_days", "可复用天数", _N, usual=0, empty=_O, hint="0：每次重新提交"),
            F("holder", "持有人", Control.CHOICE, HOLDERS, empty=_O),
            F("fill_online", "可在手机上填写并签名", Control.SWITCH, usual=False),
            F("accept", "受理标准", Control.TEXT, empty=_O, wide=True),
            F("en.name", "英文名称", empty=_O, wide=True),
            F("en.accept", "英文受理标准", Control.TEXT, empty=_O, wide=True),
        ),
        "materials",
        "材料",
        {
            "key": "material",
            "name": "",
            "document": "other_paper",
            "need": "required",
            "pages": {"min": 1, "max": 1},
            "original": "none",
            "source": "applicant",
            "accept": "",
            "checks": [],
        },
    ),
    Group("cross_checks", "材料之间的核对", (), "cross_checks", "核对", {"same": ["form.applicant_name"]}),
    Group(
        "routing",
        "流转环节",
        (
            F("task", "环节名称"),
            F("key", "代号"),
            F("department", "办理部门", Control.CHOICE),
            F("days", "工作日", _N),
            F("after", "等待哪些环节", Control.WORDS, empty=_O, hint="写代号，用顿号隔开；不填：同时进行"),
        ),
        "routing",
        "环节",
        {"key": "step", "department": "", "days": 1, "task": ""},
    ),
    Group(
        "result",
        "结果与寄递",
        (
            F("result.name", "结果名称"),
            F("result.en.name", "英文名称", empty=_O),
            F("result.form", "结果形式", Control.CHOICE, FORMS),
            F("result.delivery", "送达方式", Control.MANY, WAYS),
            F("courier.payer.collection", "取件费用由谁付", Control.CHOICE, PAYERS, usual="office"),
            F("courier.payer.delivery", "送达费用由谁付", Control.CHOICE, PAYERS, usual="office"),
            F("courier.addressee_only", "只能由本人签收", Control.SWITCH, usual=False),
        ),
    ),
    Group(
        "follow_ons",
        "办成后接着办（一件事）",
        (
            F("item", "事项", Control.CHOICE),
            F("inherits", "沿用的材料", Control.WORDS, hint="写材料代号，用顿号隔开", wide=True),
        ),
        "follow_ons",
        "事项",
        {"item": "", "inherits": []},
    ),
)
CHECK_LISTS = ("materials[].checks", "cross_checks")
WHEN_HOLDERS = ("materials", "routing", "follow_ons")
NEW_CHECKS: Mapping[str, Any] = {
    "materials[].checks": "name_plausible",
    "cross_checks": {"same": ["form.applicant_name"]},
}
LISTS: Mapping[str, Any] = {g.key: dict(g.new) for g in GROUPS if g.key and g.key != "cross_checks"} | dict(NEW_CHECKS)
"""Where lines are added, and what a new one is."""


def _placed(group: Group) -> Iterator[tuple[str, FormField]]:
    for one in group.fields:
        yield (f"{group.key}[].{one.name}" if group.key else one.name), one


FIELDS: Mapping[str, FormField] = {place: one for group in GROUPS for place, one in _placed(group)}


def without_numbers(place: str) -> str:
    """`materials[3].checks[0]` → `materials[].checks[]`"""
    return re.sub(r"\[\d+\]", "[]", place)


def field_at(place: str) -> FormField | None:
    """The field that may be changed there; None: none of the form's."""
    plain = without_numbers(place)
    if plain in FIELDS:
        return FIELDS[plain]
    if plain in {f"{owner}[]" for owner in CHECK_LISTS}:
        return FormField("check", "核对", Control.CHECK)
    if re.fullmatch(rf"({'|'.join(WHEN_HOLDERS)})\[\]\.when\.[a-z][a-z0-9_]*", plain):
        return FormField("when", "情形", Control.WHEN)
    return None
