"""The departments and their systems: they decide, ask for days, take papers and give them back; and what people say of
all that work afterwards: complaints, rectifications, follow-ups.
"""

from datetime import timedelta

from cases.actions.attaching import Sent
from cases.actions.clocks import Wanted
from cases.actions.complaining import Filed
from cases.actions.incidents import REPORTABLE, Report
from cases.actions.opening import Upload
from cases.actions.rectifying import Proof
from cases.actions.transferring import Found, Offer
from cases.care import Complaint, ComplaintKind, FollowUp, FollowUpCause, Hand, Rectification
from cases.clocks import DEMAND, ClockKind, Demand, RequestState, special_kinds
from cases.demands import may_go_back
from cases.lifecycle import AssignmentState, CaseState, TransferState
from cases.model import Holder
from tests.simulation.deeds import deed
from tests.simulation.ledger import Ledger
from tests.simulation.street import Street

S = CaseState
PEOPLE = ("rsj-1", "rsj-2")
RECTIFYING = ("assign", "verify", "rectify", "call_back", "extend")


@deed(14, S.PROCESSING)
def decide(street: Street, case: Ledger) -> None:
    open_ones = [a for a in case.file.assignments if a.state is AssignmentState.OPEN]
    if not case.file.assignments:
        return
    chosen = street.luck.choice(open_ones or list(case.file.assignments))
    approve = bool(street.luck.randrange(14))
    street.do(
        case,
        "deciding.decide_assignment",
        chosen.id,
        approve,
        "同意" if approve else "不符合",
        street.moment(PEOPLE[0]),
    )


@deed(2, S.PROCESSING)
def reroute(street: Street, case: Ledger) -> None:
    if not case.file.assignments:
        return
    chosen = street.luck.choice(case.file.assignments)
    if chosen.department == "unrouted" or street.flip(8):
        street.do(
            case,
            "assigning.reroute",
            chosen.id,
            street.luck.choice(("gaj", "zjj")),
            "职责调整",
            street.moment("boss-1"),
        )


@deed(3, S.PROCESSING)
def ask_for_days(street: Street, case: Ledger) -> None:
    kind = street.luck.choice(list(ClockKind))
    procedure = street.luck.choice(sorted(special_kinds(case.file.item))) if kind is ClockKind.SPECIAL else ""
    concerned = street.luck.choice([*(a.id for a in case.file.assignments), None])
    wanted = Wanted(kind, "需要专家意见", street.luck.choice((None, 3, 10, 30)), procedure, concerned)
    street.do(case, "clocks.ask", wanted, street.moment(street.luck.choice(PEOPLE)))


@deed(4, S.PROCESSING)
def demand_papers(street: Street, case: Ledger) -> None:
    """受理后补正: everything that is to be mended, once."""
    back = [m.key for m in case.file.materials if may_go_back(m)]
    if back and case.file.assignments and street.flip(2):
        demands = tuple(
            Demand(key, "印章不清") for key in street.luck.sample(back, 1 + street.luck.randrange(len(back)))
        )
        concerned = street.luck.choice(case.file.assignments).id
        wanted = Wanted(ClockKind.SPECIAL, "须补正", None, DEMAND, concerned, demands)
        street.do(case, "clocks.ask", wanted, street.moment(PEOPLE[0]))


@deed(2, S.PROCESSING)
def send_files_along(street: Street, case: Ledger) -> None:
    open_ones = [a.id for a in case.file.assignments if a.state is AssignmentState.OPEN]
    there = [f.id for f in case.file.decision_files if f.removed_at is None]
    if there and street.flip(3):
        street.do(case, "attaching.remove_file", there[0], street.moment(PEOPLE[0]))
    elif open_ones:
        upload = Upload("blob", f"{street.luck.randrange(4):064d}", "application/pdf", 1000)
        sent = Sent(street.new_id(), "决定书.pdf", upload)
        street.do(case, "attaching.add_file", open_ones[0], sent, street.moment(PEOPLE[0]))


@deed(4, S.PROCESSING)
def answer_about_days(street: Street, case: Ledger) -> None:
    asked = [r for r in case.file.clock_requests if r.state is RequestState.ASKED]
    if not asked:
        return
    by = street.luck.choice((*PEOPLE, "boss-1"))
    if street.luck.randrange(4):
        street.do(case, "clocks.grant", asked[0].id, street.moment(by))
    else:
        street.do(case, "clocks.decline", asked[0].id, "理由不足", street.moment(by))


@deed(2, S.PROCESSING)
def special(street: Street, case: Ledger) -> None:
    if street.flip(4):
        street.do(
            case,
            "clocks.special",
            "专家评审",
            "需要专家意见",
            street.moment("boss-1"),
            days=street.luck.choice((None, 5)),
        )


@deed(4, S.PROCESSING)
def end_special(street: Street, case: Ledger) -> None:
    if case.file.open_special is not None or street.flip(20):
        street.do(case, "clocks.end_special", street.moment(PEOPLE[0]), "通过")


# ── papers ──


