"""Bundles 一件事 (国办发〔2022〕32号): what follows by itself when a case is approved, and what it inherits.

The parent's approval asks for each item that its answers chose; each is opened by a job of its own, so that one that
fails holds up neither the parent nor its sisters. Whoever applied chose it ("同时办理…") and consented to it then: papers
that the parent's case has proved stand in by a waiver that names them, nothing is asked for twice.
"""

from collections.abc import Mapping
from typing import Any

from cases.effects import Add, Enqueue, Fact, JobKind, Outcome
from cases.items import Answers, FollowOn, Item, applies
from cases.lifecycle import CaseState, MaterialState
from cases.model import CaseFile, Child, Material
from cases.moment import Moment
from cases.waived import Wording

CONSENT = Wording("bundle-1", "我选择一并办理后续事项，同意把这次办事中交过、已经通过的材料用于这些事项，不再另交。")
APPROVED = frozenset({CaseState.APPROVED, CaseState.CONCLUDED, CaseState.DELIVERING, CaseState.DELIVERED})
"""In these a parent's children may be opened: a refused or withdrawn one never comes here."""
PROVEN = frozenset({MaterialState.ACCEPTED, MaterialState.WAIVED})


def chosen(file: CaseFile) -> tuple[FollowOn, ...]:
    """What the answers of this case ask to be done after it."""
    return tuple(f for f in file.item.follow_ons if applies(f.when, file.case.answers))


def follow_on(file: CaseFile, child: Child) -> FollowOn | None:
    return next((f for f in file.item.follow_ons if f.item == child.item), None)


def opens(file: CaseFile, now: Moment) -> Outcome:
    """The children of a case that is approved now; those that it has already are not asked for again."""
    there = {child.item for child in file.children}
    new = [Child(now.new_id(), f.item, now.at) for f in chosen(file) if f.item not in there]
    if not new:
        return ()
    return (
        *(Add(child) for child in new),
        *(asked(child) for child in new),
        Fact("bundle_started", {"items": [child.item for child in new]}),
    )


def asked(child: Child) -> Enqueue:
    return Enqueue(JobKind.BUNDLE_OPEN, child.id, f"bundle:{child.id}")


def is_waiting(child: Child) -> bool:
    return child.number is None and child.problem is None


# ── what is inherited ───────────────────────────────────────────────────────────────────────────────────────────


def inherited_answers(parent: CaseFile, item: Item) -> Answers:
    """The parent's own, where the child asks the same; a yes-or-no that only the child asks is a no, as the linter of
    bundles reckons it (`follow_on_asks_again`). A choice that nobody made is left open: the child cannot be opened."""
    given = parent.case.answers
    same = {q.key: q for q in parent.item.questions}
    answers: dict[str, Any] = {}
    for question in item.questions:
        theirs = same.get(question.key)
        if theirs is not None and theirs.type == question.type and question.key in given:
            answers[question.key] = given[question.key]
        elif question.type == "bool":
            answers[question.key] = False
    return answers


def inherited(parent: CaseFile, follow: FollowOn) -> Mapping[str, Material]:
    """The materials that the parent has proved and the child is to have."""
    named = (parent.material(key) for key in follow.inherits)
    return {m.key: m for m in named if m is not None and m.state in PROVEN}


def looked_at_by_a_person(parent: CaseFile, key: str) -> bool:
    """What a person accepted of the parent is not doubted again in the child."""
    material = parent.material(key)
    return material is not None and material.state is MaterialState.ACCEPTED and material.decision == "accept"
