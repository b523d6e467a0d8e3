"""The office: auditors two by two, the window that counts papers, those who settle what went wrong with them."""

from datetime import timedelta

from cases.actions.deferring import DeferredDecision
from cases.actions.noticing import compose
from cases.actions.recipients import Proof
from cases.actions.review import MaterialDecision, MaterialRuling, ReviewDecision, ReviewRuling
from cases.actions.seconding import Answer
from cases.actions.settling import Settling
from cases.actions.verifying import Saying
from cases.appointments import Office
from cases.boxes import Box
from cases.custody import Received
from cases.demands import awaited, open_demand, with_resident
from cases.errors import Refusal
from cases.incidents import Settlement, rule_of
from cases.items import Need
from cases.lifecycle import BookingState, CaseState, IncidentEvent, MaterialState, PageState
from cases.model import Direction
from cases.readings import Confirmed, Field, Reading
from cases.rulings import Because, Excuse, ProposalState
from tests.cases.world import MONDAY
from tests.simulation.deeds import deed
from tests.simulation.ledger import Ledger
from tests.simulation.street import Street

S = CaseState
AUDITORS = ("auditor-1", "auditor-2")
OTHER_OFFICE = Office("O2", "天河窗口", "天河区", "440106", "020", ("09:00-17:00",))
BOX = Box("B1", "一号箱", "门口", "440105", ("09:00", "17:00"), MONDAY)
QUAD = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))


# ── the review ──


@deed(10, S.IN_REVIEW)
def rule(street: Street, case: Ledger) -> None:
    material = street.luck.choice(case.file.materials)
    decision = street.luck.choices(list(MaterialDecision), (6, 2, 3, 1))[0]
    reason = "看不清" if street.luck.randrange(8) else ""
    until = street.moment().today + timedelta(days=street.luck.randint(0, 35))
    ruling = MaterialRuling(material.key, decision, reason, "", until)
    street.do(case, "review.decide_material", ruling, street.moment(street.luck.choice(AUDITORS)))


@deed(3, S.IN_REVIEW)
def put_off(street: Street, case: Ledger) -> None:
    """容缺: a deferrable paper that is not there."""
    off = [m for m in case.file.materials if m.need is Need.DEFERRABLE and m.state is not MaterialState.ACCEPTED]
    if off:
        until = street.moment().today + timedelta(days=street.luck.choice((1, 1, 2, 5, 20)))
        ruling = MaterialRuling(off[0].key, MaterialDecision.DEFER, defer_until=until)
        street.do(case, "review.decide_material", ruling, street.moment(AUDITORS[0]))


@deed(8, S.IN_REVIEW)
def close(street: Street, case: Ledger) -> None:
    decision = street.luck.choices(list(ReviewDecision), (8, 3, 1))[0]
    excuse = Excuse(street.luck.choice((Because.CHANGED_AFTER, Because.CHANGED_AFTER, None)), "新规定")
    if decision is ReviewDecision.RETURN and street.flip(2):
        excuse = _as_shown(street, case, excuse)
    street.do(case, "review.close_review", ReviewRuling(decision, "不属于职权", excuse), street.moment(AUDITORS[0]))


def _as_shown(street: Street, case: Ledger, excuse: Excuse) -> Excuse:
    """The notice was looked at before it was sent."""
    try:
        draft = compose(case.file, street.moment())
    except Refusal:
        return excuse
    return Excuse(excuse.because, excuse.explanation, draft.digest)


@deed(5, S.IN_REVIEW)
def second(street: Street, case: Ledger) -> None:
    waiting = [p for p in case.file.proposals if p.state is ProposalState.WAITING]
    if waiting:
        answer = street.luck.choices(list(Answer), (4, 1, 2))[0]
        by = street.luck.choice(AUDITORS)
        street.do(
            case, "seconding.second", waiting[0].id, answer, street.luck.choice(("不同意", "")), street.moment(by)
        )


@deed(2, S.IN_REVIEW, S.RECEIVED)
def verify(street: Street, case: Ledger) -> None:
    page = next((p for p in case.file.pages if p.state is PageState.READ), None)
    if page is not None:
        field = Field("陈样木", 0.9, Confirmed.TWO_READERS, QUAD)
        reading = Reading("a", 1, 0.1, "ppocr", 0, 9, 9, (), "id_card_front", 0.9, {"name": field}, ())
        said = [Saying("name", street.luck.choice(("陈样本", "陈样木")), "陈样木")]
        street.do(case, "verifying.verify", page.id, reading, said, street.moment(AUDITORS[0]))


# ── the window ──


@deed(9, S.COLLECTING, S.PREAUDIT_PASSED, S.RECEIVED, S.PROCESSING)
def count(street: Street, case: Ledger) -> None:
    """Mostly when something has come, mostly what was announced."""
    leg = case.file.leg(Direction.COLLECTION)
    here = leg is not None and leg.state == "delivered"
    if not here and street.luck.randrange(25):
        return
    lines = [
        Received(o.key, o.copies)
        for o in case.file.originals
        if o.holder in ("resident", "courier") and o.excused is None
    ]
    match street.luck.randrange(12):
        case 0 if lines:
            lines.pop()
        case 1 if lines:
            lines[0] = Received(lines[0].key, 1, "damaged")
        case 2:
            lines.append(Received("extra", 1, name="清单外"))
        case _:
            pass
    parcel = case.file.parcel(leg.id) if leg else None
    seal = parcel.seal if parcel and street.luck.randrange(12) else None
    street.do(case, "receiving.receive_originals", lines, seal, street.moment("clerk-1"), broken=street.flip(30))


