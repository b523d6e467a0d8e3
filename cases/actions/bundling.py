"""A child of a bundle is opened: with the parent's applicant, address, agent and answers, and with the papers that the
parent's case has proved. What it still lacks is told in one notice, when the last child has been seen to.

Nothing here changes the parent but the line that says what became of this child.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cases.actions.opening import OpenRequest, open_case, submit
from cases.bundles import CONSENT, asked, inherited, inherited_answers, is_waiting
from cases.effects import Add, Fact, Notify, Outcome, Put, move_material
from cases.errors import Conflict, NotFound
from cases.items import FollowOn, Item, MaterialSpec, Need, OriginalUse
from cases.known import photographed_on
from cases.lifecycle import MaterialEvent
from cases.model import Case, CaseFile, CaseNumber, Child, Material
from cases.moment import Moment
from cases.waived import Waiver, WaiverSource

RESULT = "result"
"""What stands for the parent's own result among the papers that a child inherits."""
NO_REASON = "系统未能自动开办"


@dataclass(frozen=True)
class Opened:
    """`outcome`: of the child's own case, once it is there."""

    case: Case
    materials: tuple[Material, ...]
    outcome: Outcome
    waivers: tuple[Waiver, ...]
    lacking: tuple[str, ...]


def open_child(parent: CaseFile, follow: FollowOn, item: Item, number: CaseNumber, now: Moment) -> Opened:
    """Raises a `Refusal` that says why the item cannot be opened by itself."""
    made, materials = open_case(item, _request(parent, item), parent.case.owner, number, now)
    case = replace(made, parent=parent.case.number)
    waivers = tuple(_waivers(parent, follow, item, materials, now))
    spared = {w.material for w in waivers}
    lacking = tuple(m.name for m in materials if m.key not in spared and m.need is Need.REQUIRED)
    by_key = {m.key: m for m in materials}
    used: Outcome = tuple(e for w in waivers for e in (move_material(by_key[w.material], MaterialEvent.WAIVE), Add(w)))
    told = Fact("opened_in_a_bundle", {"parent": parent.case.number, "inherited": sorted(spared)})
    handed_in = () if lacking else submit(CaseFile(case, item, materials), now)
    return Opened(case, materials, (*used, told, *handed_in), waivers, lacking)


def _request(parent: CaseFile, item: Item) -> OpenRequest:
    case = parent.case
    channel = case.channel if case.channel in item.channels else item.channels[0]
    return OpenRequest(inherited_answers(parent, item), case.applicant, case.address, channel, case.agent)


def _waivers(
    parent: CaseFile, follow: FollowOn, item: Item, materials: Sequence[Material], now: Moment
) -> list[Waiver]:  # fmt: skip
    proven, there = inherited(parent, follow), {m.key for m in materials}
    made = [_waiver(parent, key, spec, now) for key in proven if key in there and (spec := item.material(key))]
    if follow.result_as in there:
        made.append(_of_the_result(parent, follow.result_as, now))
    return made


def _waiver(parent: CaseFile, key: str, spec: MaterialSpec, now: Moment) -> Waiver:
    """What was itself waived in the parent is passed on as it stood there."""
    before, pages = parent.waiver(key), parent.pages_of(key)
    on = photographed_on(parent, key) if pages else before.proven_on if before else now.today
    return Waiver(
        id=now.new_id(),
        material=key,
        source=WaiverSource.CASE,
        at=now.at,
        by=now.by,
        consent=CONSENT.version,
        proven_on=on,
        valid_to=before.valid_to if before else None,
        still_show=spec.original is not OriginalUse.NONE,
        source_case=parent.case.number,
        source_material=key,
        source_pages=tuple(p.id for p in pages),
    )


def _of_the_result(parent: CaseFile, key: str, now: Moment) -> Waiver:
    return Waiver(
        id=now.new_id(),
        material=key,
        source=WaiverSource.CASE,
        at=now.at,
        by=now.by,
        consent=CONSENT.version,
        proven_on=now.today,
        source_case=parent.case.number,
        source_material=RESULT,
    )


Names = Mapping[str, str]
"""Item code → what it is called."""


# ── what the parent says of it ──────────────────────────────────────────────────────────────────────────────────


def record_opened(parent: CaseFile, child: Child, opened: Opened, names: Names, now: Moment) -> Outcome:
    """On the parent; and, when no sister waits any more, the one notice to the resident."""
    number, lacking = opened.case.number, opened.lacking
    then = replace(child, number=number, opened_at=now.at, lacking=lacking)
    return (
        Put("child", child.id, {"number": number, "opened_at": now.at, "lacking": lacking}),
        Fact("child_opened", {"item": child.item, "child": number, "lacking": list(lacking)}),
        *_told(parent, then, names),
    )


def record_problem(parent: CaseFile, child: Child, problem: str, names: Names) -> Outcome:
    then = replace(child, problem=problem)
    return (
        Put("child", child.id, {"problem": problem}),
        Fact("child_not_opened", {"item": child.item}),
        *_told(parent, then, names),
    )


def _told(parent: CaseFile, settled: Child, names: Names) -> Outcome:
    children = [settled if c.id == settled.id else c for c in parent.children]
    if any(map(is_waiting, children)):
        return ()
    going = [names.get(c.item, c.item) for c in children if c.number and not c.lacking]
    wanting = [f"{names.get(c.item, c.item)}（{'、'.join(c.lacking)}）" for c in children if c.lacking]
    by_hand = [names.get(c.item, c.item) for c in children if c.problem]
    if not wanting and not by_hand:
        return (Notify("bundle_opened", {"children": going}),)
    return (Notify("bundle_lacking", {"children": going, "lacking": [*wanting, *by_hand]}),)


def retry(file: CaseFile, child_id: str) -> Outcome:
    """A person has seen to what stood in the way: it is tried again."""
    child = next((c for c in file.children if c.id == child_id), None)
    if child is None:
        raise NotFound("该办件没有这个联办事项。")
    if child.problem is None:
        raise Conflict("这个联办事项已经开办，或者正在开办。", number=child.number)
    return (Put("child", child.id, {"problem": None}), Fact("child_tried_again", {"item": child.item}), asked(child))
