"""Using what is known instead of a photograph: consent and use, asking a data-sharing source, taking it back.

Every step says in the case's record what was used, from where, on which consent. Until the case is handed in each can be
taken back. What is waived is judged with everything else, by the values that the earlier photograph or the source gave.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from cases.actions.entrusting import is_proven
from cases.actions.opening import judge_when_read
from cases.effects import Add, Enqueue, Fact, JobKind, Move, Outcome, Put, move_material
from cases.errors import Conflict, InvalidRequest, NotFound, TooMany, TransitionRefused
from cases.known import EDITABLE, Offer, ended, is_open, withdrawn
from cases.lifecycle import CASE, CaseState, MaterialEvent, MaterialState, advance
from cases.model import CaseFile, Material
from cases.moment import Moment
from cases.waived import (
    CONSENTS,
    INQUIRY,
    Inquiry,
    InquiryEvent,
    InquiryState,
    Waiver,
    WaiverEnd,
    WaiverSource,
)

OTHERS_AT_MOST = 3
"""So many people, with the one asked about now, one account may have looked up within a month, an agent with proven
authority apart: a family, and no more. An account that types strangers' numbers learns next to nothing."""
_NOTHING_SHOWN = (MaterialState.MISSING, MaterialState.RETURNED)


@dataclass(frozen=True)
class Consent:
    """The version of the text that was shown, and whether it was agreed to."""

    version: str
    agreed: bool


def use(file: CaseFile, offer: Offer, consent: Consent, now: Moment) -> Outcome:
    """An earlier paper stands in at once."""
    material = _ready(file, offer, consent)
    waiver = Waiver(
        id=now.new_id(),
        material=material.key,
        source=WaiverSource.CASE,
        at=now.at,
        by=now.by,
        consent=consent.version,
        proven_on=offer.proven_on or now.today,
        valid_to=offer.valid_to,
        still_show=offer.still_show,
        source_case=offer.case,
        source_material=offer.from_material,
        source_pages=offer.pages,
    )
    return _waived(material, waiver)


def _waived(material: Material, waiver: Waiver) -> Outcome:
    told = {
        "material": material.key,
        "source": str(waiver.source),
        "source_case": waiver.source_case,
        "resource": waiver.resource,
        "proven_on": waiver.proven_on.isoformat(),
        "consent": waiver.consent,
    }
    return (move_material(material, MaterialEvent.WAIVE), Add(waiver), Fact("material_waived", _said(told)))


def ask(file: CaseFile, offer: Offer, consent: Consent, others: int, now: Moment) -> Outcome:
    """A source is asked in the background. `others`: how many other people's papers this account asked for lately."""
    material = _ready(file, offer, consent)
    if others >= OTHERS_AT_MOST and file.case.agent is None:
        raise TooMany("您近期为多人核验过材料，请直接拍照上传。", retry_after=86_400)
    inquiry = Inquiry(
        now.new_id(), material.key, str(offer.resource), InquiryState.WAITING, consent.version, now.by, now.at
    )
    told = {"material": material.key, "resource": inquiry.resource, "consent": consent.version}
    return (
        Add(inquiry),
        Enqueue(JobKind.REGISTRY_ASK, inquiry.id, f"ask:{inquiry.id}"),
        Fact("inquiry_authorised", told),
    )


def _ready(file: CaseFile, offer: Offer, consent: Consent) -> Material:
    """Raises what stands in the way of using the offer."""
    check_editable(file)
    if not consent.agreed:
        raise InvalidRequest("请先阅读并同意，再使用这份材料；也可以直接拍照。", field="consent")
    wording = CONSENTS[offer.source]
    if consent.version != wording.version:
        raise Conflict("同意书的内容有更新，请重新阅读。", version=wording.version, text=wording.text)
    if not is_proven(file):
        raise Conflict("请先证明申请人的授权，再使用申请人以前的材料。", needs="authority")
    material = file.material(offer.material)
    if material is None or not is_open(file, material):
        raise Conflict("这份材料已经有了，不用再取。", material=offer.material)
    return material


def is_editable(file: CaseFile) -> bool:
    return file.case.state in EDITABLE


def check_editable(file: CaseFile) -> None:
    """Raises `TransitionRefused` once the case is handed in."""
    state = file.case.state
    if state not in EDITABLE:
        raise TransitionRefused("case", state, CASE.labels[state], "waive", [str(e) for e in CASE.allowed(state)])


