"""The guide of an item as plain lines for a terminal: what a resident would be told, for those who write items.

Lines fit eighty columns where the words can be broken: a Han character takes two.
"""

import unicodedata
from collections.abc import Iterator, Mapping

from cases.conditions import only_if
from cases.items import FollowOn, Item, MaterialSpec, Need, OriginalUse, PaidBy, RoutingStep
from preaudit.region import region_of

WIDTH = 80
NEEDS: Mapping[Need, str] = {
    Need.REQUIRED: "",
    Need.OPTIONAL: "有就交，没有不影响。",
    Need.DEFERRABLE: "暂时没有的可以后补。",
}
ORIGINALS: Mapping[OriginalUse, str] = {
    OriginalUse.COLLECT: "原件由办事窗口收走。",
    OriginalUse.SHOW: "原件看过后还给您。",
    OriginalUse.NONE: "拍照就行，不用交原件。",
}
NO_NAMES: Mapping[str, str] = {}


def guide_lines(item: Item, names: Mapping[str, str] = NO_NAMES) -> Iterator[str]:
    """`names`: what other items are called, by their code."""
    region = region_of(item.region)
    place, departments = (region.name, region.departments) if region else (item.region, {})
    yield f"{item.name}  {item.code} 第{item.version}版"
    yield f"{place} · {departments.get(item.department, item.department)}"
    yield from _limits(item)
    yield from broken(item.summary) if item.summary else ()
    if item.questions:
        yield "先回答："
    for question in item.questions:
        yield from broken(f"  {question.ask}{'／'.join(question.choices)}", "  ")
    yield "要交的材料："
    for number, spec in enumerate(item.materials, 1):
        yield from _material(item, number, spec)
    yield "谁来办："
    tasks = {step.key: step.task for step in item.routing}
    for step in item.routing:
        waits = f"，等{'、'.join(tasks[key] for key in step.after)}办好再开始" if step.after else ""
        yield from broken(f"  {_who(step, departments)}{step.task}，{step.days}天{waits}。", "  ")
    for follow in item.follow_ons:
        yield from _follow_on(item, follow, names)
    yield from _carriage(item)
    fee = f"收费{item.fee.amount_fen / 100:g}元（{item.fee.basis}）" if item.fee else "不收费"
    yield from broken(f"您会拿到：{item.result.name}。{fee}。", "          ")


def _limits(item: Item) -> Iterator[str]:
    limits = item.limits
    if item.in_person:
        yield from broken(f"须本人到场：{item.in_person}")
    checked = f"交上材料后{limits.preaudit_hours}小时内告诉您材料行不行"
    yield from broken(
        f"{checked}；受理后承诺{limits.promised_days}个工作日办好（法定{limits.statutory_days}个工作日）。"
    )


def _material(item: Item, number: int, spec: MaterialSpec) -> Iterator[str]:
    pages = f"{spec.min_pages}页" if spec.min_pages == spec.max_pages else f"{spec.min_pages}至{spec.max_pages}页"
    yield from broken(f"{number:2}. {spec.name}，{pages}。{ORIGINALS[spec.original]}{NEEDS[spec.need]}", "    ")
    if condition := only_if(item, spec.when, "zh"):
        yield from broken(f"    如果{condition}才需要。", "    ")
    yield from broken(f"    {spec.accept}", "    ")


def _who(step: RoutingStep, departments: Mapping[str, str]) -> str:
    """The one named, those that decide together, or whoever is competent for the address."""
    lead = "住址所在地的部门" if step.competent else departments.get(step.department, step.department)
    others = [departments.get(code, code) for code in step.joint]
    return f"{lead}会同{'、'.join(others)}" if others else lead


def _follow_on(item: Item, follow: FollowOn, names: Mapping[str, str]) -> Iterator[str]:
    papers = [spec.name for spec in item.materials if spec.key in follow.inherits]
    condition = only_if(item, follow.when, "zh")
    when = f"（如果{condition}）" if condition else ""
    spared = f"，不用再交{'、'.join(papers)}" if papers else ""
    yield from broken(f"办好后接着办：{names.get(follow.item, follow.item)}{when}{spared}。", "  ")


def _carriage(item: Item) -> Iterator[str]:
    """What is asked of the courier, where that is more than coming."""
    terms = item.courier
    payers = {"取件": terms.collection, "送达": terms.delivery}
    told = [f"{leg}快递费由申请人支付" for leg, payer in payers.items() if payer is PaidBy.RESIDENT]
    told += [f"保价{terms.declared_value_fen / 100:g}元"] if terms.declared_value_fen else []
    told += ["结果只交给申请人本人"] if terms.addressee_only else []
    if told:
        yield from broken(f"寄送：{'，'.join(told)}。", "      ")


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