@deed(1, S.RECEIVED)
def count_for_another(street: Street, case: Ledger) -> None:
    if street.flip(3):
        street.do(case, "accepting.counted_at", OTHER_OFFICE)


@deed(2, S.PREAUDIT_PASSED, S.COLLECTING)
def miss_in_the_box(street: Street, case: Ledger) -> None:
    if any(b.partner == "drop_box" for b in case.file.bookings) and street.flip(3):
        street.do(case, "dropping.envelope_missing", BOX, street.luck.randint(1, 3), street.moment("walker-1"))


@deed(10, S.RECEIVED)
def accept(street: Street, case: Ledger) -> None:
    street.do(case, "deciding.accept", street.moment("clerk-1"))


@deed(10, S.APPROVED, S.REFUSED)
def conclude(street: Street, case: Ledger) -> None:
    street.do(case, "deciding.conclude", street.moment("clerk-1"))


@deed(4, *(s for s in S if s is not S.DRAFT))
def take_or_waive_what_was_promised(street: Street, case: Ledger) -> None:
    promised = [m for m in case.file.materials if m.defer_until is not None]
    if promised:
        decision = street.luck.choice(list(DeferredDecision))
        unread = [m for m in promised if m.state is MaterialState.UPLOADED]
        key = street.luck.choice(unread or promised).key
        street.do(case, "deferring.decide_deferred", key, decision, "已收到", street.moment("clerk-1"))


@deed(6, S.PREAUDIT_PASSED, S.RECEIVED, S.ACCEPTED, S.PROCESSING, S.APPROVED)
def end_what_was_broken(street: Street, case: Ledger) -> None:
    late = [m for m in case.file.materials if m.late_at is not None]
    if late:
        street.do(case, "deferring.end_broken", late[0].key, "逾期未补", street.moment("clerk-1"))


@deed(3, S.PROCESSING)
def see_to_what_was_demanded(street: Street, case: Ledger) -> None:
    """受理后补正: taken, given back, done without; or ended because it never came. Mostly it is waited for."""
    wanted, running = awaited(case.file), open_demand(case.file)
    late = running is not None and running.late_at is not None
    if not wanted or (not late and len(with_resident(case.file)) == len(wanted) and street.luck.randrange(5)):
        return
    if street.flip(2 if late else 12):
        street.do(case, "demanded.end_expired", "逾期未补", street.moment("clerk-1"))
    else:
        decision = street.luck.choices(list(DeferredDecision), (4, 2, 1))[0]
        key = street.luck.choice(wanted).key
        street.do(case, "demanded.decide_demanded", key, decision, "已核对", street.moment("clerk-1"))


@deed(3, S.ABORTED)
def repair(street: Street, case: Ledger) -> None:
    for note in case.file.credit_notes:
        street.do(case, "deferring.repair", note.id, "已补交", street.moment("clerk-1"))


@deed(2, S.APPROVED, S.CONCLUDED, S.DELIVERING, S.DELIVERED)
def open_child_again(street: Street, case: Ledger) -> None:
    for child in case.file.children:
        if child.problem is not None and street.flip(3):
            street.do(case, "bundling.retry", child.id)


# ── what went wrong ──


@deed(6)
def see_to_incidents(street: Street, case: Ledger) -> None:
    open_ones = case.file.open_incidents
    if not open_ones:
        return
    incident, now = street.luck.choice(open_ones), street.moment("clerk-1")
    match street.luck.randrange(6):
        case 0 | 1:
            street.do(case, "incidents.step", incident.id, street.luck.choice(list(IncidentEvent)), "在查", now)
        case 2:
            street.do(case, "incidents.confirm_loss", incident.id, "确已遗失", now)
        case _:
            own = rule_of(incident).settlements
            how = street.luck.choice(own if street.luck.randrange(8) else tuple(Settlement))
            street.do(case, "settling.settle", incident.id, Settling(how, "已核实", 10_000), now)


@deed(4)
def ask_the_partner(street: Street, case: Ledger) -> None:
    unknown = [b for b in case.file.bookings if b.state is BookingState.UNKNOWN]
    alerted = [b for b in case.file.bookings if set(b.alerts) - set(b.settled)]
    if unknown and street.flip(2):
        booking = unknown[0]
        if street.flip(2):
            street.do(case, "troubles.settle_exists", booking.id, "W123", "电话核实", street.moment("clerk-1"))
        else:
            street.do(case, "troubles.settle_void", booking.id, "电话核实")
    elif alerted:
        booking = street.luck.choice(alerted)
        street.do(case, "troubles.close_alerts", booking.id, booking.alerts, "已处理")


@deed(2, S.DELIVERING, S.WITHDRAWN, S.ABORTED)
def find_out_whether_it_came(street: Street, case: Ledger) -> None:
    proof = street.luck.choice(list(Proof)[1:])
    sent = [
        b for b in case.file.bookings if (leg := case.file.leg_by_id(b.leg)) and leg.direction is Direction.DELIVERY
    ]
    if sent and street.flip(3):
        street.do(
            case, "recipients.answered", sent[-1].id, bool(street.luck.randrange(4)), proof, street.moment("clerk-1")
        )
