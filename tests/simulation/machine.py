"""What the workers do with a job or a push: the same as `workers.actors`, with a reader, partners and registries that
the street's luck plays. Heard twice, or too late, it must do no harm.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from cases.actions.judging import Verdict
from cases.actions.opening import Upload
from cases.actions.ordering import Instead
from cases.actions.signing import FORM
from cases.actions.unfolding import FurtherPage
from cases.actions.waiving import Answer as Told
from cases.actions.waiving import Answered
from cases.bundles import APPROVED, follow_on, is_waiting
from cases.couriers import Offer
from cases.deferrals import to_judge
from cases.effects import Enqueue, JobKind, Put
from cases.errors import Refusal
from cases.findings import Finding, FindingCode, Severity, found
from cases.items import Need
from cases.lifecycle import BookingState, CaseState, MaterialState, PageState
from cases.model import Booking, CaseNumber, Window
from cases.sampling import drawn
from cases.waived import InquiryState
from tests.simulation import pickups, tracking
from tests.simulation.couriers import PARTNERS, Answer
from tests.simulation.deeds import somebody
from tests.simulation.items import BY_CODE
from tests.simulation.ledger import Ledger
from tests.simulation.street import Street

FINDINGS = (
    FindingCode.BLURRED,
    FindingCode.CUT_OFF,
    FindingCode.NOT_FILLED_IN,
    FindingCode.MISMATCH,
    FindingCode.EXPIRING,
)


def hear(street: Street) -> None:
    """The next bell, if one is due; else somebody does something."""
    bell = street.queue.ring(street.at)
    if bell is None:
        somebody(street)
        return
    if isinstance(bell.what, Enqueue):
        run(street, bell.what)
    else:
        tracking.hear(street, bell.what)


def run(street: Street, job: Enqueue) -> None:
    handler = _HANDLERS.get(job.kind)
    if handler is not None:
        handler(street, job.subject)


def owner_of(street: Street, place: str, subject: str) -> Ledger | None:
    return next((c for c in street.cases.values() if any(e.id == subject for e in getattr(c.file, place))), None)


# ── reading and judging ──


def _read(street: Street, page_id: str) -> None:
    case = owner_of(street, "pages", page_id)
    page = case.file.page(page_id) if case else None
    if case is None or page is None or page.state not in (PageState.UPLOADED, PageState.UNREADABLE):
        return
    now = street.moment()
    if street.flip(30):
        street.do(case, "judging.give_up_page", page_id, now)
        return
    spec = case.file.spec(page.material)
    said = tuple(_flaws(street, page.material, len(case.file.pages_of(page.material))))
    several = spec is not None and spec.max_pages > 1 and street.flip(6)
    further = [FurtherPage(now.new_id(), "other_paper", said)] if several else []
    unfolded = street.rules["unfolding.unfold"](case.file, page_id, further, now)
    recorded = street.rules["judging.record_reading"](case.file, page_id, "id_card_front", said, now)
    street.seen.did["unfolding.unfold"] += bool(unfolded)
    street.seen.did["judging.record_reading"] += 1
    street.take(case, (*unfolded, *recorded))


def _flaws(street: Street, material: str, page: int) -> Iterator[Finding]:
    if street.flip(5):
        code = street.luck.choice(FINDINGS)
        severity = Severity.REFUSE if street.flip(20) else None
        yield found(code, material=material, page=page if street.flip(2) else None, field="name", severity=severity)


def _judge(street: Street, number: str) -> None:
    case = street.cases[number]
    file = case.file
    waiting = file.case.state in (CaseState.SUBMITTED, CaseState.IN_REVIEW) and not file.unread and not file.unheard
    if not waiting and not to_judge(file):
        return
    verdict = verdict_of(street, case)
    if street.flip(25):  # something happened between judging and writing it down
        street.do(case, "opening.withdraw", street.moment("p1"), by="p1")
    if to_judge(case.file):
        later = case.file  # both look at the case as it was, as the worker does
        street.do(case, "deferring.record_supplement", verdict, street.moment(), file=later)
        street.do(case, "demanded.record_demanded", verdict, street.moment(), file=later)
    elif case.file.case.state is CaseState.IN_REVIEW:
        street.do(case, "judging.record_again", verdict, street.moment())
    else:
        street.do(case, "judging.record_verdict", verdict, street.moment())


def verdict_of(street: Street, case: Ledger) -> Verdict:
    file = case.file
    findings = [f for m in file.materials for p in file.pages_of(m.key) for f in p.findings]
    nothing = [m for m in file.materials if m.state in (MaterialState.MISSING, MaterialState.RETURNED)]
    findings += [found(FindingCode.MISSING_MATERIAL, material=m.key) for m in nothing if m.need is Need.REQUIRED]
    expired = [m for m in file.materials if m.state is MaterialState.WAIVED and street.flip(12)]
    findings += [found(FindingCode.EXPIRED, material=m.key) for m in expired]
    if street.flip(12):
        findings.append(found(FindingCode.LOW_CONFIDENCE, material=street.luck.choice(file.materials).key))
    states = {m.key: _earned(m.key, m.state, findings) for m in file.materials}
    if any(f.severity is not Severity.FIXABLE for f in findings):
        said = "review"
    else:
        said = "returned" if findings else "passed"
    sampled = drawn(f"{street.luck.getrandbits(64):016x}", 0.3)
    return Verdict(said, tuple(findings), states, sampled=sampled)


def _earned(key: str, state: MaterialState, findings: Sequence[Finding]) -> MaterialState:
    mine = [f for f in findings if f.material == key]
    if mine:
        return MaterialState.RETURNED if all(f.severity is Severity.FIXABLE for f in mine) else state
    return MaterialState.ACCEPTED if state is MaterialState.READ else state


# ── routing, documents, bundles, registries ──


def _route(street: Street, number: str) -> None:
    case = street.cases[number]
    street.do(case, "deciding.route_case", street.moment())
    while step := street.rules["instant.next_step"](case.file, street.moment("machine")):
        street.seen.did["instant.next_step"] += 1
        street.take(case, step, "machine")


def _make(street: Street, document_id: str) -> None:
    case = owner_of(street, "documents", document_id)
    made = next((d for d in case.file.documents if d.id == document_id), None) if case else None
    if case is None or made is None or made.blob is not None:
        return
    street.take(case, (Put("document", made.id, {"blob": f"blob-{made.id}", "sha256": "0" * 64}),))
    if made.kind == FORM:
        upload = Upload(f"blob-{made.id}", "0" * 64, "application/pdf", 1000)
        street.do(case, "signing.attach_form", made, upload, street.new_id(), street.moment())


def _look_at_file(street: Street, file_id: str) -> None:
    """What a department sends along is opened once."""
    case = owner_of(street, "decision_files", file_id)
    if case is not None:
        problem = "damaged" if street.flip(6) else None
        street.do(case, "attaching.record_checked", file_id, None if problem else "picture", problem, street.moment())


def _open_child(street: Street, child_id: str) -> None:
    parent = owner_of(street, "children", child_id)
    child = next((c for c in parent.file.children if c.id == child_id), None) if parent else None
    if parent is None or child is None or not is_waiting(child) or parent.file.case.state not in APPROVED:
        return
    follow, names = follow_on(parent.file, child), {c.item: BY_CODE[c.item].name for c in parent.file.children}
    item, now = BY_CODE[child.item], street.moment(parent.file.case.owner)
    number = CaseNumber(f"{street.now_at:020d}{len(street.cases) % 10}")
    try:
        opened = street.rules["bundling.open_child"](parent.file, follow, item, number, now)
    except Refusal as error:
        street.do(parent, "bundling.record_problem", child, error.message, names)
        return
    case = street.open(opened.case, opened.materials)
    street.take(case, opened.outcome)
    street.do(parent, "bundling.record_opened", child, opened, names, now)


def _ask(street: Street, inquiry_id: str) -> None:
    case = owner_of(street, "inquiries", inquiry_id)
    inquiry = case.file.inquiry(inquiry_id) if case else None
    if case is None or inquiry is None or inquiry.state is not InquiryState.WAITING:
        return
    if street.flip(4):  # it does not answer yet: the job is tried again
        later = street.at + timedelta(seconds=5, hours=street.luck.choice((0, 0, 2, 24)))
        street.ring(Enqueue(JobKind.REGISTRY_ASK, inquiry_id, f"ask:{inquiry_id}", later))
        return
    said = Answered(street.luck.choice(list(Told)), as_of=street.moment().today, receipt="r1")
    street.do(case, "waiving.answered", inquiry_id, said, street.moment())


# ── couriers ──


def _book(street: Street, booking_id: str) -> None:
    case, booking = _booking(street, booking_id)
    if case is None or booking is None or booking.state is not BookingState.REQUESTED or booking.pickup is not None:
        return
    answer, waybill = street.couriers.book(booking.order_id, booking.partner, street.at)
    if answer is Answer.LOST and street.flip(2):  # the worker died with the answer, the job is tried again
        street.ring(Enqueue(JobKind.COURIER_BOOK, booking_id, f"book:{booking_id}"))
        return
    settle(street, case, booking, answer, waybill)


def _find(street: Street, booking_id: str) -> None:
    case, booking = _booking(street, booking_id)
    if case is None or booking is None:
        return
    if booking.state is BookingState.BOOKED and booking.waybill:
        tracking.trace(street, case, booking)
    elif booking.state is BookingState.UNKNOWN and booking.pickup is None:
        settle(street, case, booking, *street.couriers.find(booking.order_id))


def _cancel(street: Street, booking_id: str) -> None:
    case, booking = _booking(street, booking_id)
    if case is None or booking is None or booking.waybill is None:
        return
    if booking.pickup is not None:
        if booking.state is BookingState.BOOKED:
            pickups.leave(street, case, booking)
        return
    match street.couriers.cancel(booking.order_id, street.at):
        case Answer.FAILED:
            street.ring(
                Enqueue(JobKind.COURIER_CANCEL, booking_id, f"cancel:{booking_id}", street.at + timedelta(minutes=1))
            )
        case Answer.REFUSED:
            street.do(case, "ordering.note_alerts", ["cancel_too_late"], file=booking)  # type: ignore[arg-type]
        case _:
            street.do(case, "ordering.record_cancelled", booking_id, street.moment())


def _booking(street: Street, booking_id: str) -> tuple[Ledger | None, Booking | None]:
    case = owner_of(street, "bookings", booking_id)
    return case, case.file.booking(booking_id) if case else None


def settle(street: Street, case: Ledger, booking: Booking, answer: Answer, waybill: str) -> None:
    """The partner's answer in the domain's words."""
    now, known = street.moment(), booking.state is BookingState.UNKNOWN
    match answer:
        case Answer.BOOKED:
            street.do(case, "ordering.record_booked", booking.id, waybill, now)
            tracking.follow(street, case, booking.id)
        case Answer.REFUSED:
            street.do(case, "ordering.record_refused", booking.id, "不在服务范围", instead(street, booking))
        case Answer.GONE if known:
            street.do(case, "ordering.record_not_found", booking.id, now, instead(street, booking))
        case _:
            street.do(case, "ordering.record_unknown", booking.id, str(answer), now)


def instead(street: Street, booking: Booking) -> Instead | None:
    """Another partner, if there is one with a window."""
    others = [p for p in PARTNERS if p != booking.partner]
    if street.flip(2):
        return None
    window = Window(street.at + timedelta(hours=1), street.at + timedelta(hours=5))
    offer = Offer(street.luck.choice(others), window, window.start - timedelta(minutes=30), booking.proof)
    return Instead(offer, street.moment())


_HANDLERS: Mapping[JobKind, Callable[[Street, str], Any]] = {
    JobKind.PAGE_READ: _read,
    JobKind.CASE_JUDGE: _judge,
    JobKind.CASE_ROUTE: _route,
    JobKind.DOCUMENT_MAKE: _make,
    JobKind.COMPLAINT_PICTURE: _look_at_file,
    JobKind.BUNDLE_OPEN: _open_child,
    JobKind.REGISTRY_ASK: _ask,
    JobKind.COURIER_BOOK: _book,
    JobKind.COURIER_FIND: _find,
    JobKind.COURIER_CANCEL: _cancel,
    JobKind.PICKUP_BOOK: pickups.book,
    JobKind.PICKUP_FIND: pickups.find,
    JobKind.PICKUP_CANCEL: pickups.cancel,
}
"""What else is enqueued (notices, webhooks, polls) changes no case."""
