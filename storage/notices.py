"""Messages to residents: what was to be said, by which channel it went, and if it did not, why.

`created` → `sending` → `sent` | `failed`. A message that was left in `sending` by a process that died is sent again: a
resident told twice loses nothing, one told never does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select, update

from cases.effects import Enqueue, JobKind
from cases.errors import NotFound
from cases.model import CaseNumber, PersonId
from storage.ids import new_id
from storage.jobs import add_job
from storage.plain import dumps
from storage.tables import cases, notices
from storage.unit import Unit
from storage.words import NoticeChannel, NoticeState

OPEN = (NoticeState.CREATED, NoticeState.SENDING)
CAUSE_LENGTH = 200


@dataclass(frozen=True)
class Notice:
    """`number`: None where it is of no case. `channel`: how it went out. `cause`: why the platform did not take it; of
    a failed one, why nobody did."""

    id: str
    number: CaseNumber | None
    person: PersonId
    template: str
    data: Mapping[str, Any]
    state: NoticeState
    made_at: datetime
    sent_at: datetime | None
    channel: NoticeChannel | None = None
    cause: str | None = None


def notice(tx: Unit, notice_id: str) -> Notice:
    """Raises `NotFound`."""
    found = _notices(tx, notices.c.id == notice_id)
    if not found:
        raise NotFound("没有这条通知。", id=notice_id)
    return found[0]


def notices_of(tx: Unit, number: str) -> list[Notice]:
    return _notices(tx, notices.c.case_number == number)


def notices_to(tx: Unit, person: str, limit: int) -> list[Notice]:
    """The newest, oldest first: of this person's cases and of no case."""
    mine = (cases.c.owner == person) | (notices.c.person == person)
    newest = select(notices.c.seq).outerjoin(cases, cases.c.number == notices.c.case_number).where(mine)
    return _notices(tx, notices.c.seq.in_(newest.order_by(notices.c.seq.desc()).limit(limit)))


def tell(tx: Unit, person: str, template: str, data: Mapping[str, Any]) -> None:
    """A message of no case. `data` holds `item`, and `phone` where it is known. The same twice, before it was sent, is
    said once."""
    keep(tx, {"person": person}, person, template, data)


def keep(tx: Unit, to: Mapping[str, str], key: str, template: str, data: Mapping[str, Any]) -> None:
    """`to`: the column that says to whom. `key`: what makes two of the same news the same."""
    identity = new_id()
    values = {
        "id": identity,
        **to,
        "template": template,
        "data": tx.seal(notices, "data", identity, data),
        "state": NoticeState.CREATED,
        "made_at": tx.now(),
        "dedupe": tx.vault.blind("notice", dumps([key, template, data]).decode()),
    }
    if tx.insert_new(notices, values):
        add_job(tx, Enqueue(JobKind.NOTICE_SEND, identity, identity), to.get("case_number"))


def _notices(tx: Unit, where: Any) -> list[Notice]:
    joined = select(notices, cases.c.owner).outerjoin(cases, cases.c.number == notices.c.case_number).where(where)
    return [
        Notice(
            row.id,
            CaseNumber(row.case_number) if row.case_number else None,
            PersonId(row.owner or row.person),
            row.template,
            tx.unseal(notices, "data", row.id, row.data),
            NoticeState(row.state),
            row.made_at,
            row.sent_at,
            NoticeChannel(row.channel) if row.channel else None,
            row.cause,
        )
        for row in tx.all(joined.order_by(notices.c.seq))
    ]


def notice_sending(tx: Unit, notice_id: str) -> bool:
    """It is on its way; False if it had ended before."""
    still = and_(notices.c.id == notice_id, notices.c.state.in_(OPEN))
    return tx.count(update(notices).where(still).values(state=NoticeState.SENDING)) == 1


def notice_sent(tx: Unit, notice_id: str, channel: NoticeChannel, cause: str | None = None) -> bool:
    """`cause`: why it did not go by the platform, if it went otherwise. False if it had ended before."""
    return _ended(tx, notice_id, state=NoticeState.SENT, sent_at=tx.now(), channel=channel, cause=_short(cause))


def notice_failed(tx: Unit, notice_id: str, cause: str) -> bool:
    """Nobody took it. False if it had ended before."""
    return _ended(tx, notice_id, state=NoticeState.FAILED, cause=_short(cause))


def _ended(tx: Unit, notice_id: str, **values: Any) -> bool:
    still = and_(notices.c.id == notice_id, notices.c.state.in_(OPEN))
    return tx.count(update(notices).where(still).values(**values)) == 1


def _short(cause: str | None) -> str | None:
    return cause[:CAUSE_LENGTH] if cause else None
