"""case.judge: all readings of a submitted case against the checklist of its item."""

from collections.abc import Iterable, Mapping, Sequence

from cases.actions.judging import Verdict, record_verdict
from cases.deadlines import beijing_day
from cases.effects import JobKind
from cases.findings import Finding, FindingCode, found
from cases.lifecycle import CaseState
from cases.model import CaseFile
from preaudit.judge import Judgement, judge, verdict_of
from storage.jobs import Job
from storage.session import Transaction
from workers.context import SYSTEM, Context, moment
from workers.jobs import Finish, Handler, Hopeless


def judge_case(context: Context, job: Job) -> Finish:
    with context.database.reading() as tx:
        file = tx.case_file(job.subject)
        if file.case.state is not CaseState.SUBMITTED or file.unread:
            raise Hopeless("not_to_be_judged_now")
        readings = tx.readings_of(job.subject)
        reused = tuple(_reused(tx, file))
        today = beijing_day(tx.now())
    states = {m.key: str(m.state) for m in file.materials}
    judgement = judge(file.item, file.case.answers, typed(file), readings, today=today, states=states)
    verdict = _verdict(judgement, reused)
    return lambda tx: _record(tx, job.subject, verdict)


def _record(tx: Transaction, number: str, verdict: Verdict) -> None:
    file = tx.case_file(number, for_change=True)
    tx.apply(number, record_verdict(file, verdict, moment(tx)), actor=SYSTEM)


def _verdict(judgement: Judgement, reused: Sequence[Finding]) -> Verdict:
    findings = (*judgement.findings, *reused)
    materials = {key: m.state for key, m in judgement.materials.items()}
    return Verdict(str(verdict_of(findings)), findings, materials)


def typed(file: CaseFile) -> Mapping[str, str]:
    """What the resident typed, under the names that items call `form.`."""
    applicant, address = file.case.applicant, file.case.address
    form = {"applicant_name": applicant.name, "id_number": applicant.id_number, "phone": applicant.phone}
    if address is not None:
        form["address"] = f"{address.city}{address.county}{address.detail}"
    agent = file.case.agent or {}
    return form | {f"agent_{key}": str(agent[key]) for key in ("name", "id_number") if key in agent}


def _reused(tx: Transaction, file: CaseFile) -> Iterable[Finding]:
    """A photograph that stands in another person's case."""
    for material in file.materials:
        for place, page in enumerate(file.pages_of(material.key), 1):
            if _of_another(tx, file, page.sha256):
                yield found(FindingCode.REUSED_IMAGE, material=material.key, page=place)


def _of_another(tx: Transaction, file: CaseFile, sha256: str) -> bool:
    mine = file.case.applicant.id_number
    others = tx.same_picture(file.case.number, sha256)
    return any(tx.case_file(number).case.applicant.id_number != mine for number in others)


CASE_JUDGE = Handler(JobKind.CASE_JUDGE, judge_case)
