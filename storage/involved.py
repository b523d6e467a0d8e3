"""Who worked on a case, as its audit chain says. What is said of the case is kept from them."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, select

from storage.tables import audit
from storage.unit import Unit
from storage.words import ActorKind

LOOKS = (
    "personal_data_shown",
    "agent_looked",
    "urged",
    "urge_acknowledged",
    "claim_taken_away",
    "staff_looked",
)
"""What somebody of the office does on a case's chain without working on the case."""


def involved_in(case_number: ColumnElement[str], somebody: ColumnElement[str] | str | None) -> ColumnElement[bool]:
    """Whether this person of the office did something on the case, by its audit chain."""
    return exists().where(audit.c.chain == case_number, _work_of(somebody))


def worked_on(tx: Unit, numbers: Collection[str], somebody: str | None) -> set[str]:
    """The same of the few cases of a page. Asked for apart: as a column of the page's own question, a planner reads the
    whole audit for it."""
    own = select(audit.c.chain).where(audit.c.chain.in_(numbers), _work_of(somebody)).distinct()
    return {row.chain for row in tx.all(own)}


def _work_of(somebody: ColumnElement[str] | str | None) -> ColumnElement[bool]:
    a = audit.c
    return and_(
        a.actor_kind == ActorKind.STAFF, a.actor == ("" if somebody is None else somebody), a.action.not_in(LOOKS)
    )
