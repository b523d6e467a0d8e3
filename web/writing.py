"""The shape of every write, once: remembered? → the file, locked and in scope → decide → apply → remember → commit.

The answer is built inside the transaction and sent after its commit. Lost a race: everything is undone and decided
again on a fresh file, three times, then the caller is told. A repeated `transaction_id` gets the first answer.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from cases.effects import Outcome
from cases.errors import Conflict
from cases.model import CaseFile
from cases.moment import Moment
from storage.actors import Actor, Scope
from storage.answers import Answer
from storage.crashpoints import CrashPoint, crashpoint
from storage.ids import new_id
from storage.session import Database, Transaction
from web.asks import Write
from web.errors import AnsweredBefore

TRIES = 3
T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True)
class Caller:
    """Who asks, what may be seen, and under which key answers are remembered."""

    actor: Actor
    scope: Scope
    key: str


@dataclass(frozen=True)
class Asked:
    """One request as far as repeating it goes. Without a `transaction_id` nothing is remembered."""

    caller: Caller
    transaction_id: str | None
    fingerprint: str


def asked(caller: Caller, ask: Write | None, *what: Any) -> Asked:
    """`what` and the body are what the request is. The same id with something else is a conflict."""
    body = ask.model_dump(mode="json", exclude={"transaction_id"}) if ask else {}
    canonical = json.dumps([*what, body], sort_keys=True, ensure_ascii=False)
    fingerprint = hashlib.sha256(canonical.encode()).hexdigest()
    return Asked(caller, ask.transaction_id if ask else None, fingerprint)


@dataclass(frozen=True)
class Shown(Generic[T]):
    """What the answer is, and how it is made from the file afterwards."""

    shape: type[T]
    view: Callable[[CaseFile], T]


class _Lost(Exception):
    """Somebody was faster; deciding again may well succeed."""

    def __init__(self, conflict: Conflict) -> None:
        super().__init__(str(conflict))
        self.conflict = conflict


def moment(tx: Transaction, caller: Caller) -> Moment:
    return Moment(tx.now(), tx.calendar(), new_id, caller.actor.id)


def write(database: Database, request: Asked, shape: type[T], work: Callable[[Transaction], T]) -> T:
    """One write whose answer is remembered. `work` changes what it wants and gives the answer."""
    for left in reversed(range(TRIES)):
        try:
            return _once(database, request, shape, work)
        except _Lost as lost:
            if not left:
                raise lost.conflict from None
    raise AssertionError("unreachable")


def _once(database: Database, request: Asked, shape: type[T], work: Callable[[Transaction], T]) -> T:
    with database.transaction() as tx:
        if (known := answered(tx, request, shape)) is not None:
            return known
        made = work(tx)
        _remember(tx, request, made)
        crashpoint(CrashPoint.BEFORE_ROW_COMMIT)
    crashpoint(CrashPoint.BEFORE_ANSWER)
    return made


def answered(tx: Transaction, request: Asked, shape: type[T]) -> T | None:
    """The answer to the same request before. Raises `Conflict` if the id was used for another one, `AnsweredBefore` if
    another version gave it, which has other fields: it is given again as it was, while versions roll and after."""
    if request.transaction_id is None:
        return None
    kept = tx.remembered(request.caller.key, request.transaction_id, request.fingerprint)
    return None if kept is None else _as_it_was(shape, kept.body)


def _as_it_was(shape: type[T], body: Any) -> T:
    try:
        said = shape.model_validate(body)
    except ValidationError as error:
        raise AnsweredBefore(body) from error
    if said.model_dump(mode="json") != body:
        raise AnsweredBefore(body)
    return said


def answered_before(database: Database, request: Asked, shape: type[T]) -> T | None:
    """The same before anything else is looked at: also when the case has moved on since."""
    with database.reading() as tx:
        return answered(tx, request, shape)


def _remember(tx: Transaction, request: Asked, made: BaseModel) -> None:
    if request.transaction_id is None:
        return
    answer = Answer(200, made.model_dump(mode="json"))
    try:
        tx.remember(request.caller.key, request.transaction_id, request.fingerprint, answer)
    except Conflict as twin:
        raise _Lost(twin) from twin


Decide = Callable[[CaseFile, Moment], Outcome]


def decide(tx: Transaction, caller: Caller, number: str, decision: Decide) -> CaseFile:
    """Locks the case, decides, applies; the file as it is afterwards. Raises `NotFound` out of scope."""
    carry_out(tx, caller, number, decision)
    return tx.case_file(number)


def carry_out(tx: Transaction, caller: Caller, number: str, decision: Decide) -> tuple[CaseFile, Outcome]:
    """The same for whoever need not see the whole file again: as it was before, and what was done to it."""
    file = tx.case_file(number, for_change=True, readable_by=caller.scope)
    outcome = decision(file, moment(tx, caller))
    try:
        tx.apply(number, outcome, actor=caller.actor)
    except Conflict as lost:
        raise _Lost(lost) from lost
    return file, outcome


def change_case(database: Database, request: Asked, number: str, decision: Decide, shown: Shown[T]) -> T:
    """The usual write: one use-case on one case, answered with a view of the file afterwards."""
    return write(database, request, shown.shape, lambda tx: shown.view(decide(tx, request.caller, number, decision)))
