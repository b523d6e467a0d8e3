"""Rules about what is promised to residents: channels, deferral 容缺, reuse 材料免提交, and the words used for them."""

from cases.items import Kind, Need, OriginalUse
from cases.known import is_own
from cases.waived import REGISTRY, RESOURCES
from preaudit.documents import LOOSE
from preaudit.lint_rules import Problems, Scene, rule

CHANNELS = frozenset({"miniapp", "kiosk", "agent", "counter"})
DELIVERIES = frozenset({"courier", "grid", "drop_box", "counter"})
SOURCES = frozenset({"applicant", "issued", "shared"})
APPLICANTS = frozenset({"person", "organisation"})
HOLDERS = frozenset({"", "applicant"})


@rule
def word_unknown(s: Scene) -> Problems:
    """Closed lists: a channel or a way home that nobody serves would be a promise to nobody."""
    lists = (
        ("channels", s.item.channels, CHANNELS),
        ("applicants", s.item.applicants, APPLICANTS),
        ("result.delivery", s.item.result.delivery, DELIVERIES),
    )
    for where, given, known in lists:
        for word in given:
            if word not in known:
                yield where, f"{word} 不在 {', '.join(sorted(known))} 之中"
    for where, spec in s.materials():
        if spec.source not in SOURCES:
            yield f"{where}.source", f"{spec.source} 不在 {', '.join(sorted(SOURCES))} 之中"


@rule
def in_person_but_online(s: Scene) -> Problems:
    """Where the resident must come, no other channel may be offered."""
    if s.item.in_person and set(s.item.channels) != {"counter"}:
        yield "channels", "须本人到场的事项只能有 counter 一种渠道"


@rule
def deferral_impossible(s: Scene) -> Problems:
    """容缺 leaves time for a secondary paper: never for who somebody is or what they apply for, and nothing that is
    decided at once leaves any time (the published 容缺受理 rules: main materials must be complete)."""
    for where, spec in s.materials():
        if spec.need is not Need.DEFERRABLE:
            continue
        if s.item.kind is Kind.INSTANT:
            yield f"{where}.need", "即办件当场办结，没有容缺后补的时间"
        if spec.document.startswith("id_card") or spec.document == "application_form":
            yield f"{where}.need", f"“{spec.name}”是主要材料，不能容缺"


@rule
def reuse_impossible(s: Scene) -> Problems:
    """A form is for one application, and paper that the office keeps is gone: neither stands in for another case's."""
    for where, spec in s.materials():
        if spec.reuse_days and spec.document == "application_form":
            yield f"{where}.reuse_days", "申请表只用于本次申请，不能沿用到其他办件"
        elif spec.reuse_days and spec.original is OriginalUse.COLLECT:
            yield f"{where}.reuse_days", f"“{spec.name}”的原件由窗口留存，不能沿用到其他办件"
        if spec.reuse_days < 0 or spec.copies < 0:
            yield f"{where}", "reuse_days 和 copies 不能为负"


@rule
def source_impossible(s: Scene) -> Problems:
    """A registry proves the applicant's own papers, of kinds it knows; what the office keeps on paper it cannot give."""
    for where, spec in s.materials():
        if spec.holder not in HOLDERS:
            yield f"{where}.holder", f"{spec.holder} 不在 {', '.join(sorted(HOLDERS - {''}))} 之中"
        for source in spec.sources:
            way, _, resource = source.partition(":")
            if way != REGISTRY or resource not in RESOURCES:
                known = ", ".join(f"{REGISTRY}:{name}" for name in RESOURCES)
                yield f"{where}.sources", f"{source} 不在 {known} 之中"
            elif resource != spec.document:
                yield f"{where}.sources", f"“{spec.name}”应为 {spec.document}，{source} 证明不了"
        if spec.sources and spec.original is OriginalUse.COLLECT:
            yield f"{where}.sources", f"“{spec.name}”的原件由窗口留存，不能免提交"
        if spec.sources and not is_own(s.item, spec.key):
            yield f"{where}.sources", f"“{spec.name}”不是申请人本人的材料，本人不能授权核验"


@rule
def form_without_labels(s: Scene) -> Problems:
    """A form is read by the labels it prints: without them nothing on it can be checked."""
    for where, spec in s.materials():
        if spec.document == "application_form" and not spec.form_fields:
            yield f"{where}.document", f"申请表“{spec.name}”没有写明栏目（fields）"
        if spec.form_fields and spec.document not in LOOSE:
            yield f"{where}.fields", f"{spec.document} 的栏目是固定的，不用写 fields"
