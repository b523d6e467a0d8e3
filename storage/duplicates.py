"""Pictures that look alike, and what was answered about them.

A picture's hash is kept in four quarters, each with an index: a neighbour has one of them in common. Pages that turn out
alike are paired when the newer one is read; the same file is found by its digest whenever somebody asks. Nothing here
looks at all pages. Test cases and real ones are strangers to each other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import BindParameter, Boolean, String, and_, bindparam, delete, or_, select, update

from cases.deadlines import add_working_days, beijing_day, end_of
from cases.duplicates import (
    MISUSE_DAYS,
    NEAR_BITS,
    AnswerKind,
    Given,
    Likeness,
    Other,
    Outcome,
    Pair,
    Question,
    distance,
    first,
    is_same_errand,
    quarters,
    reads_alike,
)
from cases.lifecycle import CaseState, PageState
from cases.model import CaseFile, CaseNumber
from cases.readings import Reading, reading_from_json
from storage import cursors
from storage.actors import Scope, readable
from storage.catalogue import calendar
from storage.ids import new_id
from storage.ruling_tables import QUARTERS, picture_hashes, twin_answers, twins
from storage.tables import cases, pages, readings
from storage.unit import AnyRow, Unit

LOOKED_AT = 200
"""Newest pictures per quarter: of a form that everybody fills in there are thousands, and its text tells them apart."""
OPENED = 8
"""Nearest pictures whose text is compared."""
MOST_PAIRS = 50
"""Of one case, the newest."""


# ── when a page is read ─────────────────────────────────────────────────────────────────────────────────────────


def pair(tx: Unit, page_id: str, made: Reading) -> None:
    """Keeps the picture's hash, and pairs the page with those of other cases that look the same and say the same."""
    tx.execute(delete(picture_hashes).where(picture_hashes.c.page_id == page_id))
    parts = quarters(made.perceptual_hash)
    if parts is None:
        return
    values = {"page_id": page_id, "hash": made.perceptual_hash, **dict(zip(QUARTERS, parts, strict=True))}
    tx.execute(picture_hashes.insert().values(**values))
    own = tx.one(select(pages.c.case_number, pages.c.sha256).where(pages.c.id == page_id))
    if own is None:
        return
    for far, row in _nearest(tx, own, made.perceptual_hash, parts):
        if reads_alike(made, reading_from_json(tx.unseal(readings, "reading", row.page_id, row.reading))):
            kept = {"case_number": own.case_number, "page": page_id, "other_case": row.case_number}
            found = {"other_page": row.page_id, "likeness": Likeness.NEAR, "distance": far, "found_at": tx.now()}
            tx.insert_new(twins, {**kept, **found})


def _nearest(tx: Unit, own: AnyRow, hash_: str, parts: Sequence[int]) -> list[tuple[int, AnyRow]]:
    """With their readings, the nearest first. The same file is found otherwise."""
    near: dict[str, int] = {}
    for name, part in zip(QUARTERS, parts, strict=True):
        column = picture_hashes.c[name]
        newest = select(picture_hashes.c.page_id, picture_hashes.c.hash).where(column == part)
        for row in tx.all(newest.order_by(picture_hashes.c.seq.desc()).limit(LOOKED_AT)):
            if (far := distance(hash_, row.hash)) <= NEAR_BITS:
                near[row.page_id] = far
    joined = select(pages.c.case_number, readings.c.page_id, readings.c.reading).join(
        readings, readings.c.page_id == pages.c.id
    )
    others = and_(pages.c.case_number != own.case_number, pages.c.sha256 != own.sha256)
    some = sorted(near, key=lambda page: near[page])[: 4 * OPENED]
    rows = tx.all(joined.where(pages.c.id.in_(some), others, pages.c.state != PageState.REMOVED))
    return sorted(((near[row.page_id], row) for row in rows), key=lambda each: each[0])[:OPENED]


def unpair(tx: Unit, number: str) -> None:
    """Of a case whose pages are erased."""
    mine = select(pages.c.id).where(pages.c.case_number == number)
    tx.execute(delete(picture_hashes).where(picture_hashes.c.page_id.in_(mine)))
    tx.execute(delete(twins).where(or_(twins.c.case_number == number, twins.c.other_case == number)))


# ── what is asked about a case ──────────────────────────────────────────────────────────────────────────────────


