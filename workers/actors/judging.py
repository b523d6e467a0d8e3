"""case.judge: all readings of a submitted case against the checklist of its item."""

from collections.abc import Mapping, Sequence

from cases.actions.judging import Verdict, record_verdict
from cases.deadlines import beijing_day
from cases.effects import JobKind
from cases.lifecycle import CaseState
from cases.model import Case, CaseFile, CaseNumber
from cases.readings import Reading
from preaudit.by_hand import with_words
from preaudit.checks.history import History, OwnCase
from preaudit.judge import Judgement, judge
from storage.jobs import Job
from storage.session import Transaction
from workers.context import SYSTEM, Context, moment
from workers.jobs import Finish, Handler, Hopeless

LOOKED_BACK = 5
"""Other cases of the same person that are read again: the newest say what is needed."""

UNDER_WAY = frozenset(
    {
        CaseState.SUBMITTED,
        CaseState.IN_REVIEW,
        CaseState.RETURNED,
        CaseState.PREAUDIT_PASSED,
        CaseState.COLLECTING,
        CaseState.RECEIVED,
        CaseState.ACCEPTED,
        CaseState.PROCESSING,
    }
)
"""Handed in and not yet decided."""


def judge_case(context: Context, job: Job) -> Finish:
    with context.database.reading() as tx:
        file = tx.case_file(job.subject)
        if file.case.state is not CaseState.SUBMITTED or file.unread or file.unheard:
            raise Hopeless("not_to_be_judged_now")
        proven = tx.proven_readings(job.subject)
        readings = {**looked_over(tx, file), **proven}
        history = history_of(tx, file, readings)
        today = beijing_day(tx.now())
    # what stands in for a photograph is looked at like one: it may have expired since, or not fit the rest
    states = {m.key: str(m.state) for m in file.materials if m.key not in proven}
    judgement = judge(file.item, file.case.answers, typed(file), readings, today=today, states=states, history=history)
    verdict = _verdict(judgement)
    return lambda tx: _record(tx, job.subject, verdict)


def looked_over(tx: Transaction, file: CaseFile) -> Mapping[str, Sequence[Reading]]:
    """What was read, and beside it what the resident says stands there."""
    number = file.case.number
    readings, checked = tx.readings_of(number), tx.checked_fields_of(number)
    words = {
        key: [{name: field.said for name, field in checked.get(page, {}).items()} for page in pages]
        for key, pages in tx.page_ids_read(number).items()
    }
    return with_words(file.item.materials, readings, words) if checked else readings


def _record(tx: Transaction, number: str, verdict: Verdict) -> None:
    file = tx.case_file(number, for_change=True)
    tx.apply(number, record_verdict(file, verdict, moment(tx)), actor=SYSTEM)


def _verdict(judgement: Judgement) -> Verdict:
    materials = {key: m.state for key, m in judgement.materials.items()}
    remarks = tuple(f"{r.material}.{r.field}：{r.message}" for r in judgement.remarks)
    return Verdict(str(judgement.verdict), judgement.findings, materials, remarks)


def typed(file: CaseFile) -> Mapping[str, str]:
    """What the resident typed, under the names that items call `form.`."""
    applicant, address = file.case.applicant, file.case.address
    form = {"applicant_name": applicant.name, "id_number": applicant.id_number, "phone": applicant.phone}
    if address is not None:
        form["address"] = f"{address.city}{address.county}{address.detail}"
    # whoever works at an agent point acts in its name: theirs is no paper of the case
    agent = {} if "point" in (file.case.agent or {}) else (file.case.agent or {})
    return form | {f"agent_{key}": str(agent[key]) for key in ("name", "id_number") if key in agent}


def history_of(tx: Transaction, file: CaseFile, readings: Mapping[str, Sequence[Reading]]) -> History:
    """What other cases say: those of the same person, and pictures that stand in another's."""
    case = file.case
    own = [_own_case(tx, other) for other in tx.other_cases_of(case.applicant.id_number, case.number, LOOKED_BACK)]
    pages = [reading for each in readings.values() for reading in each]
    pictures = {
        r.sha256 for r in pages if any(_is_anothers(tx, file, n) for n in tx.same_picture(case.number, r.sha256))
    }
    views = [
        view for r in pages for n, view in tx.same_view(case.number, r.perceptual_hash) if _is_anothers(tx, file, n)
    ]
    return History(tuple(own), frozenset(pictures), tuple(views))


def _own_case(tx: Transaction, case: Case) -> OwnCase:
    return OwnCase(case.item_code, case.state in UNDER_WAY, tx.readings_of(case.number))


def _is_anothers(tx: Transaction, file: CaseFile, number: CaseNumber) -> bool:
    return tx.case_file(number).case.applicant.id_number != file.case.applicant.id_number


CASE_JUDGE = Handler(JobKind.CASE_JUDGE, judge_case)
