"""Routing: which departments decide a case, side by side unless one waits for another. Routing is the item's data.

A step goes to the department it names, to the one that is competent for the applicant's address, or to several that
decide it together. What no rule routes goes to the `unrouted` desk, where a person routes it with a reason: a rule that
is missing holds up nothing else. Every route says why.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cases.items import UNROUTED, Accepting, Competence, Item, RoutingStep, applies
from cases.model import Address, Case

__all__ = ["ADDRESS_PARTS", "UNROUTED", "Route", "accepts_for", "route"]

ADDRESS_PARTS: Mapping[str, str] = {
    "address.province": "省份",
    "address.city": "城市",
    "address.county": "区县",
    "address.detail": "街道门牌",
}
"""What a rule of competence may look at."""


@dataclass(frozen=True)
class Route:
    """`joint`: the key of the step that several departments decide together; the lead's own step has that key."""

    step: RoutingStep
    because: str
    joint: str | None = None


def route(item: Item, case: Case) -> tuple[Route, ...]:
    """The assignments of a case and why. Total: without a matching step the answer is the unrouted desk."""
    steps = [s for s in item.routing if applies(s.when, case.answers)]
    chosen = {s.key for s in steps}
    named = f"{item.code} v{item.version}"
    routes = tuple(r for s in steps for r in _routes(_without(s, chosen), case, f"{named} {s.key}"))
    if routes:
        return routes
    days = item.limits.promised_days
    return (Route(RoutingStep("unrouted", UNROUTED, days, "人工分派"), f"{named}：没有适用的环节"),)


def _without(step: RoutingStep, chosen: set[str]) -> RoutingStep:
    """A step waits only for steps that this case has."""
    return replace(step, after=tuple(k for k in step.after if k in chosen))


def _routes(step: RoutingStep, case: Case, rule: str) -> tuple[Route, ...]:
    department, why = _competent(step, case.address)
    because = f"{rule}：{why}"
    lead = replace(step, department=department, joint=())
    others = [d for d in dict.fromkeys(step.joint) if d != department]
    if not others:
        return (Route(lead, because),)
    members = (replace(lead, key=f"{step.key}.{d}", department=d) for d in others)
    return (
        Route(lead, f"{because}；联合办理，牵头", step.key),
        *(Route(m, f"{rule}：联合办理，配合牵头部门", step.key) for m in members),
    )


def _competent(step: RoutingStep, address: Address | None) -> tuple[str, str]:
    """Who, and why. What stands in the reason is the rule's, never the rest of an address."""
    rule = step.competent
    if rule is None:
        return step.department, "事项规定由该部门办理"
    part = ADDRESS_PARTS.get(rule.by, rule.by)
    found = _found(rule, address)
    if found is not None:
        how, word, department = found
        return department, f"申请人住址的{part}{how}“{word}”"
    missing = "没有填写住址" if address is None else f"住址的{part}不在规则之列"
    if rule.rest == UNROUTED:
        return UNROUTED, f"{missing}，待人工分派"
    return rule.rest, f"{missing}，由兜底部门办理"


def _found(rule: Competence, address: Address | None) -> tuple[str, str, str] | None:
    value = getattr(address, rule.by.removeprefix("address."), "") if address is not None else ""
    if value in rule.equals:
        return "为", value, rule.equals[value]
    begins = ((word, department) for word, department in rule.starts.items() if value.startswith(word))
    first = next(begins, None)
    return None if first is None else ("以此开头：", *first)


_SAME: Mapping[Accepting, int] = {Accepting.PROVINCE: 2, Accepting.CITY: 4, Accepting.REGION: 6}


def accepts_for(item: Item, office_region: str) -> bool:
    """通办: whether a window of that region may count the papers of this item and accept it for the competent office."""
    digits = _SAME.get(item.accepting)
    return digits is not None and bool(office_region) and item.region[:digits] == office_region[:digits]
