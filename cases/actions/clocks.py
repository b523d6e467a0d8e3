"""Stopping and stretching the clocks of a case that is being decided: special procedures 特别程序 and extensions 延期.

A department asks, with days and a reason; another person grants or declines. The applicant is told in writing of what was
granted, with the days (行政许可法 arts. 42, 45). While a special procedure runs, both limits of the case stand still; so
does the assignment it is about, or every open one if it is about the whole case. The others go on.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from cases.actions.decisions import all_agreed, case_decided
from cases.actions.demanding import sent_back
from cases.announcing import Event, to_all
from cases.clocks import (
    ANSWER_DAYS,
    DEMAND,
    ClockKind,
    ClockRequest,
    Demand,
    RequestEvent,
    RequestState,
    Standstill,
    demand_bound,
    extension_bound,
    special_kinds,
)
from cases.deadlines import add_working_days, beijing_day, end_of
from cases.demands import awaited, complete_demands
from cases.documents import document, extension_text, special_text
from cases.effects import Add, Fact, Notify, Outcome, Put, move_clock_request
from cases.errors import Conflict, InvalidRequest, NotFound
from cases.lifecycle import AssignmentState, CaseState
from cases.model import Assignment, CaseFile, Special
from cases.moment import Moment
from cases.sentences import say


@dataclass(frozen=True)
class Wanted:
    """What a department asks for. `days` of a special procedure may be left to the most its kind allows."""

    kind: ClockKind
    reason: str
    days: int | None = None
    procedure: str = ""
    assignment: str | None = None
    demands: tuple[Demand, ...] = ()
    """Of a 补正 after acceptance: everything that is to be mended."""


# ── asking and granting ──


def ask(file: CaseFile, wanted: Wanted, now: Moment) -> Outcome:
    """Nothing stands still until somebody else has granted it."""
    days = _checked(file, wanted)
    demands = _demands(file, wanted)
    if any(r.kind is wanted.kind and r.state is RequestState.ASKED for r in file.clock_requests):
        raise Conflict("已有同类申请待批准。")
    asked = ClockRequest(
        now.new_id(), wanted.kind, days, wanted.reason, RequestState.ASKED, now.at, now.by,
        procedure=wanted.procedure or None, assignment=wanted.assignment,
        due_at=end_of(now.in_working_days(ANSWER_DAYS)),
        demands=demands,
    )  # fmt: skip
    return (Add(asked), Fact("clock_asked", _told(asked)))


def _demands(file: CaseFile, wanted: Wanted) -> tuple[Demand, ...]:
    return complete_demands(file, wanted.demands, wanted.assignment) if wanted.procedure == DEMAND else ()


def _told(request: ClockRequest) -> dict[str, object]:
    return {"kind": str(request.kind), "days": request.days, "procedure": request.procedure, "by": request.asked_by}


def _checked(file: CaseFile, wanted: Wanted) -> int:
    """The days, if law, item and state allow them. Raises `Conflict`, `InvalidRequest`, `NotFound`."""
    special_ = wanted.kind is ClockKind.SPECIAL
    if file.case.state is not CaseState.PROCESSING:
        raise Conflict(
            "只有办理中的办件可以启动特别程序。" if special_ else "只有办理中的办件可以延期。",
            state=str(file.case.state),
        )
    if not wanted.reason.strip():
        raise InvalidRequest("启动特别程序必须写明理由。" if special_ else "申请延期必须写明理由。")
    if wanted.assignment is not None:
        _open_assignment(file, wanted.assignment)
    return _days_of_special(file, wanted) if special_ else _days_of_extension(file, wanted)


def _open_assignment(file: CaseFile, assignment_id: str) -> Assignment:
    found = file.assignment(assignment_id)
    if found is None:
        raise NotFound("没有这个任务。")
    if found.state is not AssignmentState.OPEN:
        raise Conflict("该任务不在办理中。", state=str(found.state))
    return found


def _days_of_special(file: CaseFile, wanted: Wanted) -> int:
    if file.open_special is not None:
        raise Conflict("特别程序正在进行中。")
    kinds = special_kinds(file.item)
    most = demand_bound(file.item) if wanted.procedure == DEMAND else kinds.get(wanted.procedure)
    if most == 0:
        raise Conflict("该事项受理后不得再要求补正。")
    if most is None:
        raise InvalidRequest("请选择法定的特别程序种类。", kinds=sorted(kinds))
    days = most if wanted.days is None else wanted.days
    if not 1 <= days <= most:
        raise InvalidRequest(say("{kind}最多{most}个工作日。", kind=wanted.procedure, most=most), most=most)
    return days


def _days_of_extension(file: CaseFile, wanted: Wanted) -> int:
    if any(r.kind is ClockKind.EXTENSION and r.state is RequestState.GRANTED for r in file.clock_requests):
        raise Conflict("办理期限只能延长一次。")
    most = extension_bound(file.item)
    if most < 1:
        raise Conflict("该事项不能延期。")
    days = most if wanted.days is None else wanted.days
    if not 1 <= days <= most:
        raise InvalidRequest(say("办理期限最多延长{most}个工作日。", most=most), most=most)
    return days


def grant(file: CaseFile, request_id: str, now: Moment) -> Outcome:
    """By another person than whoever asked. What was possible when it was asked must be so still."""
    request = _waiting(file, request_id)
    if request.asked_by == now.by:
        raise Conflict("须由申请人以外的另一人批准。")
    procedure = request.procedure or ""
    wanted = Wanted(request.kind, request.reason, request.days, procedure, request.assignment, request.demands)
    _checked(file, wanted)
    settled = _settled(request, RequestEvent.GRANT, None, now)
    if request.kind is ClockKind.SPECIAL:
        return (*settled, *_special_starts(file, wanted, request.days, request.asked_by, now))
    return (*settled, *_extended(file, request, now))


def decline(file: CaseFile, request_id: str, note: str, now: Moment) -> Outcome:
    if not note.strip():
        raise InvalidRequest("不批准时必须写明理由。")
    return _settled(_waiting(file, request_id), RequestEvent.DECLINE, note, now)


def _waiting(file: CaseFile, request_id: str) -> ClockRequest:
    found = file.clock_request(request_id)
    if found is None:
        raise NotFound("没有这个申请。")
    return found


def _settled(request: ClockRequest, event: RequestEvent, note: str | None, now: Moment) -> Outcome:
    return (
        move_clock_request(request, event),
        Put("clock_request", request.id, {"settled_at": now.at, "settled_by": now.by, "note": note}),
        Fact("clock_settled", {"kind": str(request.kind), "decision": str(event), "days": request.days, "by": now.by}),
    )


# ── the extension ──


def _extended(file: CaseFile, request: ClockRequest, now: Moment) -> Outcome:
    """Both limits move by the days, and the open assignments that it is for."""
    statutory = file.case.statutory_due
    if statutory is not None and now.today > statutory:
        raise Conflict("法定期限已过，不能再延期。", statutory=statutory.isoformat())
    days = request.days
    limits = _limits_moved(file, days, now)
    text = extension_text(file, days, request.reason, limits.get("promised_due"), limits.get("statutory_due"))
    return (
        *_limits_put(file, limits),
        *_assignments_moved(file, request.assignment, lambda _: days, now),
        *document(file, "extension", now, text),
        *to_all(file, Event.CASE_EXTENDED, file.assignments, days=days, **_iso(limits)),
        Notify("extended", {"days": days, "promised": _iso(limits).get("promised_due", "")}),
        Fact("case_extended", {"days": days, "asked_by": request.asked_by, "by": now.by, **_iso(limits)}),
    )


def _limits_moved(file: CaseFile, days: int, now: Moment) -> dict[str, date]:
    limits = {"promised_due": file.case.promised_due, "statutory_due": file.case.statutory_due}
    return {name: add_working_days(now.calendar, day, days) for name, day in limits.items() if day}


def _limits_put(file: CaseFile, limits: dict[str, date]) -> Outcome:
    """A special procedure that runs has its own end; the case's own comes back with it."""
    due = limits.get("promised_due")
    ends = {} if file.open_special else {"deadline_at": end_of(due) if due else None, "escalated_at": None}
    return (Put("case", file.case.number, {**limits, **ends}),)


