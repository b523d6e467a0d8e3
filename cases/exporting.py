"""A case in the fields and codes of GB/T 39046-2020: pure mapping, from a case file to the rows of its tables.

Our names become codes here and nowhere else. Without the right to personal values they are masked, never left out, so that
the rows still fit. What does not fit is said with its reason; whoever writes the rows leaves it out and counts it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from cases.care import COMPLAINT_KINDS, Complaint
from cases.deadlines import BEIJING
from cases.demands import open_demand
from cases.gbt39046 import TABLES, Row, problems
from cases.items import Kind, Need, PaidBy
from cases.lifecycle import AssignmentState, BookingState, CaseState, MaterialState
from cases.model import Assignment, Booking, CaseFile, Direction, Material, Special
from cases.supervision import CARE, KIND_LABELS, WaitKind

STATES: Mapping[CaseState, str] = {
    CaseState.DRAFT: "10",
    CaseState.SUBMITTED: "12",
    CaseState.IN_REVIEW: "12",
    CaseState.RETURNED: "14",
    CaseState.PREAUDIT_PASSED: "16",
    CaseState.COLLECTING: "24",
    CaseState.RECEIVED: "26",
    CaseState.ACCEPTED: "30",
    CaseState.PROCESSING: "30",
    CaseState.APPROVED: "50",
    CaseState.REFUSED: "40",
    CaseState.CONCLUDED: "90",
    CaseState.DELIVERING: "90",
    CaseState.DELIVERED: "90",
    CaseState.WITHDRAWN: "98",
    CaseState.NOT_ACCEPTED: "97",
    CaseState.CORRECTION_EXPIRED: "99",
    CaseState.ABORTED: "99",
}
_KINDS = {Kind.INSTANT: "1", Kind.PROMISE: "2"}
_NEEDS = {Need.REQUIRED: "1", Need.OPTIONAL: "2", Need.DEFERRABLE: "3"}
_SOURCES = {"counter": "1", "miniapp": "3", "agent": "3", "kiosk": "9"}
_DECIDED = {AssignmentState.APPROVED: "1", AssignmentState.REFUSED: "2"}
_TAKEN = frozenset({MaterialState.ACCEPTED, MaterialState.WAIVED})
EXTENSION = "延长"
MANY_PLACES = 9
DESCRIBED = 200
SAID = 2000


@dataclass(frozen=True)
class Offices:
    """What departments are called, and their unified social credit codes, where the region says them."""

    names: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    partners: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    """Who took a step, by the name that the record has for them."""

    def name(self, department: str) -> str:
        return self.names.get(department, department)


@dataclass(frozen=True)
class Warned:
    """An urging 督办. `kind` and `step` of the ladder's rule; step 0: by hand, with a `message`."""

    id: str
    kind: WaitKind
    step: int
    due: datetime
    department: str
    made_at: datetime
    acknowledged_at: datetime | None = None
    ended_at: datetime | None = None
    message: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Around:
    """What was said of a case, and what was urged. `apart`: whoever takes the rows worked on the case, and learns neither
    its rating nor what was complained of."""

    complaints: Sequence[Complaint] = ()
    warned: Sequence[Warned] = ()
    apart: bool = False


NOTHING_AROUND = Around()


@dataclass(frozen=True)
class Exported:
    """`rows`: by table, those that fit. `refused`: table and reason of those that do not."""

    number: str
    rows: Mapping[str, Sequence[Row]]
    refused: tuple[tuple[str, str], ...] = ()


def export_case(file: CaseFile, offices: Offices, around: Around = NOTHING_AROUND, *, personal: bool) -> Exported:
    """Every row of a case, checked against the tables. `personal`: names and numbers in full."""
    rows = _rows(file, offices, personal) | _around(file, offices, around, personal)
    made = {table: [_plain(row) for row in rows[table]] for table in TABLES}
    refused = [(t, "；".join(said)) for t, rows in made.items() for row in rows if (said := list(problems(t, row)))]
    fit = {table: [row for row in rows if not any(problems(table, row))] for table, rows in made.items()}
    return Exported(file.case.number, fit, tuple(refused))


