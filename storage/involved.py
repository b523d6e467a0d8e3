"""Who worked on a case, as its audit chain says. What is said of the case is kept from them."""

from sqlalchemy import ColumnElement, exists

from storage.tables import audit
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


def involved_in(case_number: ColumnElement[str], somebody: str | None) -> ColumnElement[bool]:
    """Whether this person of the office did something on the case, by its audit chain."""
    a = audit.c
    return exists().where(
        a.chain == case_number, a.actor_kind == ActorKind.STAFF, a.actor == (somebody or ""), a.action.not_in(LOOKS)
    )