def _assignments_moved(file: CaseFile, only: str | None, days_of: Callable[[Assignment], int], now: Moment) -> Outcome:
    effects: list[Put] = []
    for a in file.assignments:
        concerned = only in (None, a.id) and a.state is AssignmentState.OPEN
        days = days_of(a) if concerned else 0
        if a.due and days:
            due = add_working_days(now.calendar, a.due, days)
            effects.append(Put("assignment", a.id, {"due": due, "escalated_at": None}))
    return tuple(effects)


def _iso(limits: dict[str, date]) -> dict[str, str]:
    return {name: day.isoformat() for name, day in limits.items()}


# ── the special procedure ──


def special(file: CaseFile, kind: str, reason: str, now: Moment, *, days: int | None = None) -> Outcome:
    """Started by whoever may grant it: of the whole case."""
    wanted = Wanted(ClockKind.SPECIAL, reason, days, kind)
    return _special_starts(file, wanted, _checked(file, wanted), now.by, now)


def _special_starts(file: CaseFile, wanted: Wanted, days: int, asked_by: str, now: Moment) -> Outcome:
    """Until it ends, or the days told are over, both limits stand still. Late is then the procedure itself."""
    until = now.in_working_days(days)
    demands = _demands(file, wanted)
    started = Special(
        now.new_id(), wanted.procedure, wanted.reason, now.at, days=days, assignment=wanted.assignment,
        asked_by=asked_by, approved_by=now.by, due=until, demands=demands,
    )  # fmt: skip
    told = {"state": "started", "procedure": wanted.procedure, "until": until.isoformat()}
    return (
        Add(started),
        Put("case", file.case.number, {"deadline_at": end_of(until), "escalated_at": None}),
        *to_all(file, Event.CASE_SPECIAL_PROCEDURE, file.assignments, **told, assignment=wanted.assignment),
        *(sent_back(file, started, now) if demands else _special_told(file, started, now)),
        Fact("special_started", {"kind": wanted.procedure, "days": days, "asked_by": asked_by, "by": now.by}),
    )


