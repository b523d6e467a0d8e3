"""Residents and whoever acts for them: they apply, photograph, correct, hand in, pack, book, withdraw and rate."""

from dataclasses import replace
from datetime import timedelta

from cases.actions import terminals, waiving
from cases.actions.checking import Known, Word
from cases.actions.entrusting import Purpose, is_proven
from cases.actions.incidents import BY_RESIDENT, Report, wishes
from cases.actions.opening import OpenRequest, Upload
from cases.actions.ordering import BookingRequest
from cases.actions.packing import PackedLine, Packing, to_pack
from cases.actions.recipients import Proof as Word_of
from cases.actions.signing import Filled
from cases.demands import awaited
from cases.helping import Point
from cases.items import Need
from cases.known import Offer, is_open
from cases.lifecycle import BookingState, CaseState, IncidentState, MaterialState, PageState
from cases.model import CaseNumber, Direction, PersonId, Proof, Window
from cases.waived import CONSENTS, InquiryState, WaiverSource
from tests.cases.world import ADDRESS, APPLICANT
from tests.simulation.couriers import PARTNERS
from tests.simulation.deeds import deed
from tests.simulation.items import APPLIED_FOR
from tests.simulation.ledger import Ledger
from tests.simulation.street import AT_ONCE, Street

S = CaseState
EDITABLE = (S.DRAFT, S.RETURNED)
RUNNING = (S.PREAUDIT_PASSED, S.COLLECTING, S.RECEIVED, S.ACCEPTED, S.PROCESSING, S.APPROVED)
ID_NUMBER = "440105198707289983"
POINT = Point("P1", "代办点", "样本村", "440105", PersonId("point-1"))
STROKE = (tuple((x / 10, x / 12) for x in range(10)),)


def arrive(street: Street) -> None:
    """Somebody begins: at home, at an agent point, or at a terminal."""
    if len(street.under_way()) >= AT_ONCE:
        return
    item = street.luck.choice(APPLIED_FOR)
    answers = {q.key: street.luck.random() < (0.2 if q.key == "under_16" else 0.8) for q in item.questions}
    where = street.luck.choice(("miniapp", "miniapp", "agent", "point", "kiosk"))
    agent = {"name": "代办人", "relation": "亲属"} if where == "agent" else None
    if where == "point":
        agent = {"name": POINT.name, "point": POINT.code, "relation": "代办点"}
    address = replace(ADDRESS, county=street.luck.choice(("海珠区", "天河区")))
    asked = OpenRequest(answers, APPLICANT, address, "agent" if agent else "miniapp", agent)
    if where == "kiosk":
        asked = terminals.request(item, answers)
    number = CaseNumber(f"{street.now_at:021d}")
    owner = PersonId("agent-1" if agent else "p1")
    made = street.rules["opening.open_case"](item, asked, owner, number, street.moment(owner))
    street.seen.did["opening.open_case"] += 1
    street.open(*made)


@deed(8, S.DRAFT)
def identify(street: Street, case: Ledger) -> None:
    if case.file.case.channel != "kiosk" and not street.flip(20):
        return
    if street.flip(2):
        number = ID_NUMBER if street.luck.randrange(6) else "440105199003070018"
        how = street.luck.choice(list(terminals.How))
        street.do(case, "terminals.identified", APPLICANT.name, number, how)
    else:
        street.do(case, "terminals.phoned", APPLICANT.phone if street.luck.randrange(6) else "12345")
    if case.file.case.channel == "kiosk" and street.flip(6):
        told = "terminals.receipt_told" if street.flip(2) else "terminals.draft_told"
        street.take(case, street.rules[told]("123456"))
        street.seen.did[told] += 1


@deed(1, S.DRAFT)
def leave_the_terminal(street: Street, case: Ledger) -> None:
    if case.file.case.channel == "kiosk" and street.flip(6):
        street.do(case, "terminals.discarded", street.moment())


@deed(8, *EDITABLE)
def prove_authority(street: Street, case: Ledger) -> None:
    if is_proven(case.file) and street.luck.randrange(20):
        return
    match street.luck.randrange(4):
        case 0:
            street.do(case, "entrusting.code_told", street.luck.choice(list(Purpose)), "123456")
        case 1:
            page = next((p.id for p in case.file.pages if p.state is not PageState.REMOVED), "none")
            street.do(case, "entrusting.proven_by_form", page, street.moment("agent-1"))
        case _:
            street.do(case, "entrusting.proven_by_phone", street.moment("agent-1"))


