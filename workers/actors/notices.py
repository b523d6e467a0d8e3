"""notice.send: a message to a resident, by the messaging platform, or as a text message where that does not take it."""

from dataclasses import dataclass, field
from datetime import datetime

from cases.effects import Enqueue, JobKind
from courier.registry import labels
from messaging.port import Message, NotSent, Outcome, PlatformDown, Sent
from messaging.texts import message, text_of
from storage.crashpoints import CrashPoint, crashpoint
from storage.jobs import Job
from storage.notices import OPEN, Notice
from storage.people import Person
from storage.session import Transaction
from storage.words import NoticeChannel
from workers.context import Context
from workers.jobs import Finish, Handler, Hopeless, Transient

_NO_PLATFORM = "no_platform"
_ONLY_BY_TEXT = "only_by_text"
_GIVEN_UP = "not_reached"


@dataclass(frozen=True)
class _About:
    """What a message speaks of, and where a text message goes; empty: nowhere."""

    item: str
    phone: str = field(repr=False)


def send(context: Context, job: Job) -> Finish:
    with context.database.reading() as tx:
        notice, now = tx.notice(job.subject), tx.now()
        person, about = tx.people.person(notice.person), _about(tx, notice)
    if notice.state not in OPEN or person.deleted:
        raise Hopeless("ended_before")
    text = text_of(notice.template)
    morning = None if text.urgent or text.secret else context.messages.quiet.until(now)
    if morning is not None:
        return lambda tx: _later(tx, notice, morning)
    with context.database.transaction() as tx:
        if not tx.notice_sending(notice.id):
            raise Hopeless("ended_before")
    said = message(notice.template, about.item, str(notice.number or ""), notice.data, labels())
    if text.secret:
        return _by_text(context, notice, about.phone, said, _ONLY_BY_TEXT)
    try:
        went = _by_platform(context, person, said)
    except PlatformDown as error:
        if not job.last_try:
            raise Transient(error.reason, error.wait) from error
        went = error.reason
    crashpoint(CrashPoint.AFTER_MESSAGE)
    if isinstance(went, Sent):
        return lambda tx: _sent(tx, notice, NoticeChannel.PLATFORM, None)
    return _by_text(context, notice, about.phone, said, went if isinstance(went, str) else _cause(went))


def _about(tx: Transaction, notice: Notice) -> _About:
    if notice.number is None:
        return _About(str(notice.data.get("item", "")), str(notice.data.get("phone", "")))
    file = tx.case_file(notice.number)
    return _About(file.item.name, file.case.applicant.phone)


def _later(tx: Transaction, notice: Notice, morning: datetime) -> None:
    tx.jobs.add(Enqueue(JobKind.NOTICE_SEND, notice.id, f"{notice.id}:{morning:%Y%m%dT%H%M}", due=morning))


def _by_platform(context: Context, person: Person, said: Message) -> Outcome | str:
    """What it answered, or why it was not asked. Raises `PlatformDown`."""
    platform = context.messages.platforms.get(person.platform)
    return _NO_PLATFORM if platform is None else platform.send(person.platform_user, said)


def _by_text(context: Context, notice: Notice, phone: str, said: Message, cause: str) -> Finish:
    """The platform did not take it, because of `cause`."""
    texts = context.messages.texts
    if texts is None or not phone:
        return lambda tx: _failed(tx, notice, cause)
    try:
        answer = texts.send(phone, said, notice.id)
    except PlatformDown as error:
        raise Transient(error.reason, error.wait) from error
    if isinstance(answer, NotSent):
        both = f"{cause}; {_cause(answer)}"
        return lambda tx: _failed(tx, notice, both)
    return lambda tx: _sent(tx, notice, NoticeChannel.TEXT_MESSAGE, cause)


def _cause(refused: NotSent) -> str:
    return f"{refused.cause}: {refused.detail}" if refused.detail else str(refused.cause)


def _sent(tx: Transaction, notice: Notice, channel: NoticeChannel, cause: str | None) -> None:
    tx.notice_sent(notice.id, channel, cause)


def _failed(tx: Transaction, notice: Notice, cause: str) -> None:
    tx.notice_failed(notice.id, cause)


def _give_up(tx: Transaction, notice_id: str) -> None:
    tx.notice_failed(notice_id, _GIVEN_UP)


NOTICE_SEND = Handler(JobKind.NOTICE_SEND, send, _give_up)