def duplicate_questions(tx: Unit, file: CaseFile) -> tuple[Question, ...]:
    """Every other case that shares something with this one, as one question each; of many, the newest."""
    number = file.case.number
    own = tx.connection.execute(_OWN, {"number": number}).one()
    pairs = _pairs(tx, file)
    others = _others(tx, own, pairs) if pairs else {}
    errands = _errands(tx, own, file)
    known = {**errands, **{n: o for n, o in others.items() if o.state is not CaseState.DRAFT}}
    asked = first([Question(_name(tx, number, n), o, tuple(pairs.get(n, ())), n in errands) for n, o in known.items()])
    given = _given(tx, number, [q.other.number for q in asked]) if asked else {}
    return tuple(replace(q, given=given.get(q.other.number)) for q in asked)


def _name(tx: Unit, one: str, other: str) -> str:
    """Names a question without telling the other case's number."""
    return tx.vault.blind("duplicate", "|".join(sorted((one, other))))


def _pairs(tx: Unit, file: CaseFile) -> dict[str, list[Pair]]:
    """By the other case."""
    number = file.case.number
    kept = {p.id: p for p in file.pages if p.state is not PageState.REMOVED}
    found: dict[str, list[Pair]] = {}
    digests = sorted({p.sha256 for p in kept.values()})
    for row in tx.connection.execute(_SAME_FILES, {"digests": digests, "number": number}) if digests else ():
        for page in (p for p in kept.values() if p.sha256 == row.sha256):
            at = max(page.uploaded_at, row.uploaded_at)
            found.setdefault(row.case_number, []).append(Pair(page.id, row.id, Likeness.SAME_FILE, 0, at))
    for row in tx.connection.execute(_TWINS, {"number": number}):
        turned = row.other_case == number
        own, theirs = (row.other_page, row.page) if turned else (row.page, row.other_page)
        case = row.case_number if turned else row.other_case
        if own in kept:
            made = Pair(own, theirs, Likeness(row.likeness), row.distance, row.found_at)
            found.setdefault(case, []).append(made)
    return found


# built once: a case's screen asks these at every look
_NUMBER: BindParameter[str] = bindparam("number", type_=String)
_OWN = select(cases.c.id_number_index, cases.c.test).where(cases.c.number == _NUMBER)
_SAME_FILES = (
    select(pages.c.id, pages.c.case_number, pages.c.sha256, pages.c.uploaded_at)
    .where(pages.c.sha256.in_(bindparam("digests", expanding=True)), pages.c.case_number != _NUMBER)
    .where(pages.c.state != PageState.REMOVED)
    .order_by(pages.c.seq.desc())
    .limit(MOST_PAIRS)
)
_THEIRS = pages.alias()
_TWINS = (
    select(twins)
    .join(_THEIRS, or_(_THEIRS.c.id == twins.c.page, _THEIRS.c.id == twins.c.other_page))
    .where(_THEIRS.c.case_number != _NUMBER, _THEIRS.c.state != PageState.REMOVED)
    .where(or_(twins.c.case_number == _NUMBER, twins.c.other_case == _NUMBER))
    .order_by(twins.c.seq.desc())
    .limit(MOST_PAIRS)
)
_OTHER = select(
    cases.c.number,
    cases.c.item_code,
    cases.c.state,
    cases.c.opened_at,
    cases.c.closed_at,
    cases.c.id_number_index,
).where(cases.c.test == bindparam("test", type_=Boolean))
_OTHERS = _OTHER.where(cases.c.number.in_(bindparam("numbers", expanding=True)))
_ERRANDS = (
    _OTHER.where(cases.c.id_number_index == bindparam("person", type_=String))
    .where(cases.c.item_code == bindparam("item", type_=String), cases.c.number != _NUMBER)
    .order_by(cases.c.opened_at.desc())
    .limit(MOST_PAIRS)
)


def _others(tx: Unit, own: AnyRow, numbers: Iterable[str]) -> dict[str, Other]:
    rows = tx.connection.execute(_OTHERS, {"test": own.test, "numbers": list(numbers)})
    return {row.number: _other(row, own) for row in rows}


def _errands(tx: Unit, own: AnyRow, file: CaseFile) -> dict[str, Other]:
    number, item = file.case.number, file.case.item_code
    same = {"test": own.test, "person": own.id_number_index, "item": item, "number": number}
    found = (_other(row, own) for row in tx.connection.execute(_ERRANDS, same))
    return {o.number: o for o in found if is_same_errand(item, o, tx.now())}


def _other(row: AnyRow, own: AnyRow) -> Other:
    same = row.id_number_index == own.id_number_index
    return Other(row.number, row.item_code, CaseState(row.state), row.opened_at, row.closed_at, same)