@deed(1)
def change_hands(street: Street, case: Ledger) -> None:
    """To an agent point and back, or to the applicant's own account."""
    if not street.flip(3):
        return
    match street.luck.randrange(3):
        case 0:
            street.do(case, "entrusting.entrusted", POINT, street.moment("p1"))
        case 1:
            street.do(case, "entrusting.withdrawn", street.moment("p1"))
        case _:
            street.do(case, "entrusting.taken_over", PersonId("p2"), street.moment("p2"))


@deed(16, *EDITABLE)
def photograph(street: Street, case: Ledger) -> None:
    wanting = [m for m in case.file.materials if m.state in (MaterialState.MISSING, MaterialState.RETURNED)]
    late = [m for m in wanting if m.need is Need.REQUIRED] or wanting
    if not late and not street.flip(8):
        return
    chosen = street.luck.choice(late or list(case.file.materials))
    if late and case.file.pages_of(chosen.key) and street.luck.randrange(4):
        remove(street, case, chosen.key)
    _upload(street, case, chosen.key)


def _upload(street: Street, case: Ledger, key: str) -> None:
    page_id = street.new_id()
    upload = Upload("blob", "0" * 64, "image/jpeg", 1000)
    street.do(case, "opening.attach_page", key, upload, page_id, street.moment(), by="p1")


@deed(2, *RUNNING)
def bring_what_was_promised(street: Street, case: Ledger) -> None:
    wanted = [*(m for m in case.file.materials if m.defer_until is not None), *awaited(case.file)]
    if wanted:
        _upload(street, case, street.luck.choice(wanted).key)


@deed(2, *EDITABLE)
def take_out(street: Street, case: Ledger) -> None:
    remove(street, case, street.luck.choice(case.file.materials).key)


def remove(street: Street, case: Ledger, key: str) -> None:
    pages = case.file.pages_of(key)
    if pages:
        street.do(case, "opening.remove_page", street.luck.choice(pages).id, by="p1")


@deed(2, *EDITABLE)
def look_over(street: Street, case: Ledger) -> None:
    """The resident corrects what was read, or what was typed."""
    pages = [p.id for p in case.file.pages if p.state is PageState.READ]
    name = case.file.case.applicant.name
    if pages and street.flip(2):
        fields = {(pages[0], "name"): Known("陈样木", "陈样木")}
        street.do(case, "checking.check_fields", fields, [Word(pages[0], "name", "陈样本", "陈样木")], street.moment())
    else:
        words = [
            Word(None, "applicant_name", "陈样本", name),
            Word(None, "phone", "13800000001", case.file.case.applicant.phone),
        ]
        street.do(case, "checking.check_fields", {}, words, street.moment())


@deed(3, *EDITABLE)
def sign(street: Street, case: Ledger) -> None:
    if case.file.item.code == "440105-XSQM" or street.flip(20):
        street.do(case, "signing.sign_form", "form", Filled({"reason": "遗失"}, STROKE), street.moment())


@deed(4, *EDITABLE)
def use_what_is_known(street: Street, case: Ledger) -> None:
    ready = [m for m in case.file.materials if is_open(case.file, m)]
    if not ready or street.luck.randrange(3):
        return
    source = street.luck.choice(list(WaiverSource))
    resource = "id_card_front" if source is WaiverSource.REGISTRY else None
    offer = Offer(
        f"{source}:1", street.luck.choice(ready).key, source, still_show=street.flip(2),
        case="1" if resource is None else None, resource=resource,
    )  # fmt: skip
    consent = waiving.Consent(CONSENTS[source].version if street.luck.randrange(10) else "old", True)
    if source is WaiverSource.CASE:
        street.do(case, "waiving.use", offer, consent, street.moment("p1"))
    else:
        street.do(case, "waiving.ask", offer, consent, 0, street.moment("p1"))


@deed(1, *EDITABLE)
def take_consent_back(street: Street, case: Ledger) -> None:
    mine = [m.key for m in case.file.materials if case.file.waiver(m.key) or case.file.inquiry_for(m.key)]
    if mine:
        street.do(case, "waiving.take_back", street.luck.choice(mine), street.moment("p1"))


@deed(9, *EDITABLE)
def hand_in(street: Street, case: Ledger) -> None:
    """Mostly when everything is there."""
    wanting = [m for m in case.file.materials if m.state in (MaterialState.MISSING, MaterialState.RETURNED)]
    if not any(m.need is Need.REQUIRED for m in wanting) or street.flip(12):
        street.do(case, "opening.submit", street.moment(case.file.case.owner))


@deed(1)
def withdraw(street: Street, case: Ledger) -> None:
    if street.flip(14):
        street.do(case, "opening.withdraw", street.moment("p1"), by="p1")


