"""Messages to residents that wait to be sent, or were."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select, update

from cases.errors import NotFound
from cases.model import CaseNumber, PersonId
from storage.tables import cases, notices
from storage.unit import Unit
from storage.words import NoticeState


@dataclass(frozen=True)
class Notice:
    id: str
    number: CaseNumber
    person: PersonId
    template: str
    data: Mapping[str, Any]
    state: NoticeState
    made_at: datetime
    sent_at: datetime | None


def notice(tx: Unit, notice_id: str) -> Notice:
    """Raises `NotFound`."""
    found = _notices(tx, notices.c.id == notice_id)
    if not found:
        raise NotFound("没有这条通知。", id=notice_id)
    return found[0]


def notices_of(tx: Unit, number: str) -> list[Notice]:
    return _notices(tx, notices.c.case_number == number)


def _notices(tx: Unit, where: Any) -> list[Notice]:
    joined = select(notices, cases.c.owner).join(cases, cases.c.number == notices.c.case_number).where(where)
    return [
        Notice(
            row.id,
            CaseNumber(row.case_number),
            PersonId(row.owner),
            row.template,
            tx.unseal(notices, "data", row.id, row.data),
            NoticeState(row.state),
            row.made_at,
            row.sent_at,
        )
        for row in tx.all(joined.order_by(notices.c.seq))
    ]


def notice_ended(tx: Unit, notice_id: str, state: NoticeState) -> bool:
    """`sent` or `failed`; False if it had ended before."""
    waiting = and_(notices.c.id == notice_id, notices.c.state == NoticeState.WAITING)
    sent_at = tx.now() if state is NoticeState.SENT else None
    return tx.count(update(notices).where(waiting).values(state=state, sent_at=sent_at)) == 1
