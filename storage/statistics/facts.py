"""What the rows of cases say, as far as it counts: read for many cases at once, in one question a table.

The moments of a life come from the case's own row; what the row does not keep (when pre-audit was passed, how long each
stage took) from its audit chain. Test cases have no facts.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, Table, and_, exists, select

from cases.care import ComplaintState
from cases.couriers import COUNTER
from cases.deadlines import Calendar, beijing_day, working_days_between
from cases.known import PASSED
from cases.lifecycle import BookingState, CaseEvent, CaseState, MaterialState
from cases.model import Direction, Holder
from cases.saved import AT_A_COUNTER, saved
from storage.care_tables import complaints
from storage.catalogue import calendar, item
from storage.proof_tables import waivers
from storage.statistics.counting import CaseFacts, Complained, Order
from storage.statistics.tables import STAGES
from storage.tables import assignments, audit, bookings, cases, hand_overs, legs, materials, ratings
from storage.unit import AnyRow, Unit

OPENED = "case_opened"
MOVES = tuple(f"case_{event}" for event in CaseEvent)
STAGE_OF: Mapping[str, str] = {str(state): stage for stage, states in STAGES.items() for state in states}
_CASE = ("number", "region", "department", "item_code", "item_version", "channel", "state", "round", "opened_at")
_ENDS = ("submitted_at", "accepted_at", "concluded_at", "promised_due", "statutory_due")
Grouped = Mapping[str, Sequence[AnyRow]]


def facts_of(tx: Unit, numbers: Sequence[str]) -> dict[str, CaseFacts]:
    """By case number."""
    wanted = select(*(cases.c[name] for name in (*_CASE, *_ENDS))).where(cases.c.number.in_(numbers), ~cases.c.test)
    rows = tx.all(wanted)
    about = _About(tx, [row.number for row in rows], any(row.concluded_at for row in rows))
    return {row.number: about.facts(row) for row in rows}


class _About:
    """Everything that hangs on some cases, each table asked once."""

    def __init__(self, tx: Unit, numbers: Sequence[str], concluded: bool) -> None:
        self._tx = tx
        self._calendar = calendar(tx) if concluded else Calendar({})
        self._lives = self._by_case(_life(numbers), "chain")
        self._assigned = self._of(assignments, numbers, "department")
        self._bookings = self._by_case(_booked(numbers))
        self._steps = self._of(hand_overs, numbers, "giver", "taker", "at", "by") if self._has_papers() else {}
        self._ratings = self._of(ratings, numbers, "level", "at")
        self._complaints = self._of(complaints, numbers, "filed_at", "answered_at", "resolved", "state")
        self._papers = self._by_case(_papers_saved(numbers))

    def _has_papers(self) -> bool:
        """Papers change hands only after pre-audit."""
        return any(line.action == f"case_{CaseEvent.PASS}" for life in self._lives.values() for line in life)

    def _of(self, table: Table, numbers: Sequence[str], *columns: str) -> Grouped:
        wanted = select(table.c.case_number, *(table.c[name] for name in columns))
        order = table.c.get("seq", table.c.case_number)
        return self._by_case(wanted.where(table.c.case_number.in_(numbers)).order_by(order))

    def _by_case(self, wanted: Select[Any], key: str = "case_number") -> Grouped:
        found: dict[str, list[AnyRow]] = defaultdict(list)
        for row in self._tx.all(wanted):
            found[getattr(row, key)].append(row)
        return found

    def facts(self, case: AnyRow) -> CaseFacts:
        number, state = case.number, CaseState(case.state)
        life, steps = self._lives.get(number, ()), self._steps.get(number, ())
        actions = {line.action: line.at for line in reversed(life)}
        rating = next(iter(self._ratings.get(number, ())), None)
        trips, minutes = self._saved(case) if state is CaseState.DELIVERED else (0, 0)
        return CaseFacts(
            case_number=number,
            region=case.region,
            department=case.department,
            departments=listed({case.department, *(a.department for a in self._assigned.get(number, ()))}),
            item_code=case.item_code,
            channel=case.channel,
            state=state,
            opened_at=case.opened_at,
            submitted_at=case.submitted_at,
            passed_at=actions.get(f"case_{CaseEvent.PASS}"),
            accepted_at=case.accepted_at,
            concluded_at=case.concluded_at,
            delivered_at=_arrived(life) if state is CaseState.DELIVERED else None,
            rated_at=rating.at if rating else None,
            rounds=case.round,
            papers=len(self._papers.get(number, ())) if state in PASSED else 0,
            approved=_approved(actions) if case.concluded_at else None,
            late=_after(case.concluded_at, case.promised_due),
            over_law=_after(case.concluded_at, case.statutory_due),
            worked_days=self._worked(case),
            trips=trips,
            minutes=minutes,
            level=rating.level if rating else None,
            stage_seconds=stage_seconds(life),
            orders=tuple(orders(self._bookings.get(number, ()), steps)),
            complaints=tuple(
                Complained(c.filed_at, c.answered_at is not None, c.resolved)
                for c in self._complaints.get(number, ())
                if c.state != ComplaintState.WITHDRAWN
            ),
        )

    def _worked(self, case: AnyRow) -> int:
        if case.accepted_at is None or case.concluded_at is None:
            return 0
        days = beijing_day(case.accepted_at), beijing_day(case.concluded_at)
        return working_days_between(self._calendar, *days)

    def _saved(self, case: AnyRow) -> tuple[int, int]:
        """As `cases.saved` counts it."""
        made = sum(b.partner == COUNTER and b.state == BookingState.DONE for b in self._bookings.get(case.number, ()))
        by_hand = {s.at for s in self._steps.get(case.number, ()) if {s.giver, s.taker} == AT_A_COUNTER}
        spared = saved(item(self._tx, case.item_code, case.item_version), case.round, made + len(by_hand))
        return spared.trips, round(spared.hours * 60)


def listed(departments: Iterable[str]) -> str:
    return f",{','.join(sorted(departments))},"


def _life(numbers: Sequence[str]) -> Select[Any]:
    lines = select(audit.c.chain, audit.c.at, audit.c.action, audit.c.detail)
    return lines.where(audit.c.chain.in_(numbers), audit.c.action.in_((OPENED, *MOVES))).order_by(audit.c.position)


def _booked(numbers: Sequence[str]) -> Select[Any]:
    columns = ("id", "case_number", "partner", "state", "requested_at", "window_end", "confirmed_end")
    wanted = select(*(bookings.c[name] for name in columns), legs.c.direction)
    return wanted.join(legs, legs.c.id == bookings.c.leg_id).where(bookings.c.case_number.in_(numbers)).order_by(
        bookings.c.seq
    )  # fmt: skip


def _papers_saved(numbers: Sequence[str]) -> Select[Any]:
    """As `cases.known.papers_saved` counts them."""
    showing = exists().where(waivers.c.case_number == materials.c.case_number, waivers.c.material == materials.c.key)
    showing = showing.where(waivers.c.ended_at.is_(None), waivers.c.still_show)
    waived = and_(materials.c.case_number.in_(numbers), materials.c.state == MaterialState.WAIVED)
    return select(materials.c.case_number).where(waived, ~showing)


def _arrived(life: Sequence[AnyRow]) -> datetime | None:
    return next((line.at for line in reversed(life) if line.detail.get("to") == CaseState.DELIVERED), None)


def _approved(actions: Mapping[str, datetime]) -> bool:
    return f"case_{CaseEvent.APPROVE}" in actions


def _after(at: datetime | None, due: date | None) -> bool:
    return at is not None and due is not None and beijing_day(at) > due


def stage_seconds(life: Iterable[AnyRow]) -> dict[str, int]:
    """Whole seconds of every stretch that has ended, by stage."""
    spent: dict[str, int] = defaultdict(int)
    since: datetime | None = None
    for line in life:
        stage = STAGE_OF.get(line.detail.get("from", ""))
        if stage and since:
            spent[stage] += int((line.at - since).total_seconds())
        since = line.at
    return dict(spent)


def orders(booked: Sequence[AnyRow], steps: Sequence[AnyRow]) -> Iterator[Order]:
    """Bookings with couriers. A parcel moved with the newest booking of its courier that was made before."""
    carried = {b.id: (step, after) for b, step, after in _carried(booked, steps)}
    for b in booked:
        if b.partner == COUNTER:
            continue
        step, after = carried.get(b.id, (None, None))
        yield Order(
            b.id,
            b.partner,
            b.direction,
            BookingState(b.state),
            b.requested_at,
            moved_at=step.at if step else None,
            on_time=step is not None and step.at <= (b.confirmed_end or b.window_end),
            seconds=max(0, int((after.at - step.at).total_seconds())) if step and after else None,
        )


_GIVERS = {Direction.COLLECTION: Holder.RESIDENT, Direction.DELIVERY: Holder.OFFICE}


def _carried(booked: Sequence[AnyRow], steps: Sequence[AnyRow]) -> Iterator[tuple[AnyRow, AnyRow, AnyRow | None]]:
    for place, step in enumerate(steps):
        if step.taker != Holder.COURIER:
            continue
        own = [b for b in booked if b.partner == step.by.partition(":")[0] and _GIVERS[b.direction] == step.giver]
        made = [b for b in own if b.requested_at <= step.at] or own[:1]
        if made:
            yield made[-1], step, next((s for s in steps[place + 1 :] if s.giver == Holder.COURIER), None)