def _around(file: CaseFile, offices: Offices, around: Around, personal: bool) -> dict[str, list[dict[str, str | None]]]:
    made: dict[str, list[dict[str, str | None]]] = {"rating": [], "complaints": []}
    if not around.apart:
        made["rating"] = [_rating(file, personal)] if file.rating is not None else []
        made["complaints"] = [_complaint(file, c, offices, personal) for c in around.complaints]
    warned = (w for w in around.warned if not (around.apart and w.kind in CARE))
    made["monitoring"] = [_monitored(file, w, offices, personal) for w in warned]
    return made


def _plain(row: Mapping[str, str | None]) -> Row:
    return {name: value for name, value in row.items() if value}


def _rows(file: CaseFile, offices: Offices, personal: bool) -> dict[str, list[dict[str, str | None]]]:
    made: dict[str, list[dict[str, str | None]]] = {table: [] for table in TABLES}
    made["application"] = [_application(file, personal)]
    made["materials"] = [_material(file, m) for m in file.materials]
    if file.case.accepted_at is not None:
        made["acceptance"] = [_acceptance(file, offices)]
    asked = (a for a in file.assignments if a.state not in (AssignmentState.CANCELLED, AssignmentState.WAITING))
    made["handling"] = [_handling(file, a, offices) for a in asked]
    made["special"] = [_special(file, s, offices) for s in file.specials]
    if file.case.concluded_at is not None:
        made["conclusion"] = [_conclusion(file, offices)]
    made["logistics"] = list(_logistics(file, offices, personal))
    return made


def _application(file: CaseFile, personal: bool) -> dict[str, str | None]:
    case, who, agent = file.case, file.case.applicant, file.case.agent or {}
    address = case.address
    where = f"{address.province}{address.city}{address.county}{address.detail}" if address else ""
    agent_number = str(agent.get("id_number", ""))
    return {
        "办件编号": case.number,
        "实施编码": case.item_code,
        "事项名称": file.item.name,
        "办件类型代码": _KINDS[file.item.kind],
        "申请者名称": who.name if personal else masked(who.name, 1, 0),
        "申请者证件类型代码": id_kind(who.kind, who.id_number),
        "申请者证件号码": who.id_number if personal else masked(who.id_number, 6, 4),
        "代理人姓名": _hidden(str(agent.get("name", "")), personal),
        "代理人证件类型代码": id_kind("person", agent_number) if agent_number else None,
        "代理人证件号码": agent_number if personal else masked(agent_number, 6, 4),
        "联系人手机号码": who.phone if personal else masked(who.phone, 3, 4),
        "通讯地址": where if personal else masked(where, MANY_PLACES, 0),
        "申报来源代码": _SOURCES.get(case.channel, "9"),
        "申请时间": time_of(case.submitted_at or case.opened_at),
        "行政区划": case.region,
        "办件状态代码": "37" if _awaits_promised(file) else "28" if _in_correction(file) else STATES[case.state],
    }


def _awaits_promised(file: CaseFile) -> bool:
    """已受理待补办: something was promised, or is to be mended after acceptance."""
    running = file.case.state in (CaseState.ACCEPTED, CaseState.PROCESSING)
    promised = any(m.defer_until and m.state not in _TAKEN for m in file.materials)
    return running and (promised or open_demand(file) is not None)


def _in_correction(file: CaseFile) -> bool:
    return file.case.state is CaseState.RETURNED and file.case.round > 0


def _material(file: CaseFile, material: Material) -> dict[str, str | None]:
    pages, original = file.pages_of(material.key), file.original(material.key)
    here = material.state in _TAKEN
    how = "5" if material.state is MaterialState.WAIVED else "4" if material.defer_until else "1" if original else "2"
    return {
        "办件编号": file.case.number,
        "材料名称": material.name,
        "是否必备材料": _NEEDS[material.need],
        "是否收取": "1" if here else "0",
        "收取方式": how if here or material.defer_until else None,
        "收取数量": str(original.copies if original else max(1, len(pages))) if here else None,
        "收取时间": time_of(max(p.uploaded_at for p in pages)) if here and pages else None,
    }


