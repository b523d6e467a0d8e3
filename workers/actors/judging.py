"""case.judge: all readings of a submitted case against the checklist of its item."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cases.actions.deferring import record_supplement
from cases.actions.demanded import record_demanded
from cases.actions.judging import Verdict, record_again, record_verdict
from cases.comparing import typed_in
from cases.deadlines import beijing_day
from cases.deferrals import to_judge
from cases.effects import JobKind
from cases.findings import Finding, Severity
from cases.items import Kind
from cases.lifecycle import CaseState, MaterialState
from cases.model import Case, CaseFile, CaseNumber
from cases.readings import Confirmed, Reading, documents_on
from cases.thresholds import Thresholds, band
from cases.truths import with_truths
from preaudit.by_hand import with_words
from preaudit.checks.history import History, OwnCase
from preaudit.judge import Judgement, judge
from storage.jobs import Job
from storage.metering import Meter
from storage.session import Transaction
from workers.context import SYSTEM, Context, moment
from workers.inheriting import settled_by_parent
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
        if not _to_be_judged(file):
            raise Hopeless("not_to_be_judged_now")
        proven = tx.proven_readings(job.subject)
        readings = {**looked_over(tx, file), **proven}
        history = history_of(tx, file, readings)
        inherited = settled_by_parent(tx, file)
        today, mark, in_force = beijing_day(tx.now()), tx.truth_mark(job.subject), tx.thresholds_in_force()
    judgement = judge(
        file.item,
        file.case.answers,
        typed_in(file),
        readings,
        today=today,
        states={**_settled(file, proven), **inherited},
        history=history,
        thresholds=in_force,
    )
    verdict = _verdict(judgement, _concerning(in_force, readings))
    context.tallies.count(Meter.VERDICTS, verdict=verdict.verdict)
    return lambda tx: _record(tx, job.subject, verdict, mark)


def _to_be_judged(file: CaseFile) -> bool:
    """Handed in and read; or under review, where a word of the auditor has changed what there is to judge; or going on,
    and a material that was promised, or is demanded, has come."""
    waiting = file.case.state in (CaseState.SUBMITTED, CaseState.IN_REVIEW)
    return (waiting and not file.unread and not file.unheard) or bool(to_judge(file))


def _settled(file: CaseFile, proven: Mapping[str, Sequence[Reading]]) -> Mapping[str, str]:
    """What is not doubted again. What stands in for a photograph is looked at like one: it may have expired since, or not
    fit the rest. Under review, what the machine itself had accepted is looked at again, too."""
    mine = [m for m in file.materials if m.key not in proven]
    if file.case.state is CaseState.IN_REVIEW:
        mine = [m for m in mine if m.decision is not None or m.state is not MaterialState.ACCEPTED]
    return {m.key: str(m.state) for m in mine}


def looked_over(tx: Transaction, file: CaseFile) -> Mapping[str, Sequence[Reading]]:
    """What was read, with what auditors say stands there in its place, and what the resident says beside it."""
    number = file.case.number
    readings, checked, truths = tx.readings_of(number), tx.checked_fields_of(number), tx.truths_of(number)
    if not checked and not truths:
        return readings
    pages = tx.page_ids_read(number)
    words = {
        key: [{name: field.said for name, field in checked.get(page, {}).items()} for page in of]
        for key, of in pages.items()
    }
    seen = with_words(file.item.materials, readings, words)
    said = {page: {name: truth.said for name, truth in of.items()} for page, of in truths.items()}
    return {
        key: [
            with_truths(file.spec(key), reading, said.get(page, {}))
            for page, reading in zip(pages[key], of, strict=True)
        ]
        for key, of in seen.items()
    }


def _record(tx: Transaction, number: str, verdict: Verdict, mark: int) -> None:
    file = tx.case_file(number, for_change=True)
    if to_judge(file):
        now = moment(tx)
        later = (*record_supplement(file, verdict, now), *record_demanded(file, verdict, now))
        tx.apply(number, later, actor=SYSTEM)
        return
    if file.case.state is CaseState.IN_REVIEW:
        if tx.truth_mark(number) == mark:  # else a later word has a job of its own
            tx.apply(number, record_again(file, verdict, moment(tx)), actor=SYSTEM)
        return
    if file.item.kind is Kind.INSTANT:
        verdict = replace(verdict, sampled=tx.is_drawn(number, file.item.code))
    tx.apply(number, record_verdict(file, verdict, moment(tx)), actor=SYSTEM)
    if not _to_be_judged(file):
        return  # it was too late, and is recorded so
    reasons = [f for f in verdict.findings if f.severity is not Severity.FIXABLE]
    tx.keep_judgement(number, verdict.verdict, len(reasons), doubted(reasons))


def doubted(reasons: Sequence[Finding]) -> list[tuple[str, str, int]]:
    """Kind, field and confidence of each finding that says no more than that one reader alone had read the field."""
    alone = [f for f in reasons if f.evidence.get("confirmed") == Confirmed.ONE_READER and "kind" in f.evidence]
    return [(f.evidence["kind"], f.field, band(f.evidence["confidence"])) for f in alone if f.field is not None]


def _concerning(in_force: Thresholds, readings: Mapping[str, Sequence[Reading]]) -> Mapping[str, int]:
    """For the record: the thresholds of what was judged here."""
    if not in_force:
        return {}
    kinds = {one.kind for of in readings.values() for reading in of for one in documents_on(reading)}
    return {f"{kind}.{field}": least for (kind, field), least in sorted(in_force.items()) if kind in kinds}


def _verdict(judgement: Judgement, in_force: Mapping[str, int]) -> Verdict:
    materials = {key: m.state for key, m in judgement.materials.items()}
    remarks = tuple(f"{r.material}.{r.field}：{r.message}" for r in judgement.remarks)
    return Verdict(str(judgement.verdict), judgement.findings, materials, remarks, in_force)


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
    corrected = tx.truth_mark(case.number) > 0
    readings = tx.settled_readings(tx.case_file(case.number)) if corrected else tx.readings_of(case.number)
    return OwnCase(case.item_code, case.state in UNDER_WAY, readings)


def _is_anothers(tx: Transaction, file: CaseFile, number: CaseNumber) -> bool:
    return tx.case_file(number).case.applicant.id_number != file.case.applicant.id_number


CASE_JUDGE = Handler(JobKind.CASE_JUDGE, judge_case)
