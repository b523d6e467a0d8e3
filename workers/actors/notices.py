"""notice.send: a message to a resident, handed to the messaging platform."""

from cases.effects import JobKind
from storage.jobs import Job
from storage.session import Transaction
from storage.words import NoticeState
from workers.context import Context
from workers.jobs import Finish, Handler, Hopeless


def send(context: Context, job: Job) -> Finish:
    with context.database.reading() as tx:
        notice = tx.notice(job.subject)
    if notice.state is not NoticeState.WAITING:
        raise Hopeless("ended_before")
    taken = context.platform.send(notice.person, notice.template, notice.data)
    state = NoticeState.SENT if taken else NoticeState.FAILED
    return lambda tx: _ended(tx, notice.id, state)


def _ended(tx: Transaction, notice_id: str, state: NoticeState) -> None:
    tx.notice_ended(notice_id, state)


NOTICE_SEND = Handler(JobKind.NOTICE_SEND, send)
