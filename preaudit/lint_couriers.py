"""Rules about who carries an item's papers: what it asks of a courier, and whether anybody in its region can do that.

What partners can do is not known here: whoever lints hands it in (`Scene.carriers`); without it only what stands in the
files themselves is looked at.
"""

from collections.abc import Iterable, Iterator

from cases.couriers import Task, Unable, why_unable
from cases.items import CourierTerms, OriginalUse
from cases.model import Direction
from preaudit.lint_rules import Problems, Scene, rule

_ASKED = {
    Unable.PAYER: "由{who}付费",
    Unable.VALUE: "保价",
    Unable.ADDRESSEE: "核验本人签收",
    Unable.WAY: "以 result.delivery 所列方式送达",
}
_WHERE = {
    Unable.PAYER: "courier.payer",
    Unable.VALUE: "courier.declared_value_fen",
    Unable.ADDRESSEE: "courier.addressee_only",
    Unable.WAY: "result.delivery",
}


@rule
def region_couriers_wrong(s: Scene) -> Problems:
    """The region's list of preference: each partner once, and one that the program knows."""
    listed = s.region.couriers if s.region else ()
    for name in sorted({n for n in listed if listed.count(n) > 1}):
        yield "region", f"地区 {s.item.region} 的寄递伙伴 {name} 列了不止一次"
    for name in listed:
        if s.carriers is not None and name not in s.carriers:
            yield "region", f"地区 {s.item.region} 的寄递伙伴 {name} 不在 {', '.join(sorted(s.carriers))} 之中"


@rule
def courier_terms_idle(s: Scene) -> Problems:
    """A term about a journey that no paper of the item makes would be kept by nobody."""
    terms, usual = s.item.courier, CourierTerms()
    legs = set(_legs(s))
    if terms.declared_value_fen < 0:
        yield "courier.declared_value_fen", "保价金额不能为负"
    if Direction.DELIVERY not in legs and (terms.addressee_only or terms.delivery is not usual.delivery):
        yield "courier", "该事项没有要寄回的材料或结果，不用写送达的寄递要求"
    if Direction.COLLECTION not in legs and terms.collection is not usual.collection:
        yield "courier.payer", "该事项不收取原件，不用写取件的付费方式"
    if not legs and terms.declared_value_fen:
        yield "courier.declared_value_fen", "该事项没有要寄递的材料，不用保价"


@rule
def courier_terms_impossible(s: Scene) -> Problems:
    """For each leg somebody in the region's list must be able to do all that is asked."""
    if s.carriers is None or s.region is None or not s.region.couriers:
        return
    able = {name: s.carriers[name] for name in s.region.couriers if name in s.carriers}
    for task in _tasks(s):
        lacks = {name: why_unable(name, ability, task) for name, ability in able.items()}
        if lacks and all(lacks.values()):
            why = _nearest(why for why in lacks.values() if why is not None)
            who = {"office": "办事窗口", "resident": "申请人"}[task.payer]
            asked = _ASKED[why].format(who=who)
            yield _WHERE[why], f"地区 {s.item.region} 没有寄递伙伴能{asked}（{_LEG[task.direction]}）"


_LEG = {Direction.COLLECTION: "取件", Direction.DELIVERY: "送达"}


def _nearest(lacks: Iterable[Unable]) -> Unable:
    """What whoever comes nearest to it lacks: the checks go from the way to the addressee."""
    return max(lacks, key=list(Unable).index)


def _tasks(s: Scene) -> Iterator[Task]:
    for direction in _legs(s):
        ways = s.item.result.delivery if direction is Direction.DELIVERY else ()
        for applicant in s.item.applicants:
            yield Task(direction, s.item.courier, ways, by_identity=applicant == "person")


def _legs(s: Scene) -> Iterator[Direction]:
    """Which way papers go: in, if any original is asked for; home, if one comes back or the result is on paper."""
    uses = {spec.original for _, spec in s.materials()}
    if uses - {OriginalUse.NONE}:
        yield Direction.COLLECTION
    if s.item.result.form == "paper" or OriginalUse.SHOW in uses:
        yield Direction.DELIVERY