def take_back(file: CaseFile, key: str, now: Moment) -> Outcome:
    """The consent is withdrawn, until the case is handed in: the material is to be photographed, as if never waived."""
    check_editable(file)
    material, waiver, inquiry = file.material(key), file.waiver(key), file.inquiry_for(key)
    if material is None or (waiver is None and inquiry is None):
        raise NotFound("这份材料没有使用以前的记录。", material=key)
    emptied = (move_material(material, MaterialEvent.EMPTY),) if waiver is not None else ()
    source = waiver.source if waiver is not None else WaiverSource.REGISTRY
    return (
        *emptied,
        *ended(file, key, WaiverEnd.TAKEN_BACK, now),
        *withdrawn(file, key, now),
        Fact("waiver_taken_back", {"material": key, "source": str(source)}),
    )


# ── the source's answer ─────────────────────────────────────────────────────────────────────────────────────────


class Answer(StrEnum):
    PROVEN = "proven"
    NOT_FOUND = "not_found"
    UNAVAILABLE = "unavailable"
    REFUSED = "refused"


_EVENTS: Mapping[Answer, InquiryEvent] = {
    Answer.PROVEN: InquiryEvent.PROVE,
    Answer.NOT_FOUND: InquiryEvent.MISS,
    Answer.UNAVAILABLE: InquiryEvent.GIVE_UP,
    Answer.REFUSED: InquiryEvent.REFUSE,
}
_TAKES_ANSWERS = frozenset({CaseState.DRAFT, CaseState.RETURNED, CaseState.SUBMITTED})


@dataclass(frozen=True)
class Answered:
    """`reason`: a stable word for the record, nothing personal."""

    answer: Answer
    as_of: date | None = None
    valid_to: str | None = None
    receipt: str | None = None
    reason: str | None = None


def answered(file: CaseFile, inquiry_id: str, said: Answered, now: Moment) -> Outcome:
    """The answer, whatever it is, is on record; a proof is used if the material still waits for one. Nothing at all for
    an inquiry that has ended before."""
    inquiry = file.inquiry(inquiry_id)
    if inquiry is None or inquiry.state is not InquiryState.WAITING:
        return ()
    material = file.material(inquiry.material)
    wanted = material is not None and _still_wanted(file, material)
    event = _EVENTS[said.answer] if wanted or said.answer is not Answer.PROVEN else InquiryEvent.DROP
    to = advance(INQUIRY, inquiry.state, event)
    told = {"material": inquiry.material, "resource": inquiry.resource, "result": str(to)}
    outcome: Outcome = (
        Move("inquiry", inquiry.id, inquiry.state, to, event),
        Put("inquiry", inquiry.id, {"answered_at": now.at, "receipt": said.receipt}),
        Fact("inquiry_answered", _said({**told, "receipt": said.receipt, "reason": said.reason})),
    )
    if event is InquiryEvent.PROVE and material is not None:
        outcome = (*outcome, *_waived(material, _proof(inquiry, said, now)))
    return (*outcome, *_judge_then(file, replace(inquiry, state=to)))


def _still_wanted(file: CaseFile, material: Material) -> bool:
    nothing = material.state in _NOTHING_SHOWN and not file.pages_of(material.key)
    return nothing and file.case.state in _TAKES_ANSWERS


def _proof(inquiry: Inquiry, said: Answered, now: Moment) -> Waiver:
    return Waiver(
        id=now.new_id(),
        material=inquiry.material,
        source=WaiverSource.REGISTRY,
        at=now.at,
        by=inquiry.by,
        consent=inquiry.consent,
        proven_on=said.as_of or now.today,
        valid_to=said.valid_to,
        resource=inquiry.resource,
        receipt=said.receipt,
    )


def _judge_then(file: CaseFile, settled: Inquiry) -> Outcome:
    """A case that was handed in meanwhile waits for the answer, as for a page that is being read."""
    if file.case.state is not CaseState.SUBMITTED:
        return ()
    inquiries = tuple(settled if i.id == settled.id else i for i in file.inquiries)
    return judge_when_read(replace(file, inquiries=inquiries))


def _said(detail: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in detail.items() if value is not None}