@deed(3)
def hand_on_papers(street: Street, case: Ledger) -> None:
    giver = street.luck.choice((Holder.OFFICE, Holder.DEPARTMENT))
    held = [o for o in case.file.originals if o.holder is giver]
    if not held:
        return
    department = held[0].department or street.luck.choice(("rsj", "gaj", "zjj"))
    keys = tuple(o.key for o in held if o.department == held[0].department)
    street.do(case, "transferring.offer", Offer(keys, giver, department), street.moment(PEOPLE[0]))


@deed(5)
def answer_an_offer(street: Street, case: Ledger) -> None:
    offered = [t for t in case.file.transfers if t.state is TransferState.OFFERED]
    if not offered:
        return
    transfer, now = offered[0], street.moment("gaj-1")
    match street.luck.randrange(6):
        case 0:
            street.do(case, "transferring.decline", transfer.id, "不需要", now)
        case 1:
            street.do(case, "transferring.recall", transfer.id, now)
        case 2:
            found = Found(missing=transfer.keys[:1]) if street.flip(2) else Found(damaged=transfer.keys[:1])
            street.do(case, "transferring.acknowledge", transfer.id, found, now)
        case _:
            street.do(case, "transferring.acknowledge", transfer.id, Found(), now)


@deed(1, S.RECEIVED, S.PROCESSING)
def report(street: Street, case: Ledger) -> None:
    if case.file.originals and street.flip(5):
        keys = (street.luck.choice(case.file.originals).key,)
        street.do(
            case,
            "incidents.report",
            Report(street.luck.choice(REPORTABLE), keys, "破了"),
            "department",
            street.moment("gaj-1"),
        )


# ── what people say of it ──


def _hand(street: Street) -> Hand:
    who = street.luck.choice(("care-1", "care-2", "boss-1", "clerk-1"))
    return Hand(who, involved=who == "clerk-1", above=who == "boss-1")


@deed(1)
def complain(street: Street, case: Ledger) -> None:
    if case.care and street.luck.randrange(6):
        return
    made = street.rules["complaining.file"]
    if street.rules["complaining.may_complain"](case.file.case) and street.flip(4):
        filed = Filed(ComplaintKind.SLOW, "等了很久")
        complaint = made(case.file.case, filed, f"T{street.new_id()}", street.moment("p1"))
        street.seen.did["complaining.file"] += 1
        case.care[complaint.id] = complaint


@deed(12)
def see_to_what_was_said(street: Street, case: Ledger) -> None:
    if not case.care:
        return
    thing, hand, to = street.luck.choice(list(case.care.values())), _hand(street), _hand(street)
    now, good = street.moment(hand.id), bool(street.luck.randrange(3))
    if isinstance(thing, Complaint):
        _complaint(street, case, thing, (hand, to), good)
    elif isinstance(thing, FollowUp):
        name, args = street.luck.choice(
            (("answer", (good, "好")), ("reached", (hand, good, "好")), ("missed", (hand,)), ("missed", (hand,)))
        )
        street.care(case, thing, f"following_up.{name}", *args, now)
    else:
        _rectification(street, case, thing, (hand, to), good)


def _complaint(street: Street, case: Ledger, thing: Complaint, hands: tuple[Hand, Hand], good: bool) -> None:
    hand, to = hands
    now, mine = street.moment(hand.id), Hand(thing.handler or hand.id, involved=False, above=thing.level > 1)
    match street.luck.randrange(6):
        case 0:
            street.care(case, thing, "complaining.withdraw", now)
        case 1 | 2:
            street.care(case, thing, "complaining.take", hand, to, now)
        case 3 | 4:
            street.care(case, thing, "complaining.answer", mine, "已改进", now)
        case _:
            street.care(case, thing, "complaining.judge", good, "不满意", now)


def _rectification(street: Street, case: Ledger, thing: Rectification, hands: tuple[Hand, Hand], good: bool) -> None:
    """Mostly what its state asks for, by who has it; else whatever comes to mind."""
    hand, to = hands
    now, mine = street.moment(hand.id), Hand(thing.handler or hand.id, involved=False)
    buttons = street.rules["rectifying.steps"](thing, mine) if street.luck.randrange(4) else RECTIFYING
    match street.luck.choice(buttons or RECTIFYING):
        case "assign":
            street.care(case, thing, "rectifying.assign", hand, to, now)
        case "verify":
            street.care(case, thing, "rectifying.verify", mine, good, "属实", now)
        case "rectify":
            street.care(case, thing, "rectifying.rectify", mine, "已整改", Proof("b", "n", "image/jpeg"), now)
        case "call_back":
            street.care(case, thing, "rectifying.call_back", mine, good, "已回访", now)
        case _:
            street.care(case, thing, "rectifying.extend", mine, now.today + timedelta(days=40), "需要时间", now)


def draw_lots(street: Street, case: Ledger) -> None:
    """Follow-ups of delivered cases, one a case."""
    delivered = case.file.case.state is S.DELIVERED and not any(isinstance(c, FollowUp) for c in case.care.values())
    if delivered and street.rules["following_up.drawn"](case.number, 0.3):
        due = street.moment().at + timedelta(days=5)
        made = street.rules["following_up.follow_up_of"](case.file.case, FollowUpCause.SAMPLED, due, street.moment())
        case.care[made.id] = made
