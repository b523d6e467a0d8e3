"""Refusals that wait for a second person, and the other cases of an applicant."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select, tuple_

from cases.lifecycle import CaseState
from cases.model import Applicant, Case, CaseNumber
from cases.rulings import Proposal, ProposalState
from storage.actors import Scope, readable
from storage.plain import from_plain
from storage.queues import PAGE_SIZE, masked_name
from storage.rows import entity
from storage.ruling_tables import proposals
from storage.tables import cases, items
from storage.unit import AnyRow, Unit


@dataclass(frozen=True)
class WaitingProposal:
    """`applicant`: masked."""

    number: CaseNumber
    item_name: str
    applicant: str
    deadline_at: datetime | None
    proposal: Proposal
    seq: int


def proposals_waiting(
    tx: Unit, scope: Scope, after: tuple[datetime, int] | None = None, limit: int = PAGE_SIZE
) -> tuple[list[WaitingProposal], tuple[datetime, int] | None]:
    """The oldest first, in scope; and where the next page begins. A case that left the review waits no more."""
    wanted = (
        select(proposals, cases.c.applicant, cases.c.deadline_at, items.c.name.label("item_name"))
        .join(cases, cases.c.number == proposals.c.case_number)
        .join(items, and_(items.c.code == cases.c.item_code, items.c.version == cases.c.item_version))
        .where(proposals.c.state == ProposalState.WAITING, cases.c.state == CaseState.IN_REVIEW, readable(scope))
    )
    if after is not None:
        wanted = wanted.where(tuple_(proposals.c.at, proposals.c.seq) > tuple_(*after))
    rows = tx.all(wanted.order_by(proposals.c.at, proposals.c.seq).limit(limit + 1))
    more = (rows[limit - 1].at, rows[limit - 1].seq) if len(rows) > limit else None
    return [_waiting(tx, row) for row in rows[:limit]], more


def _waiting(tx: Unit, row: AnyRow) -> WaitingProposal:
    applicant = from_plain(Applicant, tx.unseal(cases, "applicant", row.case_number, row.applicant))
    made = entity(tx, Proposal, row)
    return WaitingProposal(
        CaseNumber(row.case_number), row.item_name, masked_name(applicant.name), row.deadline_at, made, row.seq
    )


def other_cases(tx: Unit, case: Case, scope: Scope, limit: int) -> list[tuple[Case, str]]:
    """The newest other cases of the applicant, in scope, with what each is for."""
    index = tx.vault.blind("id_number", case.applicant.id_number)
    wanted = (
        select(cases, items.c.name.label("item_name"))
        .join(items, and_(items.c.code == cases.c.item_code, items.c.version == cases.c.item_version))
        .where(cases.c.id_number_index == index, cases.c.number != case.number, readable(scope))
    )
    newest = wanted.order_by(cases.c.opened_at.desc(), cases.c.number.desc()).limit(limit)
    return [(entity(tx, Case, row), row.item_name) for row in tx.all(newest)]


def case_of(tx: Unit, number: str) -> Case:
    """A case without what hangs on it."""
    return entity(tx, Case, tx.execute(select(cases).where(cases.c.number == number)).one())