def _acceptance(file: CaseFile, offices: Offices) -> dict[str, str | None]:
    case = file.case
    letter = next((d for d in reversed(file.documents) if d.kind == "acceptance"), None)
    return {
        "办件编号": case.number,
        "受理单位名称": offices.name(case.department),
        "受理单位统一社会信用代码": offices.codes.get(case.department),
        "受理时间": time_of(case.accepted_at),
        "受理文书编号": letter.number if letter else None,
        "承诺办结时间": day_of(case.promised_due),
        "法定办结时间": day_of(case.statutory_due),
        "办件类型代码": _KINDS[file.item.kind],
        "行政区划": case.region,
    }


def _handling(file: CaseFile, a: Assignment, offices: Offices) -> dict[str, str | None]:
    return {
        "办件编号": file.case.number,
        "业务动作": _DECIDED.get(a.state),
        "环节名称": a.task,
        "环节处理人": offices.people.get(a.decided_by or "") or (a.decided_by and "系统"),
        "处理意见": a.opinion,
        "环节开始时间": time_of(a.opened_at),
        "环节结束时间": time_of(a.decided_at),
        "处理单位": offices.name(a.department),
        "处理单位统一社会信用代码": offices.codes.get(a.department),
        "环节办理状态代码": "2" if a.decided_at else "1",
    }


def _special(file: CaseFile, s: Special, offices: Offices) -> dict[str, str | None]:
    return {
        "办件编号": file.case.number,
        "特别程序种类名称": s.kind,
        "特别程序种类代码": "1" if EXTENSION in s.kind else "2",
        "开始时间": time_of(s.started_at),
        "启动理由或依据": s.reason,
        "申请人": offices.people.get(s.asked_by or ""),
        "结束时间": time_of(s.ended_at),
        "结果": s.result,
        "办理单位": offices.name(file.case.department),
    }


def _conclusion(file: CaseFile, offices: Offices) -> dict[str, str | None]:
    refused = any(a.state is AssignmentState.REFUSED for a in file.assignments)
    letter = next((d for d in reversed(file.documents) if d.kind in ("result", "decision")), None)
    leg = file.leg(Direction.DELIVERY)
    fee = file.item.fee
    return {
        "办件编号": file.case.number,
        "办结时间": time_of(file.case.concluded_at),
        "结果证照名称": None if refused else file.item.result.name,
        "结果证照编号": letter.number if letter and not refused else None,
        "办件结果描述": _result(file, "不予办理" if refused else "出证办结"),
        "发证单位": offices.name(file.case.department),
        "是否快递寄送结果": "1" if leg is not None and _carried(file, leg.id) else "0",
        "是否收费": "1" if (fee and fee.amount_fen) or file.item.courier.delivery is PaidBy.RESIDENT else "0",
    }


def _result(file: CaseFile, how: str) -> str:
    """With what departments' decisions came as, by name, as far as there is room."""
    names = [f.name for a in file.assignments if a.decided_at for f in file.files_of(a.id)]
    return f"{how}；附件：{'、'.join(names)}"[:DESCRIBED] if names else how


def _carried(file: CaseFile, leg: str) -> bool:
    gone = (BookingState.BOOKED, BookingState.DONE)
    return any(b.leg == leg and b.state in gone for b in file.bookings)


def _rating(file: CaseFile, personal: bool) -> dict[str, str | None]:
    rating = file.rating
    assert rating is not None
    name = file.case.applicant.name
    return {
        "办件编号": file.case.number,
        "评价渠道代码": "5" if file.case.channel == "kiosk" else "2",
        "评价人": name if personal else masked(name, 1, 0),
        "评价时间": time_of(rating.at),
        "评价次数": "1",
        "满意度代码": str(rating.level),
        "文字评价": rating.text[:1000] if personal else None,
    }


