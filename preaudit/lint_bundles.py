"""Rules about bundles 一件事: items that open others, which must ask for nothing again."""

from collections.abc import Mapping

from cases.checklist import wanted
from cases.items import Item, Need
from preaudit.lint_rules import Problems, Scene, rule


@rule
def follow_on_unknown(s: Scene) -> Problems:
    """What is opened exists; what it inherits is here."""
    keys = {m.key for m in s.item.materials}
    for i, follow in enumerate(s.item.follow_ons):
        if follow.item not in s.others:
            yield f"follow_ons[{i}].item", f"后续事项 {follow.item} 不存在"
        for key in follow.inherits:
            if key not in keys:
                yield f"follow_ons[{i}].inherits", f"后续事项沿用的材料 {key} 不在本事项中"


@rule
def follow_on_inherits_in_vain(s: Scene) -> Problems:
    """What is inherited must be the same material there: the same key, and the same kind of document."""
    for i, follow in enumerate(s.item.follow_ons):
        other = s.others.get(follow.item)
        for key in follow.inherits if other else ():
            mine, theirs = s.item.material(key), other.material(key) if other else None
            if theirs is None:
                yield f"follow_ons[{i}].inherits", f"后续事项 {follow.item} 没有名为 {key} 的材料，沿用没有意义"
            elif mine is not None and mine.document != theirs.document:
                yield f"follow_ons[{i}].inherits", f"材料 {key} 在后续事项中是 {theirs.document}，与本事项的不同"


@rule
def follow_on_asks_again(s: Scene) -> Problems:
    """A child starts by itself: what it requires without an answer must come with it (国办发〔2022〕32号 一次提交)."""
    for i, follow in enumerate(s.item.follow_ons):
        other = s.others.get(follow.item)
        for spec in wanted(other, {}) if other else ():
            if spec.need is Need.REQUIRED and spec.key not in (*follow.inherits, follow.result_as):
                yield f"follow_ons[{i}].inherits", f"后续事项 {follow.item} 还要“{spec.name}”，应一并沿用，不能再次索要"


@rule
def follow_on_result_in_vain(s: Scene) -> Problems:
    """What this item's result is to prove must be a paper of the opened item, and not one that it inherits anyway."""
    for i, follow in enumerate(s.item.follow_ons):
        other = s.others.get(follow.item)
        if follow.result_as and other is not None and other.material(follow.result_as) is None:
            yield f"follow_ons[{i}].result_as", f"后续事项 {follow.item} 没有名为 {follow.result_as} 的材料"
        if follow.result_as and follow.result_as in follow.inherits:
            yield f"follow_ons[{i}].result_as", f"材料 {follow.result_as} 已经沿用，不能再以办理结果代替"


@rule
def follow_on_left_blank(s: Scene) -> Problems:
    """A form that is inherited must have every blank the child reads off it."""
    for i, follow in enumerate(s.item.follow_ons):
        other = s.others.get(follow.item)
        for key in follow.inherits if other else ():
            mine, theirs = s.item.material(key), other.material(key) if other else None
            lacking = set(theirs.form_fields.items()) - set(mine.form_fields.items()) if mine and theirs else set()
            for label, _ in sorted(lacking):
                yield f"follow_ons[{i}].inherits", f"后续事项 {follow.item} 要读“{label}”，本事项的 {key} 没有这一栏"


@rule
def follow_on_in_a_circle(s: Scene) -> Problems:
    """Items that open each other would never end."""
    for i, follow in enumerate(s.item.follow_ons):
        if s.item.code in _opened(follow.item, s.others):
            yield f"follow_ons[{i}].item", f"{follow.item} 又会开启本事项，没有尽头"


def _opened(code: str, others: Mapping[str, Item]) -> set[str]:
    """Every item that opening `code` leads to, itself included."""
    reached, waiting = set[str](), [code]
    while waiting:
        code = waiting.pop()
        if code not in reached:
            reached.add(code)
            waiting += [f.item for f in others[code].follow_ons] if code in others else []
    return reached


@rule
def follow_on_elsewhere(s: Scene) -> Problems:
    """A child of another region has other departments and other retained proofs."""
    for i, follow in enumerate(s.item.follow_ons):
        other = s.others.get(follow.item)
        if other is not None and other.region != s.item.region:
            yield f"follow_ons[{i}].item", f"后续事项 {follow.item} 属于另一地区 {other.region}"
