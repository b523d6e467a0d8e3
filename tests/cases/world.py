"""A small world for the domain's tests: an item, and a case file that outcomes are applied to, in memory.

`World.apply` is the meaning of effects in twenty lines; the real one is `storage`, and its tests hold it to the same.
"""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cases.actions import carrying, deciding, judging, opening, ordering, receiving
from cases.actions.carrying import Tracked
from cases.actions.ordering import BookingRequest
from cases.care import FollowUp, Rectification
from cases.clocks import ClockRequest, RequestState
from cases.custody import Received
from cases.deadlines import Calendar
from cases.effects import Add, Announce, Checked, Enqueue, Fact, JobKind, Judged, Move, Notify, Outcome, Put
from cases.findings import Finding
from cases.items import Item, item_from
from cases.lifecycle import (
    AssignmentState,
    BookingState,
    CaseState,
    IncidentState,
    LegState,
    MaterialState,
    PageState,
    TransferState,
)
from cases.model import (
    Address,
    Applicant,
    Assignment,
    Booking,
    CaseFile,
    CaseNumber,
    CheckedField,
    Child,
    Correction,
    CreditNote,
    DecisionFile,
    Direction,
    Document,
    HandOver,
    Incident,
    Leg,
    Original,
    Page,
    Parcel,
    PersonId,
    Rating,
    Special,
    Transfer,
    Window,
)
from cases.moment import Moment
from cases.rulings import Proposal, ProposalState
from cases.waived import Inquiry, InquiryState, Waiver

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 10:00 in Beijing, an ordinary week
CALENDAR = Calendar({date(2026, 4, 6): False})
ADDRESS = Address("广东省", "广州市", "海珠区", "样本路1号", "陈样本", "13800000000")
APPLICANT = Applicant("person", "陈样本", "440105199003070019", "13800000000")

ITEM: dict[str, Any] = {
    "code": "440105-SHBZK-BL",
    "version": 1,
    "name": "社会保障卡补领",
    "region": "440105",
    "department": "rsj",
    "kind": "promise",
    "limits": {"statutory_days": 20, "promised_days": 5, "preaudit_hours": 8},
    "questions": [{"key": "under_16", "ask": "持卡人是否未满16周岁？", "type": "bool"}],
    "materials": [
        {"key": "id_front", "name": "居民身份证（人像面）", "document": "id_card_front", "need": "required",
         "when": {"under_16": False}, "original": "show"},
        {"key": "register", "name": "户口簿", "document": "household_register_member", "need": "required",
         "when": {"under_16": True}, "original": "show"},
        {"key": "form", "name": "补领申请表", "document": "application_form", "need": "required", "original": "collect",
         "pages": {"min": 1, "max": 2}},
        {"key": "photo", "name": "照片回执", "document": "other_paper", "need": "deferrable"},
    ],
    "routing": [
        {"key": "card", "department": "rsj", "days": 4, "task": "制卡"},
        {"key": "photo", "department": "gaj", "days": 1, "task": "照片核验"},
        {"key": "issue", "department": "rsj", "days": 1, "task": "发卡", "after": ["card", "photo"]},
    ],
    "result": {"name": "社会保障卡", "form": "paper", "delivery": ["courier", "counter"]},
}  # fmt: skip

INSTANT: dict[str, Any] = {
    "kind": "instant",
    "materials": [{**m, "original": "none"} for m in ITEM["materials"]],
    "result": {"name": "电子优待证", "form": "electronic", "delivery": []},
    "limits": {"statutory_days": 1, "promised_days": 1, "preaudit_hours": 8},
}
"""What makes the item an instant one."""

_TABLES: dict[type, str] = {
    Page: "pages",
    Leg: "legs",
    Booking: "bookings",
    Assignment: "assignments",
    Original: "originals",
    HandOver: "hand_overs",
    Incident: "incidents",
    Parcel: "parcels",
    Transfer: "transfers",
    Correction: "corrections",
    Document: "documents",
    Special: "specials",
    Waiver: "waivers",
    Child: "children",
    CreditNote: "credit_notes",
    Inquiry: "inquiries",
    ClockRequest: "clock_requests",
    Proposal: "proposals",
    DecisionFile: "decision_files",
}
_STATES = {
    "case": CaseState,
    "material": MaterialState,
    "page": PageState,
    "leg": LegState,
    "booking": BookingState,
    "assignment": AssignmentState,
    "incident": IncidentState,
    "transfer": TransferState,
    "inquiry": InquiryState,
    "clock_request": RequestState,
    "proposal": ProposalState,
}
_PLURAL = {
    "material": "materials",
    "page": "pages",
    "leg": "legs",
    "booking": "bookings",
    "assignment": "assignments",
    "original": "originals",
    "incident": "incidents",
    "parcel": "parcels",
    "transfer": "transfers",
    "special": "specials",
    "document": "documents",
    "waiver": "waivers",
    "child": "children",
    "credit_note": "credit_notes",
    "inquiry": "inquiries",
    "clock_request": "clock_requests",
    "proposal": "proposals",
    "decision_file": "decision_files",
}


def item(**changes: Any) -> Item:
    return item_from({**ITEM, **changes})