def _given(tx: Unit, number: str, others: Iterable[str]) -> dict[str, Given]:
    listed = list(others)
    either = or_(
        and_(twin_answers.c.first == number, twin_answers.c.second.in_(listed)),
        and_(twin_answers.c.second == number, twin_answers.c.first.in_(listed)),
    )
    rows = tx.all(select(twin_answers).where(either))
    return {row.second if row.first == number else row.first: _open(tx, row) for row in rows}


def _open(tx: Unit, row: AnyRow) -> Given:
    key = f"{row.first}/{row.second}"

    def text(column: str) -> str | None:
        sealed = row._mapping[column]
        return None if sealed is None else str(tx.unseal(twin_answers, column, key, sealed))

    outcome = Outcome(row.outcome) if row.outcome else None
    return Given(
        AnswerKind(row.answer), row.by, row.at, text("note"), outcome, row.settled_by, row.settled_at, text("settled_note")
    )  # fmt: skip


def in_scope(tx: Unit, numbers: Iterable[str], scope: Scope) -> frozenset[str]:
    """Of these cases, those the scope may see."""
    seen = select(cases.c.number).where(cases.c.number.in_(list(numbers)), readable(scope))
    return frozenset(row.number for row in tx.all(seen))


# ── answers ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Settled:
    """A supervisor's word on it."""

    outcome: Outcome
    by: str
    note: str


def answer_duplicate(tx: Unit, number: str, other: str, given: Given) -> None:
    """The newest word on the two cases counts; the record of both keeps them all."""
    one, two = sorted((number, other))
    tx.execute(delete(twin_answers).where(twin_answers.c.first == one, twin_answers.c.second == two))
    due = add_working_days(calendar(tx), beijing_day(given.at), MISUSE_DAYS)
    values = {"first": one, "second": two, "answer": given.answer, "by": given.by, "at": given.at}
    values |= {"id": new_id(), "due_at": end_of(due) if given.answer is AnswerKind.MISUSE else None}
    tx.execute(twin_answers.insert().values(**values, note=_sealed(tx, "note", one, two, given.note)))


def settle_misuse(tx: Unit, number: str, other: str, settled: Settled) -> bool:
    """A supervisor's word. False where nothing was waiting for one."""
    one, two = sorted((number, other))
    open_ = and_(twin_answers.c.first == one, twin_answers.c.second == two, twin_answers.c.settled_at.is_(None))
    note = _sealed(tx, "settled_note", one, two, settled.note)
    values = {"outcome": settled.outcome, "settled_by": settled.by, "settled_at": tx.now(), "settled_note": note}
    asked = update(twin_answers).where(open_, twin_answers.c.answer == AnswerKind.MISUSE).values(**values)
    return tx.count(asked) == 1


def _sealed(tx: Unit, column: str, one: str, two: str, text: str | None) -> bytes | None:
    return tx.seal(twin_answers, column, f"{one}/{two}", text) if text else None


@dataclass(frozen=True)
class Misuse:
    """One waiting for a supervisor. `cases`: those of the two that the scope may see."""

    question: str
    cases: tuple[CaseNumber, ...]
    given: Given


def misuse_waiting(
    tx: Unit, scope: Scope, cursor: str | None = None, limit: int = 50
) -> tuple[list[Misuse], str | None]:
    """The oldest first, of cases in scope; and where the next page begins. Raises `InvalidRequest`."""
    a = twin_answers.c
    waiting = and_(a.answer == AnswerKind.MISUSE, a.settled_at.is_(None))
    either = or_(cases.c.number == a.first, cases.c.number == a.second)
    seen = select(cases.c.number).where(either, readable(scope)).correlate(twin_answers).exists()
    wanted = select(twin_answers).where(waiting, seen)
    if cursor:
        at, key = cursors.read_dated(cursor)
        wanted = wanted.where(or_(a.at > at, and_(a.at == at, a.id > key)))
    rows = tx.all(wanted.order_by(a.at, a.id).limit(limit + 1))
    more = cursors.written(rows[limit - 1].at, rows[limit - 1].id) if len(rows) > limit else None
    rows = rows[:limit]
    mine = in_scope(tx, [x for r in rows for x in (r.first, r.second)], scope)
    told = [
        Misuse(
            _name(tx, row.first, row.second),
            tuple(CaseNumber(n) for n in (row.first, row.second) if n in mine),
            _open(tx, row),
        )
        for row in rows
    ]
    return told, more
