"""Agent points 代办点: what a case with an agent waits for, and what the agent's list of people says, line by line.

A point sees the cases it opened or was entrusted with, until the applicant takes them back; then it keeps number and
state. Pure functions: what is looked at comes as values.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cases.errors import InvalidRequest
from cases.lifecycle import LEG_OPEN_FOR_BOOKING, CaseState, LegState
from cases.model import Address, PersonId
from cases.sentences import say

LINES_AT_MOST = 50
"""People in one list: a morning's work, and a courier's sack."""
CHANNEL = "agent"


class Came(StrEnum):
    """How a case came to a point."""

    OPENED = "opened"
    ENTRUSTED = "entrusted"


class ProvenBy(StrEnum):
    """How the applicant's authority was proven."""

    PHONE = "phone"
    FORM = "form"
    ACCOUNT = "account"


class Ended(StrEnum):
    """Why a point sees a case no more."""

    HANDED_OVER = "handed_over"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Point:
    """`person`: the account that owns what the point opens."""

    code: str
    name: str
    village: str
    region: str
    person: PersonId
    address: Address | None = None
    active: bool = True


def check_point(point: Point) -> None:
    """Raises `InvalidRequest`, saying what is wrong."""
    if not re.fullmatch(r"[0-9a-z-]{1,32}", point.code):
        raise InvalidRequest("代办点编号由小写字母、数字和短横组成。", field="code")
    if not re.fullmatch(r"[0-9]{6}", point.region):
        raise InvalidRequest("请填写六位行政区划代码。", field="region")
    if not point.name.strip() or not point.village.strip():
        raise InvalidRequest("请填写代办点名称和村（社区）。", field="name")


# ── what comes next ──


class Step(StrEnum):
    AUTHORISE = "authorise"
    PHOTOGRAPH = "photograph"
    READING = "reading"
    SUBMIT = "submit"
    MEND = "mend"
    OFFICE = "office"
    PACK = "pack"
    BOOK = "book"
    COURIER = "courier"
    BOOK_DELIVERY = "book_delivery"
    RATE = "rate"
    OVER = "over"


class Whose(StrEnum):
    AGENT = "agent"
    APPLICANT = "applicant"
    OFFICE = "office"
    COURIER = "courier"
    NOBODY = "nobody"


WHOSE: Mapping[Step, Whose] = {
    Step.AUTHORISE: Whose.AGENT,
    Step.PHOTOGRAPH: Whose.AGENT,
    Step.READING: Whose.OFFICE,
    Step.SUBMIT: Whose.AGENT,
    Step.MEND: Whose.AGENT,
    Step.OFFICE: Whose.OFFICE,
    Step.PACK: Whose.AGENT,
    Step.BOOK: Whose.AGENT,
    Step.COURIER: Whose.COURIER,
    Step.BOOK_DELIVERY: Whose.AGENT,
    Step.RATE: Whose.APPLICANT,
    Step.OVER: Whose.NOBODY,
}


@dataclass(frozen=True)
class Standing:
    """As much of a case as says what it waits for. `missing`: required materials without a good page; `unread`: pages
    that wait for the reader; the legs' states where there are any."""

    state: CaseState
    proven: bool
    missing: int = 0
    unread: int = 0
    packed: bool = False
    collection: LegState | None = None
    delivery: LegState | None = None
    booked: frozenset[str] = frozenset()
    """Directions with a courier who was asked."""


def next_step(s: Standing) -> Step:
    """What the case waits for now."""
    match s.state:
        case CaseState.DRAFT | CaseState.RETURNED:
            return _to_hand_in(s)
        case CaseState.PREAUDIT_PASSED:
            return _to_collect(s)
        case CaseState.COLLECTING | CaseState.DELIVERING:
            return Step.COURIER
        case CaseState.CONCLUDED:
            return _to_deliver(s)
        case CaseState.DELIVERED:
            return Step.RATE
        case _ if s.state in _WITH_OFFICE:
            return Step.OFFICE
        case _:
            return _to_deliver(s) if s.delivery is not None else Step.OVER


