"""One case in memory: effects are carried out as the database does it, with the database's own refusals.

A move is a compare-and-set along its machine's table, a row that is to be changed must be there, an identity is used
once, a leg has one live booking. Whatever the database would refuse here is a fault of a rule, because nobody races in
a simulation: `Refused`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from cases.care import Complaint, FollowUp, Rectification
from cases.clocks import ClockRequest, RequestState
from cases.effects import Add, Announce, Checked, Enqueue, Fact, Judged, Move, Notify, Outcome, Put
from cases.lifecycle import BOOKING_LIVE, LegState
from cases.model import (
    Assignment,
    Booking,
    CaseFile,
    Child,
    Correction,
    CreditNote,
    DecisionFile,
    Document,
    HandOver,
    Incident,
    Leg,
    Material,
    Original,
    Page,
    Parcel,
    Rating,
    Special,
    Transfer,
)
from cases.rulings import Proposal
from cases.waived import Inquiry, InquiryState, Waiver
from storage.audit import AuditLine
from tests.simulation.seen import MACHINES, Seen

_PLACES: Mapping[str, tuple[type, str]] = {
    "material": (Material, "materials"),
    "page": (Page, "pages"),
    "leg": (Leg, "legs"),
    "booking": (Booking, "bookings"),
    "assignment": (Assignment, "assignments"),
    "original": (Original, "originals"),
    "hand_over": (HandOver, "hand_overs"),
    "incident": (Incident, "incidents"),
    "parcel": (Parcel, "parcels"),
    "transfer": (Transfer, "transfers"),
    "correction": (Correction, "corrections"),
    "document": (Document, "documents"),
    "decision_file": (DecisionFile, "decision_files"),
    "special": (Special, "specials"),
    "waiver": (Waiver, "waivers"),
    "child": (Child, "children"),
    "credit_note": (CreditNote, "credit_notes"),
    "inquiry": (Inquiry, "inquiries"),
    "clock_request": (ClockRequest, "clock_requests"),
    "proposal": (Proposal, "proposals"),
}
"""Thing → its type, and where the case file has it."""
_THING: Mapping[type, str] = {kind: thing for thing, (kind, _) in _PLACES.items()}
_BY_KEY = frozenset({"material", "original"})
Care = Rectification | FollowUp | Complaint

_UNIQUE: Mapping[str, Callable[[Any, Any], bool]] = {
    "booking": lambda a, b: a.order_id == b.order_id or (a.leg == b.leg and _live(a) and _live(b)),
    "parcel": lambda a, b: a.leg == b.leg or a.label == b.label,
    "assignment": lambda a, b: a.key == b.key,
    "original": lambda a, b: a.label is not None and a.label == b.label,
    "special": lambda a, b: b.ended_at is None,
    "waiver": lambda a, b: a.material == b.material and b.ended_at is None,
    "inquiry": lambda a, b: a.material == b.material and b.state is InquiryState.WAITING,
    "clock_request": lambda a, b: a.kind == b.kind and b.state is RequestState.ASKED,
    "child": lambda a, b: a.item == b.item,
    "credit_note": lambda a, b: a.material == b.material,
    "correction": lambda a, b: a.round == b.round,
    "document": lambda a, b: a.number == b.number,
}
"""The unique keys of `storage.tables`: a new row and one that is there."""


def _live(booking: Booking) -> bool:
    return booking.state in BOOKING_LIVE


class Refused(Exception):
    """The database would not have taken it."""


class Ledger:
    """A case file, its record, and what its effects asked for."""

    def __init__(self, file: CaseFile) -> None:
        self.file = file
        self.lines: list[AuditLine] = []
        self.notices: list[Notify] = []
        self.announced: list[Announce] = []
        self.care: dict[str, Care] = {}
        self.jobs: list[Enqueue] = []
        """Asked for by the last outcome; whoever applies it takes them over."""

    @property
    def number(self) -> str:
        return self.file.case.number

    def apply(self, outcome: Outcome, at: Any, by: str, seen: Seen) -> None:
        """All of it, or `Refused`."""
        work = _Work(self.file, seen)
        jobs: list[Enqueue] = []
        for effect in outcome:
            match effect:
                case Move():
                    work.move(effect)
                case Put(thing, key, values):
                    work.put(thing, key, values)
                case Add(Rectification() | FollowUp() as entity):
                    if not any(type(other) is type(entity) for other in self.care.values()):
                        self.care[entity.id] = entity  # one a case, as storage keeps it
                case Add(entity):
                    work.add(entity)
                case Judged(findings):
                    work.findings = findings
                case Fact(action, detail):
                    self.lines.append(AuditLine(at, "system", by, None, action, detail))
                case Enqueue():
                    jobs.append(effect)
                case Notify():
                    self.notices.append(effect)
                case Announce():
                    self.announced.append(effect)
                case Checked():
                    pass
        self.file, self.jobs = work.whole(), jobs

    def step(self, thing: Care, to: Any, values: Mapping[str, Any]) -> None:
        """A step of a rectification, a complaint or a follow-up."""
        self.care[thing.id] = replace(thing, state=to, **values)


class _Work:
    """The rows of one file while an outcome is carried out."""

    def __init__(self, file: CaseFile, seen: Seen) -> None:
        self._file, self._seen = file, seen
        self._rows: dict[str, dict[str, Any]] = {}
        self._case: dict[str, Any] = {}
        self._rating = file.rating
        self.findings = file.findings

    def _of(self, thing: str) -> dict[str, Any]:
        rows = self._rows.get(thing)
        if rows is None:
            named = getattr(self._file, _PLACES[thing][1])
            rows = {e.key: e for e in named} if thing in _BY_KEY else {e.id: e for e in named}
            self._rows[thing] = rows
        return rows

    def move(self, m: Move) -> None:
        row = self._file.case if m.thing == "case" else self._of(m.thing).get(m.id)
        if row is None:
            raise Refused(f"{m.thing} {m.id} is not there")
        state = self._case.get("state", row.state) if m.thing == "case" else row.state
        if str(state) != str(m.came_from):
            raise Refused(f"{m.thing} {m.id} is {state}, the move starts from {m.came_from}")
        to = self._to(MACHINES.get(m.thing), m, state)
        if m.thing == "case":
            self._case["state"] = to
        else:
            self._of(m.thing)[m.id] = replace(row, state=to)

    def _to(self, machine: Any, m: Move, state: Any) -> Any:
        if machine is None:
            self._seen.legs[str(state), str(m.to)] += 1
            return LegState(m.to)
        if machine.table[state].get(m.event) != m.to:
            raise Refused(f"{m.thing}: {state} does not go to {m.to} by {m.event}")
        self._seen.steps[m.thing, str(state), str(m.event)] += 1
        return machine.states(m.to)

    def put(self, thing: str, key: str, values: Mapping[str, Any]) -> None:
        if "state" in values:
            raise Refused(f"{thing}: a state is changed by Move, never by Put")
        if thing == "case":
            self._case.update(values)
            return
        rows = self._of(thing)
        if key not in rows:
            raise Refused(f"{thing} {key} is not there")
        rows[key] = replace(rows[key], **values)

    def add(self, entity: Any) -> None:
        if isinstance(entity, Rating):
            if self._rating is not None:
                raise Refused("a second rating")
            self._rating = entity
            return
        thing = _THING[type(entity)]
        rows, key = self._of(thing), entity.key if thing in _BY_KEY else entity.id
        if key in rows or self._collides(thing, entity, rows):
            raise Refused(f"{thing} {key}: the same again, or a second one alive")
        rows[key] = entity

    def _collides(self, thing: str, entity: Any, rows: Mapping[str, Any]) -> bool:
        collides = _UNIQUE.get(thing)
        return collides is not None and any(collides(entity, other) for other in rows.values())

    def whole(self) -> CaseFile:
        changed: dict[str, Any] = {_PLACES[thing][1]: tuple(rows.values()) for thing, rows in self._rows.items()}
        if self._case:
            changed["case"] = replace(self._file.case, **self._case)
        return replace(self._file, findings=self.findings, rating=self._rating, **changed)
