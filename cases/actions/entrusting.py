"""Who submits for somebody else: the authority on record, and handing the case to whom it is for.

An agent point 代办点, a grid worker or a relative opens the case in their own account and names themselves as the agent.
Their authority is proven by a code that goes to the applicant's phone alone and is told to the agent by the applicant,
or by a form the applicant signed, which a page of the case shows. Without either the case is not handed in. Whoever has
the case in their own account may entrust it to an agent point, and take it back.

The case may be handed over to the applicant's own account at any time; from then on the agent sees nothing of it. What
is under way goes on with the applicant.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from cases.effects import Fact, Notify, Outcome, Put
from cases.errors import Conflict, InvalidRequest
from cases.helping import Point
from cases.lifecycle import CASE, PageState
from cases.mandate import MANDATE
from cases.model import CaseFile, PersonId
from cases.moment import Moment

TRIES = 5
LAST_DIGITS = 4


class Purpose(StrEnum):
    """What a one-time code is for."""

    AUTHORITY = "authority"
    HAND_OVER = "hand_over"


LASTS: Mapping[Purpose, timedelta] = {Purpose.AUTHORITY: timedelta(minutes=30), Purpose.HAND_OVER: timedelta(days=7)}
"""The applicant tells the first at once, by telephone or standing there; the second is used when they have time."""
TOLD_BY: Mapping[Purpose, str] = {Purpose.AUTHORITY: "authority_code", Purpose.HAND_OVER: "hand_over_code"}


def is_proven(file: CaseFile) -> bool:
    """True also of a case without an agent, and of one whose applicant has taken it over."""
    agent = file.case.agent
    return agent is None or "proof" in agent or "ended" in agent


def check_sendable(file: CaseFile, purpose: Purpose) -> None:
    """Whether a code makes sense. Raises `Conflict`."""
    if file.case.agent is None or "ended" in file.case.agent:
        raise Conflict("该办件由申请人本人办理，没有代办人。")
    if purpose is Purpose.AUTHORITY and is_proven(file):
        raise Conflict("申请人的授权已经记录。")


def code_told(file: CaseFile, purpose: Purpose, code: str) -> Outcome:
    """To the applicant's phone, never to the agent."""
    agent = str((file.case.agent or {}).get("name", ""))
    return (
        Notify(TOLD_BY[purpose], {"code": code, "agent": agent}),
        Fact("code_sent", {"purpose": str(purpose)}),
    )


def proven_by_phone(file: CaseFile, now: Moment) -> Outcome:
    return _proven(file, {"how": "phone", "phone": file.case.applicant.phone}, now)


def proven_by_form(file: CaseFile, page_id: str, now: Moment) -> Outcome:
    """`page_id`: the page of this case that shows the form. Raises `InvalidRequest` for one that is not there."""
    page = file.page(page_id)
    if page is None or page.state is PageState.REMOVED:
        raise InvalidRequest("请先上传申请人签名的委托书。", field="page")
    if file.material(MANDATE.key) is not None and page.material != MANDATE.key:
        raise InvalidRequest("请选择“委托书”中的照片。", field="page")
    return _proven(file, {"how": "form", "page": page_id}, now)


def _proven(file: CaseFile, proof: Mapping[str, Any], now: Moment) -> Outcome:
    check_sendable(file, Purpose.AUTHORITY)
    agent = {**(file.case.agent or {}), "proof": {**proof, "at": now.at.isoformat(), "by": now.by}}
    return (Put("case", file.case.number, {"agent": agent}), Fact("authority_proven", {"how": proof["how"]}))


def known_beside(file: CaseFile, purpose: Purpose) -> str:
    """What must be known beside the code: to take a case over, the end of the applicant's number, so that a code read
    over somebody's shoulder is not enough."""
    return file.case.applicant.id_number[-LAST_DIGITS:] if purpose is Purpose.HAND_OVER else ""


def taken_over(file: CaseFile, to: PersonId, now: Moment) -> Outcome:
    """The applicant takes the case into their own account."""
    if file.case.owner == to:
        raise Conflict("该办件已经在您的账户中。")
    then = replace(file.case, owner=to)
    agent = {"agent": _ended(file, "handed_over", now)} if file.case.agent else {}
    return (
        Put("case", file.case.number, {"owner": then.owner, **agent}),
        Fact("case_handed_over", {"from": str(file.case.owner), "by": now.by}),
        Notify("case_handed_over"),
    )


def _ended(file: CaseFile, how: str, now: Moment) -> Mapping[str, Any]:
    return {**(file.case.agent or {}), "ended": {"how": how, "at": now.at.isoformat()}}


def entrusted(file: CaseFile, point: Point, now: Moment) -> Outcome:
    """The applicant lets an agent point go on with the case; being in their own account is the proof."""
    agent = file.case.agent
    if agent is not None and "ended" not in agent:
        raise Conflict("该办件已经有代办人，请先撤回原来的委托。")
    if CASE.is_final(file.case.state):
        raise Conflict("该办件已经结束，不需要代办。", state=str(file.case.state))
    proof = {"how": "account", "at": now.at.isoformat(), "by": now.by}
    named = {"name": point.name, "point": point.code, "relation": "代办点", "proof": proof}
    return (
        Put("case", file.case.number, {"agent": named}),
        Fact("case_entrusted", {"point": point.code}),
    )


def withdrawn(file: CaseFile, now: Moment) -> Outcome:
    """The applicant takes the authority back; the agent sees nothing from now on, what is under way goes on."""
    if file.case.agent is None or "ended" in file.case.agent:
        raise Conflict("该办件没有代办人。")
    return (
        Put("case", file.case.number, {"agent": _ended(file, "withdrawn", now)}),
        Fact("authority_withdrawn", {}),
    )
