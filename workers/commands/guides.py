"""The guide of an item as plain lines for a terminal: what a resident would be told, for those who write items.

Lines fit eighty columns where the words can be broken: a Han character takes two.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from cases.items import Item, MaterialSpec, Need, OriginalUse, PaidBy
from preaudit.region import region_of

WIDTH = 80
NEEDS: Mapping[Need, str] = {Need.REQUIRED: "必要", Need.OPTIONAL: "非必要", Need.DEFERRABLE: "容缺后补"}
ORIGINALS: Mapping[OriginalUse, str] = {
    OriginalUse.COLLECT: "收原件",
    OriginalUse.SHOW: "原件核验后退回",
    OriginalUse.NONE: "只要照片",
}


def guide_lines(item: Item) -> Iterator[str]:
    region = region_of(item.region)
    place, departments = (region.name, region.departments) if region else (item.region, {})
    limits = item.limits
    yield f"{item.name}  {item.code} 第{item.version}版"
    yield f"{place} · {departments.get(item.department, item.department)}"
    yield f"承诺{limits.promised_days}个工作日，法定{limits.statutory_days}个工作日，预审{limits.preaudit_hours}小时"
    if item.in_person:
        yield from broken(f"须本人到场：{item.in_person}")
    if item.summary:
        yield from broken(item.summary)
    for question in item.questions:
        yield from broken(f"问：{question.ask}{'／'.join(question.choices)}", "  ")
    for number, spec in enumerate(item.materials, 1):
        yield from _material(number, spec)
    for step in item.routing:
        waits = f"，在{'、'.join(step.after)}之后" if step.after else ""
        yield f"  {step.key}：{departments.get(step.department, step.department)}，{step.task}，{step.days}天{waits}"
    for follow in item.follow_ons:
        yield from broken(f"→ {follow.item}{_when(follow.when)}，沿用 {'、'.join(follow.inherits)}", "     ")
    yield from _carriage(item)
    fee = f"{item.fee.amount_fen / 100:g}元（{item.fee.basis}）" if item.fee else "不收费"
    yield from broken(f"结果：{item.result.name}；{fee}", "      ")


def _carriage(item: Item) -> Iterator[str]:
    """What is asked of the courier, where that is more than coming."""
    terms = item.courier
    payers = {"取件": terms.collection, "送达": terms.delivery}
    told = [f"{leg}快递费由申请人支付" for leg, payer in payers.items() if payer is PaidBy.RESIDENT]
    told += [f"保价{terms.declared_value_fen / 100:g}元"] if terms.declared_value_fen else []
    told += ["结果只交给申请人本人"] if terms.addressee_only else []
    if told:
        yield from broken(f"寄递：{'，'.join(told)}", "      ")


def _material(number: int, spec: MaterialSpec) -> Iterator[str]:
    pages = f"{spec.min_pages}页" if spec.min_pages == spec.max_pages else f"{spec.min_pages}至{spec.max_pages}页"
    yield f"{number:2}. {spec.name}  {NEEDS[spec.need]}，{pages}，{ORIGINALS[spec.original]}{_when(spec.when)}"
    yield from broken(f"    {spec.accept}", "    ")


def _when(conditions: Mapping[str, Any]) -> str:
    words = {True: "是", False: "否"}
    told = "，".join(f"{key}={words.get(value, value)}" for key, value in conditions.items())
    return f"（{told}）" if told else ""


def broken(text: str, indent: str = "") -> Iterator[str]:
    """`text` in lines of at most eighty columns, the later ones indented."""
    line, used = "", 0
    for sign in text:
        wide = 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        if used + wide > WIDTH and sign not in "，。；、）：":
            yield line
            line, used = indent, len(indent)
        line, used = line + sign, used + wide
    yield line