_WITH_OFFICE = frozenset(
    {
        CaseState.SUBMITTED,
        CaseState.IN_REVIEW,
        CaseState.RECEIVED,
        CaseState.ACCEPTED,
        CaseState.PROCESSING,
        CaseState.APPROVED,
        CaseState.REFUSED,
    }
)


def _to_hand_in(s: Standing) -> Step:
    if not s.proven:
        return Step.AUTHORISE
    if s.missing:
        return Step.MEND if s.state is CaseState.RETURNED else Step.PHOTOGRAPH
    return Step.READING if s.unread else Step.SUBMIT


def _to_collect(s: Standing) -> Step:
    if s.collection not in LEG_OPEN_FOR_BOOKING:
        return Step.OFFICE
    if "collection" in s.booked:
        return Step.COURIER
    return Step.BOOK if s.packed else Step.PACK


def _to_deliver(s: Standing) -> Step:
    if "delivery" in s.booked:
        return Step.COURIER
    return Step.BOOK_DELIVERY if s.delivery in LEG_OPEN_FOR_BOOKING else Step.OVER


# ── a list of people ──


@dataclass(frozen=True)
class RosterLine:
    """One person of a list as it was written; `problem`: the sentence that says what is wrong with it."""

    name: str = field(repr=False)
    id_number: str = field(repr=False)
    phone: str = field(repr=False)
    problem: str | None = None


_APART = re.compile(r"[\s,，;；、|\t]+")
_PHONE = re.compile(r"(?:\+?86)?(1\d{10})")
_LONG = re.compile(r"[0-9]{15,17}[0-9X]?")
_HEADINGS = ("姓名", "身份证", "证件", "手机", "电话", "序号")


def read_roster(text: str) -> tuple[RosterLine, ...]:
    """A list as people keep it: a line a person, name, identity number and phone in any order, set apart by commas,
    blanks or tabs; a heading and empty lines are passed over. Not yet checked."""
    lines = (line.strip().strip("\ufeff") for line in text.splitlines())
    return tuple(_roster_line(line) for line in lines if line and not _is_heading(line))


def _is_heading(line: str) -> bool:
    return any(word in line for word in _HEADINGS) and not re.search(r"\d{6}", line)


def _roster_line(line: str) -> RosterLine:
    words = [w.strip("\"'“”") for w in _APART.split(line)]
    name = "".join(w for w in words if w and not any(c.isdigit() for c in w))
    phone = next((m.group(1) for w in words if (m := _PHONE.fullmatch(w))), "")
    id_number = next((w.upper() for w in words if _LONG.fullmatch(w.upper())), "")
    rest = (w for w in words if re.fullmatch(r"[0-9Xx]{5,}", w) and w.upper() != id_number)
    return RosterLine(name, id_number, phone or next((w for w in rest if not _PHONE.fullmatch(w)), ""))


def check_roster(lines: Iterable[RosterLine]) -> tuple[RosterLine, ...]:
    """Each with the sentence that says what to mend, if anything; the same person twice is told at the second place."""
    seen: dict[str, int] = {}
    checked = []
    for ordinal, line in enumerate(lines, 1):
        problem = _problem(line)
        first = seen.setdefault(line.id_number, ordinal)
        if problem is None and first != ordinal:
            problem = say("与第{line}行是同一个人，已略过", line=first)
        checked.append(RosterLine(line.name, line.id_number, line.phone, problem))
    return tuple(checked)


def _problem(line: RosterLine) -> str | None:
    if not 2 <= len(line.name) <= 50:
        return "缺少姓名，或姓名有误"
    if not line.id_number:
        return "缺少身份证号码"
    if not id_number_holds(line.id_number):
        return "身份证号码有误，请对照证件核对"
    if not re.fullmatch(r"1\d{10}", line.phone):
        return "手机号码应为11位，没有它就无法向本人确认"
    return None


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def id_number_holds(text: str) -> bool:
    """GB 11643: whether the last character follows from the others."""
    if not re.fullmatch(r"[0-9]{17}[0-9X]", text):
        return False
    return _CHECKS[sum(w * int(d) for w, d in zip(_WEIGHTS, text, strict=False)) % 11] == text[17]
