"""What the desk's queues ask of a case, kept in its row: whether the identity is doubtful, whether it is likely there
twice, whether it is a test.

The first two are said anew with every judgement, in the same transaction. A likely duplicate is one as long as a
question about it waits for an answer; with the answer both cases are looked at again.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import and_, select, update

from cases.duplicates import Given, Question
from cases.errors import NotFound
from cases.findings import Finding
from cases.flags import MarkedFor, identity_is_doubtful, is_reused
from cases.lifecycle import CaseState
from storage import audit, duplicates
from storage.actors import Actor
from storage.casefiles import case_file
from storage.duplicates import Settled, duplicate_questions
from storage.statistics import keeping
from storage.tables import cases, persons
from storage.unit import Unit

_WAITS = ("open", "escalated")


def keep_flags(tx: Unit, number: str, findings: Iterable[Finding]) -> None:
    """After a judgement. Cases in review that have got a double by this one are marked too."""
    found, file = tuple(findings), case_file(tx, number)
    asked = duplicate_questions(tx, file)
    flags = {
        "doubtful_identity": identity_is_doubtful(found, file.item),
        "likely_duplicate": _is_likely(found, asked),
    }
    tx.execute(update(cases).where(cases.c.number == number).values(**flags))
    _mark_others(tx, [q.other.number for q in asked if q.state in _WAITS])


def _is_likely(findings: Iterable[Finding], asked: Iterable[Question]) -> bool:
    questions = tuple(asked)
    return any(q.state in _WAITS for q in questions) or (is_reused(findings) and not questions)


def _mark_others(tx: Unit, numbers: list[str]) -> None:
    """Those that somebody changes at this moment are left alone: two cases must never wait for each other."""
    unmarked = and_(cases.c.number.in_(numbers), cases.c.state == CaseState.IN_REVIEW, ~cases.c.likely_duplicate)
    free = tx.execute(select(cases.c.number).where(unmarked).with_for_update(skip_locked=True)).scalars().all()
    if free:
        tx.execute(update(cases).where(cases.c.number.in_(free)).values(likely_duplicate=True))


def answer_duplicate(tx: Unit, number: str, other: str, given: Given) -> None:
    """As `duplicates.answer_duplicate`, and both cases leave the queue or stay in it."""
    duplicates.answer_duplicate(tx, number, other, given)
    _look_again(tx, number, other)


def settle_misuse(tx: Unit, number: str, other: str, settled: Settled) -> bool:
    """As `duplicates.settle_misuse`, and both cases leave the queue or stay in it."""
    done = duplicates.settle_misuse(tx, number, other, settled)
    _look_again(tx, number, other)
    return done


def _look_again(tx: Unit, *numbers: str) -> None:
    for number in sorted(numbers):
        file = case_file(tx, number)
        likely = _is_likely(file.findings, duplicate_questions(tx, file))
        tx.execute(update(cases).where(cases.c.number == number).values(likely_duplicate=likely))


def mark_test(tx: Unit, number: str, test: bool, *, account: bool, why: MarkedFor, actor: Actor) -> int:
    """Takes a case out of the work and the figures, or back into them; with `account` also what its account has open and
    opens from now on. How many cases changed. Raises `NotFound`."""
    owner = tx.execute(select(cases.c.owner).where(cases.c.number == number)).scalar_one_or_none()
    if owner is None:
        raise NotFound("没有找到该办件，请核对办件编号。", number=number)
    marked = (cases.c.owner == owner) if account else (cases.c.number == number)
    wanted = select(cases.c.number).where(marked, cases.c.test != test).order_by(cases.c.number).with_for_update()
    changed, detail = [row.number for row in tx.all(wanted)], {"test": test, "why": why}
    met = _in_review_with(tx, changed)
    tx.execute(update(cases).where(cases.c.number.in_(changed)).values(test=test))
    for one in changed:
        audit.record(tx, one, actor, "case_marked_test", detail)
    if account:
        tx.execute(update(persons).where(persons.c.id == owner).values(test=test))
        audit.record(tx, f"person:{owner}", actor, "account_marked_test", detail)
    keeping.recount_all(tx, changed)
    _look_again(tx, *met)  # tests and real cases are strangers to each other
    return len(changed)


def _in_review_with(tx: Unit, numbers: Sequence[str]) -> set[str]:
    """Those of them that are in review, and all that are taken for their doubles."""
    there = select(cases.c.number).where(cases.c.number.in_(numbers), cases.c.state == CaseState.IN_REVIEW)
    met = set(tx.execute(there).scalars())
    return met.union(*([q.other.number for q in duplicate_questions(tx, case_file(tx, n))] for n in met))
