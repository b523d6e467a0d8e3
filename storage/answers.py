"""Writes that may be sent twice: the same transaction id gives the same answer and no second effect.

The answer is kept in the transaction of the change itself, so the two cannot part. Kept by person: nobody can read
another's answer by guessing an id.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import Executable, Select, and_, bindparam, delete, select

from cases.errors import Conflict
from storage import direct
from storage.tables import answers
from storage.unit import Unit, added_if_new

KEEP = timedelta(days=30)
"""No client repeats a request a month later; a draft lives that long."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any


def remembered(tx: Unit, person_key: str, transaction_id: str, fingerprint: str) -> Answer | None:
    """The answer given before. Raises `Conflict` when the id comes again with another request."""
    row = direct.one(tx, _given(), {"person": person_key, "transaction": transaction_id})
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise Conflict("这次操作和之前的重了，请再试一次。", transaction_id=transaction_id)
    return Answer(row.status, tx.unseal(answers, "body", _row(person_key, transaction_id), row.body))


def remember(tx: Unit, person_key: str, transaction_id: str, fingerprint: str, answer: Answer) -> None:
    """Keeps the answer. Raises `Conflict` if a twin request was faster: repeat, and get its answer."""
    values = {
        "person_key": person_key,
        "transaction_id": transaction_id,
        "fingerprint": fingerprint,
        "status": answer.status,
        "body": tx.seal(answers, "body", _row(person_key, transaction_id), answer.body),
        "at": tx.now(),
    }
    if direct.one(tx, _kept(tx.postgresql), values) is None:
        raise Conflict("刚才的操作还在处理，请稍等一下再试。", transaction_id=transaction_id)


@cache
def _given() -> Select[*tuple[Any, ...]]:
    mine = and_(answers.c.person_key == bindparam("person"), answers.c.transaction_id == bindparam("transaction"))
    return select(answers.c.fingerprint, answers.c.status, answers.c.body).where(mine)


@cache
def _kept(postgresql: bool) -> Executable:
    """Nothing comes back where a twin was faster."""
    return added_if_new(answers, postgresql).values({column.name: bindparam(column.name) for column in answers.c})


def forget_old_answers(tx: Unit) -> int:
    return tx.count(delete(answers).where(answers.c.at < tx.now() - KEEP))


def _row(person_key: str, transaction_id: str) -> str:
    return f"{person_key}/{transaction_id}"
