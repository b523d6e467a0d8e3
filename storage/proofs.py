"""What a person proved before, as it is kept: their other cases for the rules of `cases.known`, what waivers were read to
say (sealed), and every question to a data-sharing source."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update

from cases.errors import NotFound
from cases.known import PASSED, Earlier
from cases.lifecycle import CaseState, MaterialState
from cases.model import Applicant, CaseFile, CaseNumber
from cases.readings import Reading, reading_from_json, reading_to_json
from cases.waived import Inquiry, InquiryState, Waiver
from storage.actors import Scope, readable
from storage.casefiles import case_file
from storage.proof_tables import inquiries, waivers
from storage.rows import entity
from storage.tables import cases, materials
from storage.truths import settled_readings
from storage.unit import Unit

LOOKED_BACK = 20
"""A person's newest cases: who has more than that has proved the same again in them."""


@dataclass(frozen=True)
class Reach:
    """Whose papers may be offered: cases that the scope may see, and those of the phone that the applicant has proved
    to hold in this very case."""

    scope: Scope
    phone: str | None = None


def earlier_of(tx: Unit, applicant: Applicant, besides: str, reach: Reach) -> list[Earlier]:
    """The other cases of that identity number, newest first, in whatever account or department they are. A case out of
    reach comes along too: it may have replaced a paper."""
    index = tx.vault.blind("id_number", applicant.id_number)
    mine = and_(cases.c.id_number_index == index, cases.c.number != besides, cases.c.state != CaseState.DRAFT)
    within = readable(reach.scope)
    if reach.phone is not None:
        within = or_(within, cases.c.phone_index == tx.vault.blind("phone", reach.phone))
    wanted = select(cases.c.number, within.label("within")).where(mine)
    newest = wanted.order_by(cases.c.opened_at.desc(), cases.c.number.desc()).limit(LOOKED_BACK)
    return [_earlier(tx, case_file(tx, r.number), within=bool(r.within)) for r in tx.all(newest)]


def _earlier(tx: Unit, file: CaseFile, *, within: bool) -> Earlier:
    return Earlier(file, settled_readings(tx, file), within)


def proven_phone(file: CaseFile) -> str | None:
    """The phone at which the applicant proved, by a code, that an agent acts for them in this case."""
    proof = (file.case.agent or {}).get("proof") or {}
    phone = proof.get("phone") if proof.get("how") == "phone" else None
    return str(phone) if phone else None


# ── what waivers say ──


def save_proof(tx: Unit, waiver_id: str, proven: Sequence[Reading]) -> None:
    """What stands in for the pages that were not photographed: judged like theirs."""
    sealed = tx.seal(waivers, "readings", waiver_id, [reading_to_json(r) for r in proven])
    tx.execute(update(waivers).where(waivers.c.id == waiver_id).values(readings=sealed))


def proven_readings(tx: Unit, number: str) -> dict[str, list[Reading]]:
    """Of the waivers that are alive, by material."""
    alive = and_(waivers.c.case_number == number, waivers.c.ended_at.is_(None), waivers.c.readings.is_not(None))
    rows = tx.all(select(waivers.c.id, waivers.c.material, waivers.c.readings).where(alive).order_by(waivers.c.seq))
    return {r.material: [reading_from_json(x) for x in tx.unseal(waivers, "readings", r.id, r.readings)] for r in rows}


def waivers_of(tx: Unit, person: str) -> list[tuple[CaseNumber, Waiver]]:
    """In the cases of a person, newest first."""
    theirs = select(waivers).join(cases, cases.c.number == waivers.c.case_number).where(cases.c.owner == person)
    return [(CaseNumber(r.case_number), entity(tx, Waiver, r)) for r in tx.all(theirs.order_by(waivers.c.seq.desc()))]


def item_of(tx: Unit, number: str) -> tuple[str, int]:
    """Code and version of the item that a case is for, without opening anything sealed."""
    row = tx.execute(select(cases.c.item_code, cases.c.item_version).where(cases.c.number == number)).one()
    return row.item_code, row.item_version


def papers_saved(tx: Unit, where: ColumnElement[bool]) -> int:
    """As `cases.known.papers_saved` counts them for one case, over all that have passed pre-audit."""
    showing = exists().where(waivers.c.case_number == materials.c.case_number, waivers.c.material == materials.c.key)
    showing = showing.where(waivers.c.ended_at.is_(None), waivers.c.still_show)
    waived = and_(materials.c.state == MaterialState.WAIVED, cases.c.state.in_(sorted(PASSED)))
    counted = select(func.count()).select_from(materials).join(cases, cases.c.number == materials.c.case_number)
    return int(tx.execute(counted.where(where, waived, ~showing)).scalar_one())


# ── questions to data-sharing sources ──


def inquiry(tx: Unit, inquiry_id: str) -> tuple[CaseNumber, Inquiry]:
    """Raises `NotFound`."""
    row = tx.one(select(inquiries).where(inquiries.c.id == inquiry_id))
    if row is None:
        raise NotFound("没有找到。", id=inquiry_id)
    return CaseNumber(row.case_number), entity(tx, Inquiry, row)


def inquiries_of(tx: Unit, person: str) -> list[tuple[CaseNumber, Inquiry]]:
    """About the cases of a person, and those that the person authorised, newest first."""
    theirs = or_(inquiries.c.by == person, cases.c.owner == person)
    wanted = select(inquiries).join(cases, cases.c.number == inquiries.c.case_number).where(theirs)
    return [
        (CaseNumber(r.case_number), entity(tx, Inquiry, r)) for r in tx.all(wanted.order_by(inquiries.c.seq.desc()))
    ]


def inquiries_late(tx: Unit, before: datetime) -> list[tuple[CaseNumber, str]]:
    """Questions of then that nobody has answered."""
    waiting = and_(inquiries.c.state == InquiryState.WAITING, inquiries.c.authorised_at < before)
    rows = tx.all(select(inquiries.c.case_number, inquiries.c.id).where(waiting).order_by(inquiries.c.seq).limit(200))
    return [(CaseNumber(r.case_number), r.id) for r in rows]


def others_asked_about(tx: Unit, by: str, id_number: str, since: datetime) -> int:
    """How many people, this one apart, the account has had looked up since then."""
    asked = select(func.count(func.distinct(cases.c.id_number_index))).select_from(inquiries)
    asked = asked.join(cases, cases.c.number == inquiries.c.case_number)
    others = cases.c.id_number_index != tx.vault.blind("id_number", id_number)
    found: Any = tx.execute(asked.where(inquiries.c.by == by, inquiries.c.authorised_at >= since, others)).scalar_one()
    return int(found)


def erase_proofs(tx: Unit, number: str) -> None:
    """Nothing is left of what stood in for photographs in this case; the record of it holds no personal value."""
    tx.execute(delete(waivers).where(waivers.c.case_number == number))
    tx.execute(delete(inquiries).where(inquiries.c.case_number == number))
