"""registry.ask: a data-sharing source is asked whether a material can be proved without a photograph.

Every query is on the case's record before it is sent: who authorised it, what for, which try; never what it is about.
A source that does not answer is asked again for a minute, then the resident photographs.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.actions.waiving import Answer, Answered, answered
from cases.effects import Add, JobKind, Outcome
from cases.model import CaseFile, CaseNumber
from cases.readings import Reading
from cases.waived import PATIENCE, Inquiry, InquiryState, Waiver
from sharing import port
from sharing.port import Authorisation, Person, Unavailable
from storage.jobs import Job
from storage.session import Transaction
from workers.context import SYSTEM, Context, moment
from workers.jobs import Finish, Handler, Hopeless, Transient

AGAIN = timedelta(seconds=5)
NO_REGISTRY = Unavailable("no_registry")


@dataclass(frozen=True)
class _Asked:
    number: CaseNumber
    file: CaseFile
    inquiry: Inquiry
    at: datetime


def ask(context: Context, job: Job) -> Finish:
    with context.database.transaction() as tx:
        asked = _asked(tx, job)
    answer = _answer(context, asked)
    if isinstance(answer, Unavailable) and not job.last_try and asked.at - asked.inquiry.authorised_at < PATIENCE:
        raise Transient(answer.reason, answer.wait or AGAIN)
    return lambda tx: _record(tx, asked.inquiry.id, answer)


def _asked(tx: Transaction, job: Job) -> _Asked:
    number, inquiry = tx.inquiry(job.subject)
    if inquiry.state is not InquiryState.WAITING:
        raise Hopeless("ended_before")
    said = {
        "material": inquiry.material,
        "resource": inquiry.resource,
        "authorised_by": inquiry.by,
        "try": job.attempts,
    }
    tx.record(number, SYSTEM, "registry_asked", said)
    return _Asked(number, tx.case_file(number), inquiry, tx.now())


def _answer(context: Context, asked: _Asked) -> port.Answer:
    if context.registry is None:
        return NO_REGISTRY
    case, item, inquiry = asked.file.case, asked.file.item, asked.inquiry
    person = Person(case.applicant.name, case.applicant.id_number)
    authorisation = Authorisation(
        inquiry.id, case.number, item.code, item.name, inquiry.consent, inquiry.authorised_at
    )  # fmt: skip
    return context.registry.ask(inquiry.resource, person, authorisation)


def _record(tx: Transaction, inquiry_id: str, answer: port.Answer) -> None:
    number, _ = tx.inquiry(inquiry_id)
    file = tx.case_file(number, for_change=True)
    outcome = answered(file, inquiry_id, _said(answer), moment(tx))
    tx.apply(number, outcome, actor=SYSTEM)
    if isinstance(answer, port.Proven):
        _keep(tx, outcome, answer.readings)


def _keep(tx: Transaction, outcome: Outcome, readings: tuple[Reading, ...]) -> None:
    """What it proved stands beside its waiver, if there is one: nobody wants it else."""
    for effect in outcome:
        if isinstance(effect, Add) and isinstance(effect.entity, Waiver):
            tx.save_proof(effect.entity.id, readings)


def _said(answer: port.Answer) -> Answered:
    match answer:
        case port.Proven(_, as_of, valid_to, receipt):
            return Answered(Answer.PROVEN, as_of, valid_to, receipt)
        case port.NotFound(receipt):
            return Answered(Answer.NOT_FOUND, receipt=receipt)
        case port.Refused(reason):
            return Answered(Answer.REFUSED, reason=reason)
        case Unavailable(reason):
            return Answered(Answer.UNAVAILABLE, reason=reason)


def give_up(tx: Transaction, inquiry_id: str) -> None:
    """Nothing waits for ever: the resident photographs."""
    _record(tx, inquiry_id, Unavailable("not_answered"))


REGISTRY_ASK = Handler(JobKind.REGISTRY_ASK, ask, give_up)
