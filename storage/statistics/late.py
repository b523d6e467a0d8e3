"""What is late now: no sum knows it, since it changes without anything happening. Few cases have a deadline that has passed,
and nothing is asked of any others: not of all that were opened in a period, or of an item, to find the late ones among them.
"""

from sqlalchemy import ColumnElement, Subquery, and_, func, literal, literal_column, select

from cases.lifecycle import CASE
from storage.actors import Scope, readable
from storage.statistics.slices import Slice, compared, in_period, place_values
from storage.tables import cases
from storage.unit import Unit

COUNTED_TO = 1_000
"""Above it nobody acts on the exact number."""


def late_cases(tx: Unit, scope: Scope) -> Subquery:
    """All that somebody may see, found by their deadlines. What counts in the figures is no test."""
    shown = (cases.c[name] for name in ("number", "region", "department", "item_code", "channel", "opened_at"))
    waiting = and_(cases.c.deadline_at < tx.now(), cases.c.state.in_(CASE.waiting()), ~cases.c.test)
    # the offset is a fence: whatever is asked of these is asked after they were found
    return select(*shown).where(waiting, readable(scope)).offset(literal_column("0")).subquery("late")


def of_slice(late: Subquery, asked: Slice) -> ColumnElement[bool]:
    """A period is that of their opening."""
    place = compared(late, place_values(asked, Scope.everything()))
    return and_(place, in_period(late.c.opened_at, asked))


def late_now(tx: Unit, asked: Slice, scope: Scope) -> tuple[int, bool]:
    """How many, and whether there are more than were counted."""
    late = late_cases(tx, scope)
    some = select(literal(1)).select_from(late).where(of_slice(late, asked)).limit(COUNTED_TO + 1).subquery()
    found = int(tx.execute(select(func.count()).select_from(some)).scalar_one())
    return min(found, COUNTED_TO), found > COUNTED_TO