@deed(6, *EDITABLE, S.SUBMITTED)
def think_better_of_it_while_a_registry_is_asked(street: Street, case: Ledger) -> None:
    if any(i.state is InquiryState.WAITING for i in case.file.inquiries) and street.flip(3):
        street.do(case, "opening.withdraw", street.moment("p1"), by="p1")


# ── the courier ──


@deed(6, S.PREAUDIT_PASSED, S.COLLECTING, S.RECEIVED, S.ACCEPTED, S.PROCESSING, S.APPROVED)
def book_collection(street: Street, case: Ledger) -> None:
    _book(street, case, Direction.COLLECTION)


@deed(6, S.CONCLUDED, S.DELIVERING, S.DELIVERED, S.WITHDRAWN, S.NOT_ACCEPTED, S.ABORTED, S.CORRECTION_EXPIRED)
def book_delivery(street: Street, case: Ledger) -> None:
    _book(street, case, Direction.DELIVERY)


def _book(street: Street, case: Ledger, direction: Direction) -> None:
    start = street.at + timedelta(hours=street.luck.randint(1, 30))
    window = Window(start, start + timedelta(hours=2))
    partner = (
        street.luck.choice((*PARTNERS, "drop_box"))
        if direction is Direction.COLLECTION
        else street.luck.choice(PARTNERS)
    )
    proof = street.luck.choice((Proof.CODE, Proof.IDENTITY, None))
    asked = BookingRequest(direction, partner, window, ADDRESS, start - timedelta(hours=1), proof)
    street.do(case, "ordering.book", asked, street.moment("p1"), by="p1")


@deed(2, S.COLLECTING, S.PREAUDIT_PASSED, S.CONCLUDED, S.DELIVERING)
def think_again_about_the_courier(street: Street, case: Ledger) -> None:
    live = [b for b in case.file.bookings if b.state is BookingState.BOOKED]
    if not live:
        return
    if street.flip(2):
        street.do(case, "ordering.nobody_came", live[-1].id, street.moment("p1"), said_by="resident")
    else:
        street.do(case, "ordering.cancel_booking", live[-1].id)


@deed(3, S.PREAUDIT_PASSED, S.COLLECTING, S.CONCLUDED)
def pack(street: Street, case: Ledger) -> None:
    direction = Direction.DELIVERY if case.file.case.state is S.CONCLUDED else Direction.COLLECTION
    leg = case.file.leg(direction)
    if leg is None:
        return
    if street.flip(3):
        street.do(case, "packing.photograph", direction, "blob", "0" * 64, street.moment("p1"))
        return
    condition = street.luck.choice(("good", "good", "worn"))
    lines = tuple(PackedLine(o.key, None, condition) for o in to_pack(case.file, leg))
    packing = Packing(street.luck.choice(("FQ001", "FQ001", None)), lines)
    street.do(case, "packing.pack", direction, packing, street.moment("p1"))


@deed(4, S.DELIVERING, S.WITHDRAWN, S.ABORTED, S.NOT_ACCEPTED)
def say_whether_it_came(street: Street, case: Ledger) -> None:
    _answer(street, case, Word_of.RESIDENT)


def _answer(street: Street, case: Ledger, proof: Word_of) -> None:
    asked = [
        b for b in case.file.bookings if (leg := case.file.leg_by_id(b.leg)) and leg.direction is Direction.DELIVERY
    ]
    if asked:
        street.do(case, "recipients.answered", asked[-1].id, bool(street.luck.randrange(3)), proof, street.moment("p1"))


@deed(1, S.COLLECTING, S.RECEIVED, S.PROCESSING, S.DELIVERING, S.DELIVERED)
def report_what_is_wrong(street: Street, case: Ledger) -> None:
    if street.flip(4) and case.file.originals:
        keys = (street.luck.choice(case.file.originals).key,)
        kind = street.luck.choice(BY_RESIDENT)
        street.do(case, "incidents.report", Report(kind, keys, "少了一份"), "resident", street.moment("p1"))


@deed(3)
def answer_about_papers(street: Street, case: Ledger) -> None:
    mine = [i for i in case.file.open_incidents if i.state is IncidentState.WITH_RESIDENT]
    if mine:
        wish = street.luck.choice((*wishes(mine[0]), None))
        street.do(case, "incidents.answer", mine[0].id, wish, "请再找找", street.moment("p1"))


@deed(4, S.DELIVERED)
def rate(street: Street, case: Ledger) -> None:
    if street.flip(3):
        street.do(
            case, "deciding.rate", street.luck.randint(0, 5), street.luck.choice(("太慢", "")), street.moment("p1")
        )
