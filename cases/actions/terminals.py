"""What somebody does at a self-service terminal 自助终端: begin without a name, say who one is with the card, leave a phone
number, hand in, and take the case along.

A case is opened before the card is read, so that the card's picture is a page like any other: until then nobody stands in
it, and it cannot be handed in. What is not handed in is discarded at the end, unless its resident asked to go on by phone.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from cases.actions import opening
from cases.effects import Fact, Notify, Outcome, Put, move_material, move_page
from cases.errors import Conflict, InvalidRequest
from cases.items import Item
from cases.lifecycle import MATERIAL, CaseState, MaterialEvent, PageEvent, PageState
from cases.model import Applicant, CaseFile
from cases.moment import Moment

CHANNEL = "kiosk"
ID_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
MOBILE = re.compile(r"1[3-9][0-9]{9}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


class How(StrEnum):
    """How the terminal learnt who somebody is."""

    READER = "reader"
    PICTURE = "picture"
    TYPED = "typed"


def is_offered(item: Item) -> bool:
    return CHANNEL in item.channels and not item.in_person


def nobody(kind: str) -> Applicant:
    return Applicant(kind, "", "", "")


def request(item: Item, answers: Mapping[str, Any]) -> opening.OpenRequest:
    kind = "person" if "person" in item.applicants else item.applicants[0]
    return opening.OpenRequest(dict(answers), nobody(kind), None, CHANNEL)


def identified(file: CaseFile, name: str, id_number: str, how: How) -> Outcome:
    """Who the case is for. Raises `InvalidRequest` for a number that cannot be one."""
    _check_open(file)
    number = id_number.strip().upper()
    if not is_id_number(number):
        raise InvalidRequest("身份证号码不正确，请重新刷卡、重拍或核对。", field="id_number")
    if not name.strip():
        raise InvalidRequest("没有姓名，请重新刷卡、重拍或填写。", field="name")
    applicant = replace(file.case.applicant, name=name.strip(), id_number=number)
    return (Put("case", file.case.number, {"applicant": applicant}), Fact("applicant_identified", {"how": str(how)}))


def is_id_number(number: str) -> bool:
    """Eighteen places with the right last one (GB 11643)."""
    if not ID_NUMBER.fullmatch(number):
        return False
    return _CHECKS[sum(w * int(d) for w, d in zip(_WEIGHTS, number[:17], strict=True)) % 11] == number[17]


def phoned(file: CaseFile, phone: str) -> Outcome:
    """Where notices go, and where the case may be taken along to."""
    _check_open(file)
    if not MOBILE.fullmatch(phone):
        raise InvalidRequest("手机号码应为11位数字，请核对。", field="phone")
    applicant = replace(file.case.applicant, phone=phone)
    return (Put("case", file.case.number, {"applicant": applicant}), Fact("phone_given"))


def _check_open(file: CaseFile) -> None:
    if file.case.state is not CaseState.DRAFT:
        raise Conflict("申请已经提交，不能再修改。")


def may_be_kept(file: CaseFile) -> bool:
    """Whether its resident could be told of it, and be known again."""
    return bool(file.case.applicant.phone and file.case.applicant.id_number)


def receipt_told(code: str) -> Outcome:
    return (Notify("kiosk_receipt", {"code": code}), Fact("code_sent", {"purpose": "hand_over"}))


def draft_told(code: str) -> Outcome:
    return (Notify("kiosk_draft", {"code": code}), Fact("code_sent", {"purpose": "hand_over"}))


def discarded(file: CaseFile, now: Moment) -> Outcome:
    """The draft is withdrawn, its pages are gone, and nobody stands in it any more."""
    pages = tuple(move_page(p, PageEvent.REMOVE) for p in file.pages if p.state is not PageState.REMOVED)
    shown = [m for m in file.materials if file.pages_of(m.key) and MaterialEvent.EMPTY in MATERIAL.allowed(m.state)]
    emptied = tuple(move_material(m, MaterialEvent.EMPTY) for m in shown)
    blank: dict[str, Any] = {
        "applicant": nobody(file.case.applicant.kind),
        "agent": None,
        "address": None,
        "answers": {},
        "closed_at": now.at,
    }
    return (
        *opening.withdraw(file, now),
        *pages,
        *emptied,
        Put("case", file.case.number, blank),
        Fact("personal_data_erased", {"pages": len(pages)}),
    )
