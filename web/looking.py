"""A look into a case that a colleague of the same agent point opened is on record, once a day.

The point's cases are everybody's there: somebody is ill, the resident comes back all the same, and the authority names
the point. Whoever looked can be told all the same.
"""

from datetime import datetime, time

from cases.deadlines import BEIJING, beijing_day
from storage.session import Transaction
from web.auth import AgentCaller
from web.doors import Doors
from web.writing import Caller


def note_look(d: Doors, me: Caller, number: str) -> None:
    """For a case that `me` may see."""
    if not isinstance(me, AgentCaller):
        return
    with d.database.reading() as tx:
        known = not tx.case_exists(number, me.scope) or _is_known(tx, me, number)
    if not known:
        with d.database.transaction() as tx:
            tx.case_file(number, for_change=True, readable_by=me.scope)
            tx.agents.note_look(number, me.actor, _midnight(tx.now()))


def _is_known(tx: Transaction, me: AgentCaller, number: str) -> bool:
    held = tx.agents.of_case(number)
    return held is None or held.by == me.actor.id or tx.agents.has_looked(number, me.actor, _midnight(tx.now()))


def _midnight(now: datetime) -> datetime:
    return datetime.combine(beijing_day(now), time(), BEIJING)
