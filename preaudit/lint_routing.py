"""Rules about who decides: competence by address, joint handling, gaps that would leave cases with nobody, and how far the
clocks may be stretched."""

from collections.abc import Iterator
from itertools import islice, product
from typing import Any

from cases.clocks import DEMAND, DEMAND_DAYS, EXTENSION_DAYS, JOINT_EXTENSION_DAYS, SPECIAL_DAYS
from cases.items import UNROUTED, Item, Question, applies
from cases.routing import ADDRESS_PARTS
from preaudit.lint_rules import Problems, Scene, rule

MOST_ANSWERS = 512
"""Nine questions of yes and no: no item asks more of them for its routing."""
_BOUNDS = {**SPECIAL_DAYS, DEMAND: DEMAND_DAYS}


@rule
def competence_impossible(s: Scene) -> Problems:
    """A rule looks at a part of the address, and names somebody."""
    for where, step in s.steps():
        rule_ = step.competent
        if rule_ is None:
            continue
        if rule_.by not in ADDRESS_PARTS:
            yield f"{where}.competent.by", f"{rule_.by} 不在 {', '.join(ADDRESS_PARTS)} 之中"
        if not rule_.equals and not rule_.starts:
            yield f"{where}.competent", "应写明 equals 或 starts"
        for later, earlier in _hidden(tuple(rule_.starts)):
            yield f"{where}.competent.starts", f"“{later}”永远轮不到：“{earlier}”在它前面"


def _hidden(begins: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for i, later in enumerate(begins):
        earlier = next((e for e in begins[:i] if later.startswith(e)), None)
        if earlier is not None:
            yield later, earlier


@rule
def competence_gap(s: Scene) -> Problems:
    """An address that no rule knows waits for a person: on purpose, or by oversight."""
    for where, step in s.steps():
        if step.competent is not None and not step.competent.otherwise:
            yield f"{where}.competent", f"住址不在规则之列时没有部门接手；确要人工分派请写 otherwise: {UNROUTED}"


@rule
def joint_with_itself(s: Scene) -> Problems:
    for where, step in s.steps():
        leads = step.competent.departments if step.competent else (step.department,)
        twice = [d for i, d in enumerate(step.joint) if d in leads or d in step.joint[:i]]
        if twice:
            yield f"{where}.joint", f"联合办理的部门 {twice[0]} 重复"


@rule
def nobody_decides(s: Scene) -> Problems:
    """Answers for which no step applies leave the whole case to be routed by hand. An item without any step means to."""
    for answers in islice(_answers(s.item), MOST_ANSWERS):
        if s.item.routing and not any(applies(step.when, answers) for step in s.item.routing):
            said = "，".join(f"{key}={value}" for key, value in answers.items())
            yield "routing", f"回答为 {said} 时没有任何环节适用"
            return


def _answers(item: Item) -> Iterator[dict[str, Any]]:
    """Every combination of answers that the routing asks about."""
    asked = {str(key) for step in item.routing for key in step.when}
    questions = [q for q in item.questions if q.key in asked and q.type != "text"]
    for values in product(*map(_possible, questions)):
        yield {q.key: value for q, value in zip(questions, values, strict=True)}


def _possible(question: Question) -> tuple[Any, ...]:
    return tuple(question.choices) if question.type == "choice" else (True, False)


@rule
def clocks_over_the_law(s: Scene) -> Problems:
    """行政许可法 arts. 42 and 45: an item may allow less than the law, never more."""
    clocks = s.item.clocks
    most = JOINT_EXTENSION_DAYS if any(step.joint for step in s.item.routing) else EXTENSION_DAYS
    if clocks.extension_days > most:
        yield "clocks.extension_days", f"延期最多{most}个工作日，现为{clocks.extension_days}"
    for kind, days in clocks.specials.items():
        if days > _BOUNDS.get(kind, days):
            yield "clocks.specials", f"{kind}最多{_BOUNDS[kind]}个工作日，现为{days}"