def _special_told(file: CaseFile, started: Special, now: Moment) -> Outcome:
    letter = document(file, "special", now, special_text(file, started.kind, started.reason, started.days))
    return (*letter, Notify("special_started", {"kind": started.kind}))


def end_special(file: CaseFile, now: Moment, result: str = "", *, over_at: datetime | None = None) -> Outcome:
    """The procedure has ended: both limits move by the working days it took, of the days told at most. If everybody has
    agreed meanwhile, the case is decided now. `over_at`: when what it waited for was there."""
    running = file.open_special
    if running is None:
        raise Conflict("没有进行中的特别程序。")
    if wanted := awaited(file):
        raise Conflict("还有材料没有补正，请逐份通过或免交。", materials=[m.key for m in wanted])
    pause = Standstill(beijing_day(running.started_at), beijing_day(over_at or now.at), running.days)
    counted = pause.days(now.calendar)
    limits = _limits_moved(file, counted, now)
    then = _without_special(file, running, limits)
    return (
        Put("special", running.id, {"ended_at": now.at, "counted": counted, "result": result or None}),
        *_limits_put(then, limits),
        *_assignments_moved(file, running.assignment, lambda a: pause.days(now.calendar, a.opened_at), now),
        *to_all(file, Event.CASE_SPECIAL_PROCEDURE, file.assignments, state="ended", procedure=running.kind, **_iso(limits)),
        Notify("demand_met" if running.demands else "special_ended"),
        Fact("special_ended", {"working_days": counted, "by": now.by}),
        *(case_decided(then, True, now) if all_agreed(then) else ()),
    )  # fmt: skip


def _without_special(file: CaseFile, running: Special, limits: dict[str, date]) -> CaseFile:
    over = tuple(s if s.id != running.id else replace(s, ended_at=s.started_at) for s in file.specials)
    case = replace(file.case, promised_due=limits.get("promised_due"), statutory_due=limits.get("statutory_due"))
    return replace(file, specials=over, case=case)