def _complaint(file: CaseFile, c: Complaint, offices: Offices, personal: bool) -> dict[str, str | None]:
    name = file.case.applicant.name
    answered, answer = (c.reviewed_at, c.review) if c.reviewed_at else (c.answered_at, c.answer)
    return {
        "办件编号": file.case.number,
        "投诉编号": c.number,
        "投诉类型": COMPLAINT_KINDS[c.kind],
        "投诉人": name if personal else masked(name, 1, 0),
        "投诉时间": time_of(c.filed_at),
        "投诉内容": _words(c.text, personal),
        "受理单位名称": offices.name(c.department),
        "受理时间": time_of(c.taken_at),
        "答复时间": time_of(answered),
        "答复内容": _words(answer, personal),
        "是否解决": None if c.resolved is None else "1" if c.resolved else "0",
    }


def _words(said: str | None, personal: bool) -> str | None:
    """What people write about people is shown whole or not at all."""
    return said[:SAID] if said and personal else None


def _monitored(file: CaseFile, w: Warned, offices: Offices, personal: bool) -> dict[str, str | None]:
    late = w.made_at >= w.due
    usual = f"{KIND_LABELS[w.kind]}{'已超时限' if late else '临近时限'}，请尽快办理"
    ends = ((w.ended_at, "所督办的事项已办理"), (w.acknowledged_at, "已知悉，办理中"))
    at, result = next(((at, said) for at, said in ends if at), (w.made_at, "已发出"))
    return {
        "办件编号": file.case.number,
        "监察编号": w.id,
        "监察规则编号": f"{w.kind}-{w.step}",
        "监察预警类型代码": "2" if late else "1",
        "督办内容": (w.message if personal else None) or usual,
        "督办发出时间": time_of(w.made_at),
        "被督办机构": offices.name(w.department),
        "责任部门": offices.name(w.department),
        "状态产生时间": time_of(at),
        "监察结果描述": result,
    }


def _logistics(file: CaseFile, offices: Offices, personal: bool) -> Iterator[dict[str, str | None]]:
    for booking in file.bookings:
        leg = file.leg_by_id(booking.leg)
        if booking.waybill and booking.state in (BookingState.BOOKED, BookingState.DONE) and leg is not None:
            yield _sent(file, booking, leg.direction, offices, personal)


def _sent(
    file: CaseFile, booking: Booking, direction: Direction, offices: Offices, personal: bool
) -> dict[str, str | None]:  # fmt: skip
    office, contact = offices.name(file.case.department), _hidden(booking.address.contact, personal)
    to_office = direction is Direction.COLLECTION
    done = booking.state is BookingState.DONE
    leg = file.leg_by_id(booking.leg)
    return {
        "办件编号": file.case.number,
        "物流单号": booking.waybill,
        "寄送单位": offices.partners.get(booking.partner, booking.partner),
        "寄送日期": day_of(booking.window.start.astimezone(BEIJING).date()),
        "寄送人": contact if to_office else office[:50],
        "接收单位": office if to_office else None,
        "接收人": None if to_office else contact,
        "接收日期": day_of(leg.since.astimezone(BEIJING).date()) if done and leg else None,
    }


def _hidden(name: str, personal: bool) -> str:
    return name if personal else masked(name, 1, 0)


def masked(text: str, head: int, tail: int) -> str:
    """`440105********0019`: as long as before, so that it fits where the whole would; nothing is left of what is short."""
    hidden = len(text) - head - tail
    if hidden <= 0:
        return "*" * len(text)
    return text[:head] + "*" * hidden + text[len(text) - tail :]


def id_kind(kind: str, number: str) -> str:
    if kind == "organisation":
        return "001"
    return "111" if len(number) == 18 and number[:17].isdigit() else "999"


def time_of(at: datetime | None) -> str | None:
    """In Beijing, as the standard writes it."""
    return at.astimezone(BEIJING).strftime("%Y%m%dT%H%M%S") if at else None


def day_of(day: date | None) -> str | None:
    return day.strftime("%Y%m%d") if day else None