class World:
    """One case and everything that was asked for on its way."""

    def __init__(self, item_: Item | None = None, answers: dict[str, Any] | None = None) -> None:
        self.at = MONDAY
        self.ids = itertools.count(1)
        self.jobs: list[Enqueue] = []
        self.facts: list[Fact] = []
        self.owed: list[Rectification | FollowUp] = []
        self.notices: list[Notify] = []
        self.announced: list[Announce] = []
        self.checked: dict[tuple[str, str], CheckedField] = {}
        chosen = item_ or item()
        asked = opening.OpenRequest(answers or {"under_16": False}, APPLICANT, ADDRESS, "miniapp")
        number = CaseNumber("440105202603020000011")
        case, materials = opening.open_case(chosen, asked, PersonId("p1"), number, self.now)
        self.file = CaseFile(case, chosen, materials)

    @property
    def now(self) -> Moment:
        return Moment(self.at, CALENDAR, lambda: f"{next(self.ids):032d}", "tester")

    def wait(self, **span: float) -> "World":
        self.at += timedelta(**span)
        return self

    # ── the meaning of effects ──
    def apply(self, outcome: Outcome) -> "World":
        for effect in outcome:
            self._apply_one(effect)
        return self

    def _apply_one(self, effect: Any) -> None:
        match effect:
            case Move(thing, key, came_from, to, _):
                assert str(self._get(thing, key).state) == str(came_from), f"{thing} lost its race"
                self._set(thing, key, {"state": _STATES[thing](to)})
            case Put(thing, key, values):
                self._set(thing, key, dict(values))
            case Add(Rating() as rating):
                self.file = replace(self.file, rating=rating)
            case Add(Rectification() | FollowUp() as thing):
                self.owed.append(thing)
            case Add(entity):
                name = _TABLES[type(entity)]
                self.file = replace(self.file, **{name: (*getattr(self.file, name), entity)})
            case Checked(fields):
                self.checked |= {(f.page, f.field): f for f in fields}
            case Judged(findings):
                self.file = replace(self.file, findings=findings)
            case Enqueue():
                self.jobs.append(effect)
            case Notify():
                self.notices.append(effect)
            case Announce():
                self.announced.append(effect)
            case Fact():
                self.facts.append(effect)

    def _key(self, thing: str, entity: Any) -> str:
        return str(entity.key if thing in ("material", "original") else entity.id)

    def _get(self, thing: str, key: str) -> Any:
        if thing == "case":
            return self.file.case
        return next(e for e in getattr(self.file, _PLURAL[thing]) if self._key(thing, e) == key)

    def _set(self, thing: str, key: str, values: dict[str, Any]) -> None:
        if thing == "case":
            self.file = replace(self.file, case=replace(self.file.case, **values))
            return
        rows = getattr(self.file, _PLURAL[thing])
        changed = tuple(replace(e, **values) if self._key(thing, e) == key else e for e in rows)
        self.file = replace(self.file, **{_PLURAL[thing]: changed})

    # ── steps of a life ──
    @property
    def state(self) -> CaseState:
        return self.file.case.state

    def upload(self, key: str) -> str:
        page_id = f"page-{next(self.ids)}"
        upload = opening.Upload("blob", "0" * 64, "image/jpeg", 1000)
        self.apply(opening.attach_page(self.file, key, upload, page_id, self.now))
        return page_id

    def read(self, page_id: str, *findings: Finding) -> "World":
        return self.apply(judging.record_reading(self.file, page_id, "id_card_front", findings, self.now))

    def upload_and_read(self, *keys: str) -> "World":
        for key in keys:
            self.read(self.upload(key))
        return self

    def submit(self) -> "World":
        return self.apply(opening.submit(self.file, self.now))

    def judge(self, verdict: str = "passed", *findings: Finding, **states: MaterialState) -> "World":
        said = judging.Verdict(verdict, findings, states)
        return self.apply(judging.record_verdict(self.file, said, self.now))

    def to_passed(self) -> "World":
        self.upload_and_read("id_front", "form").submit()
        return self.judge("passed", id_front=MaterialState.ACCEPTED, form=MaterialState.ACCEPTED)

    def window(self) -> Window:
        return Window(self.at + timedelta(hours=2), self.at + timedelta(hours=4))

    def book(self, direction: Direction, partner: str = "ems") -> str:
        asked = BookingRequest(direction, partner, self.window(), ADDRESS)
        self.apply(ordering.book(self.file, asked, self.now))
        return self.file.bookings[-1].id

    def booked(self, direction: Direction) -> str:
        booking = self.book(direction)
        self.apply(ordering.record_booked(self.file, booking, f"W{booking[-4:]}", self.now))
        return booking

    def track(self, booking: str, state: LegState, *, confirmed: bool = True, alerts: Sequence[str] = ()) -> "World":
        seen = Tracked(state, self.at, confirmed, alerts)
        return self.apply(carrying.record_tracking(self.file, booking, seen, self.now))

    def count(self, **copies: int) -> "World":
        lines = [Received(k, n) for k, n in copies.items()]
        return self.apply(receiving.receive_originals(self.file, lines, "FQ001", self.now))

    def to_received(self) -> "World":
        booking = self.to_passed().booked(Direction.COLLECTION)
        self.track(booking, LegState.PICKED_UP).track(booking, LegState.DELIVERED)
        return self.count(id_front=1, form=1)

    def to_processing(self) -> "World":
        self.to_received().apply(deciding.accept(self.file, self.now))
        return self.apply(deciding.route_case(self.file, self.now))

    def decide(self, key: str, approve: bool = True, opinion: str = "同意") -> "World":
        one = next(a for a in self.file.assignments if a.key == key)
        return self.apply(deciding.decide_assignment(self.file, one.id, approve, opinion, self.now))

    def to_concluded(self) -> "World":
        self.to_processing().decide("card").decide("photo").decide("issue")
        return self.apply(deciding.conclude(self.file, self.now))

    def to_delivered(self) -> "World":
        booking = self.to_concluded().booked(Direction.DELIVERY)
        return self.track(booking, LegState.PICKED_UP).track(booking, LegState.DELIVERED)

    def asked_for(self, kind: JobKind) -> list[Enqueue]:
        return [j for j in self.jobs if j.kind is kind]
