"""item.lint, item.backtest: what the item manager asks of pre-auditing: whether a draft can be kept, and what it would have
judged differently.

Of a backtest only what was counted leaves the sealed column; it is stopped by nothing but its end, and says how far it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from cases.comparing import typed_in
from cases.couriers import Ability
from cases.deadlines import beijing_day
from cases.drafting import Misfit
from cases.effects import JobKind
from cases.items import Item, ItemInvalid, item_from
from cases.lifecycle import MaterialState
from cases.model import CaseNumber
from cases.readings import finding_to_json
from courier.offers import ability
from courier.registry import capabilities
from preaudit.backtest import PastCase, VerdictChange, backtest
from preaudit.linter import lint_definition
from storage.backtests import Backtest
from storage.history import judged_cases
from storage.jobs import Job
from storage.session import Transaction
from storage.words import BacktestState
from workers.context import Context
from workers.jobs import Finish, Handler, Hopeless

PROVEN = (MaterialState.WAIVED, MaterialState.DEFERRED)
"""What is accepted was accepted by judging, and is judged again."""
AT_A_TIME = 20
"""Cases between two words on how far it is."""


def lint_draft(context: Context, job: Job) -> Finish:
    with context.database.reading() as tx:
        draft = tx.item_drafts.draft(job.subject)
        others = {item.code: item for item in tx.items()}
    misfits = lint_definition(draft.definition, others, carriers=_carriers())
    return lambda tx: tx.item_drafts.record_lint(draft.id, draft.revision, misfits)


def _not_linted(tx: Transaction, subject: str) -> None:
    """Said where the linter's word is looked for: nobody waits for it in vain."""
    fault = Misfit("", "linter_failed", "校验没有做成，已记录；请再保存一次，或联系维护人员")
    tx.item_drafts.record_lint(subject, tx.item_drafts.draft(subject).revision, (fault,))


@cache
def _carriers() -> Mapping[str, Ability]:
    return {name: ability(known) for name, known in capabilities().items()}


def run_backtest(context: Context, job: Job) -> Finish:
    with context.database.reading() as tx:
        asked = tx.backtests.backtest(job.subject)
        draft = tx.item_drafts.draft(asked.draft)
        if asked.state in (BacktestState.DONE, BacktestState.FAILED) or draft.base is None:
            raise Hopeless("nothing_to_judge_again")
        old, numbers = tx.item(draft.code), judged_cases(tx, draft.code, asked.most)
    try:
        new = item_from(draft.definition)
    except ItemInvalid:  # edited since it was asked for
        return lambda tx: tx.backtests.fail(asked.id)
    changes = _judged_again(context, asked, old, new, numbers)
    return lambda tx: tx.backtests.finish(asked.id, len(numbers), changes)


def _judged_again(
    context: Context, asked: Backtest, old: Item, new: Item, numbers: Sequence[CaseNumber]
) -> list[Mapping[str, Any]]:
    changes: list[Mapping[str, Any]] = []
    for done in range(0, len(numbers), AT_A_TIME):
        with context.database.transaction() as tx:
            tx.backtests.progress(asked.id, len(numbers), done, len(changes))
        with context.database.reading() as tx:
            past = list(past_cases(tx, numbers[done : done + AT_A_TIME]))
        changes += [_plain(change) for change in backtest(old, new, past)]
    return changes


def _plain(change: VerdictChange) -> Mapping[str, Any]:
    return {
        "number": change.number,
        "before": str(change.before),
        "after": str(change.after),
        "gone": [finding_to_json(finding) for finding in change.gone],
        "new": [finding_to_json(finding) for finding in change.new],
    }


def past_cases(tx: Transaction, numbers: Sequence[CaseNumber]) -> Iterator[PastCase]:
    """Those of them that were judged, as they stood then."""
    for number in numbers:
        file = tx.case_file(number)
        judged = [line.at for line in tx.timeline(number) if line.action == "case_judged"]
        if judged:
            proven = tx.proven_readings(number)
            states = {m.key: str(m.state) for m in file.materials if m.state in PROVEN and m.key not in proven}
            readings, day = {**tx.readings_of(number), **proven}, beijing_day(judged[-1])
            yield PastCase(number, file.case.answers, typed_in(file), readings, day, states, file.item)


def _give_up(tx: Transaction, subject: str) -> None:
    tx.backtests.fail(subject)


ITEM_LINT = Handler(JobKind.ITEM_LINT, lint_draft, give_up=_not_linted)
ITEM_BACKTEST = Handler(JobKind.ITEM_BACKTEST, run_backtest, give_up=_give_up)
