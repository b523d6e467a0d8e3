"""What the machine found: on one page as soon as it is read, and on the whole case once it is submitted."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cases.actions.instant import is_instant
from cases.actions.opening import judge_when_read
from cases.custody import manifest, new_leg
from cases.deadlines import CORRECTION_WORKING_DAYS, end_of
from cases.deferrals import may_supplement
from cases.documents import correction_text, document
from cases.effects import (
    Add,
    Effect,
    Enqueue,
    Fact,
    JobKind,
    Judged,
    Notify,
    Outcome,
    Put,
    Sampled,
    move_case,
    move_material,
    move_page,
)
from cases.findings import Finding, FindingCode, Severity, found
from cases.known import ended
from cases.lifecycle import (
    MATERIAL,
    CaseEvent,
    CaseState,
    MaterialEvent,
    MaterialState,
    PageEvent,
    PageState,
)
from cases.model import CaseFile, Correction, Direction
from cases.moment import Moment
from cases.waived import WaiverEnd


@dataclass(frozen=True)
class Verdict:
    """`passed | returned | review`, with every finding and the state each material earned."""

    verdict: str
    findings: tuple[Finding, ...]
    materials: Mapping[str, MaterialState]
    remarks: tuple[str, ...] = ()
    """What is unusual and proves nothing: kept for the person who looks."""
    thresholds: Mapping[str, int] = field(default_factory=dict)
    """In force for what was judged: `kind.field` → the least confidence in hundredths."""
    sampled: bool = False
    """Drawn for a person to look at, should an instant case pass without one (`cases.sampling`)."""


def record_reading(file: CaseFile, page_id: str, kind: str, findings: tuple[Finding, ...], now: Moment) -> Outcome:
    """A page was read. The resident sees what is wrong with it at once."""
    page = file.page(page_id)
    if page is None or page.state not in (PageState.UPLOADED, PageState.UNREADABLE):
        return (Fact("late_reading_dropped", {"page": page_id}),)
    return (
        move_page(page, PageEvent.READ),
        Put("page", page_id, {"read_at": now.at, "kind": kind, "findings": findings}),
        *_material_read(file, page_id, page.material),
        *_judge_if_submitted(file, page_id),
        Fact("page_read", {"page": page_id, "material": page.material, "kind": kind, "findings": [str(f.code) for f in findings]}),
    )  # fmt: skip


def give_up_page(file: CaseFile, page_id: str, now: Moment) -> Outcome:
    """A page that could not be read after every attempt: its own finding, its neighbours unharmed."""
    page = file.page(page_id)
    if page is None or page.state is not PageState.UPLOADED:
        return ()
    finding = found(FindingCode.UNREADABLE, material=page.material, severity=Severity.DOUBTFUL)
    return (
        move_page(page, PageEvent.GIVE_UP),
        Put("page", page_id, {"read_at": now.at, "kind": "unknown", "findings": (finding,)}),
        *_material_read(file, page_id, page.material),
        *_judge_if_submitted(file, page_id),
        Fact("page_given_up", {"page": page_id, "material": page.material}),
    )


def _material_read(file: CaseFile, page_id: str, key: str) -> Outcome:
    material = file.material(key)
    waiting = [p for p in file.pages_of(key) if p.state is PageState.UPLOADED and p.id != page_id]
    if material is None or waiting or material.state is not MaterialState.UPLOADED:
        return ()
    return (move_material(material, MaterialEvent.READ),)


def _judge_if_submitted(file: CaseFile, page_id: str) -> Outcome:
    page = file.page(page_id)
    later = page is not None and may_supplement(file, page.material)
    return judge_when_read(file, page_id) if later or file.case.state is CaseState.SUBMITTED else ()


_EARNED = {
    MaterialState.ACCEPTED: MaterialEvent.ACCEPT,
    MaterialState.RETURNED: MaterialEvent.RETURN,
    MaterialState.WAIVED: MaterialEvent.WAIVE,
}


def record_verdict(file: CaseFile, verdict: Verdict, now: Moment) -> Outcome:
    """The judgement of a submitted case: passed, returned with ONE notice, or a person must look."""
    if file.case.state is not CaseState.SUBMITTED or file.unread or file.unheard:
        return (Fact("late_verdict_dropped", {"verdict": verdict.verdict}),)
    judged: Outcome = (
        Judged(verdict.findings),
        *_earned_states(file, verdict, now),
        Fact("case_judged", _as_judged(verdict)),
    )
    if verdict.verdict == "passed":
        then = dataclasses.replace(file, findings=verdict.findings)
        if verdict.sampled and is_instant(then):
            return (*judged, Sampled(), Fact("case_sampled"), *_to_a_person(file, now))
        return (*judged, *passed(file, CaseEvent.PASS, now), *at_once(then))
    if verdict.verdict == "returned":
        return (*judged, *returned(file, verdict.findings, now))
    return (*judged, *_to_a_person(file, now))


def _to_a_person(file: CaseFile, now: Moment) -> Outcome:
    return move_case(file.case, CaseEvent.DOUBT, now.deadline(CaseState.IN_REVIEW, file.item))


def record_again(file: CaseFile, verdict: Verdict, now: Moment) -> Outcome:
    """What there is to judge has changed under the person who reviews it, by their own word on a field: the findings are
    new, the case stays theirs, and so does every material that they have decided."""
    if file.case.state is not CaseState.IN_REVIEW:
        return (Fact("late_verdict_dropped", {"verdict": verdict.verdict}),)
    undecided = dataclasses.replace(file, materials=tuple(m for m in file.materials if m.decision is None))
    earned = _earned_states(undecided, verdict, now)
    return (Judged(verdict.findings), *earned, Fact("case_judged_again", _as_judged(verdict)))


def _as_judged(verdict: Verdict) -> dict[str, Any]:
    plain: dict[str, Any] = {"verdict": verdict.verdict, "findings": [str(f.code) for f in verdict.findings]}
    beside = {"remarks": list(verdict.remarks), "thresholds": dict(verdict.thresholds)}
    return plain | {name: value for name, value in beside.items() if value}


def at_once(file: CaseFile) -> Outcome:
    """An instant case that has passed goes on by itself: the routing job takes it to its end (`cases.actions.instant`)."""
    if not is_instant(file):
        return ()
    return (Enqueue(JobKind.CASE_ROUTE, file.case.number, f"instant:{file.case.number}"),)


def _earned_states(file: CaseFile, verdict: Verdict, now: Moment) -> list[Effect]:
    moves: list[Effect] = []
    for material in file.materials:
        event = _EARNED.get(verdict.materials.get(material.key, material.state))
        if event is not None and event in MATERIAL.allowed(material.state):
            moves.append(move_material(material, event))
            moves += ended(file, material.key, WaiverEnd.REFUSED, now) if event is MaterialEvent.RETURN else ()
    return moves


def passed(file: CaseFile, event: CaseEvent, now: Moment) -> Outcome:
    """Pre-audit passed. Papers wanted: a collection leg is offered; none wanted: the office has it all already."""
    originals = manifest(file, now.new_id)
    due = now.deadline(CaseState.PREAUDIT_PASSED, file.item)
    moved = move_case(file.case, event, due)
    if originals:
        leg = new_leg(Direction.COLLECTION, [o.key for o in originals], now)
        return (*moved, *(Add(o) for o in originals), *leg, Notify("preaudit_passed_originals"))
    return (*moved, *_received_without_paper(file, now), Notify("preaudit_passed"))


def _received_without_paper(file: CaseFile, now: Moment) -> Outcome:
    passed_case = _in_state(file, CaseState.PREAUDIT_PASSED)
    return move_case(passed_case.case, CaseEvent.RECEIVE, now.deadline(CaseState.RECEIVED, file.item))


def _in_state(file: CaseFile, state: CaseState) -> CaseFile:
    """The file as it stands after an earlier move of the same outcome."""
    return dataclasses.replace(file, case=dataclasses.replace(file.case, state=state))


def page_of(file: CaseFile, finding: Finding) -> str | None:
    """The page's identity: once it is photographed again, others take its place in the counting."""
    pages = file.pages_of(finding.material) if finding.material else ()
    return pages[finding.page - 1].id if finding.page and finding.page <= len(pages) else None


def returned(file: CaseFile, findings: tuple[Finding, ...], now: Moment) -> Outcome:
    """Returned to the resident with the one complete list of what to mend."""
    due = now.in_working_days(CORRECTION_WORKING_DAYS)
    pages = tuple(page_of(file, f) for f in findings)
    notice = Correction(now.new_id(), file.case.round + 1, now.at, due, findings, pages)
    return (
        *move_case(file.case, CaseEvent.RETURN, end_of(due)),
        Put("case", file.case.number, {"round": file.case.round + 1}),
        Add(notice),
        *document(file, "correction", now, correction_text(file, findings, due)),
        Notify("returned", {"findings": len(findings), "due": due.isoformat()}),
        Fact("correction_notice_sent", {"round": notice.round, "findings": [str(f.code) for f in findings]}),
    )
