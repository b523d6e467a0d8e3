"""What is late now: no sum knows it, since it changes without anything happening. Few cases have a deadline that has passed,
and nothing is asked of any others: not of all that were opened in a period, or of an item, to find the late ones among them.
"""

from sqlalchemy import ColumnElement, Subquery, and_, func, select

from cases.lifecycle import CASE
from storage.actors import Scope, readable
from storage.statistics.slices import Slice, compared, in_period, place_values
from storage.tables import cases
from storage.unit import Unit

COUNTED_TO = 1_000
"""Above it nobody acts on the exact number."""
LOOKED_AT = 2_000
"""The longest late, of which those of a slice are counted, and listed."""


def late_cases(tx: Unit, scope: Scope, most: int = LOOKED_AT) -> Subquery:
    """The longest late that somebody may see, found by their deadlines: those that the figure counts, and no others. Whatever
    is asked of them is asked after they were found."""
    shown = (cases.c[name] for name in ("number", "region", "department", "item_code", "channel", "opened_at"))
    waiting = and_(cases.c.deadline_at < tx.now(), cases.c.state.in_(CASE.waiting()), ~cases.c.test)
    late = select(*shown).where(waiting, readable(scope))
    return late.order_by(cases.c.deadline_at, cases.c.number).limit(most).subquery("late")


def of_slice(late: Subquery, asked: Slice) -> ColumnElement[bool]:
    """A period is that of their opening."""
    place = compared(late, place_values(asked, Scope.everything()))
    return and_(place, in_period(late.c.opened_at, asked))


def late_now(tx: Unit, asked: Slice, scope: Scope) -> tuple[int, bool]:
    """How many, and whether there are more than were counted."""
    late = late_cases(tx, scope)
    counts = (func.count().filter(of_slice(late, asked)), func.count())
    found, looked_at = tx.execute(select(*counts).select_from(late)).one()
    return min(found, COUNTED_TO), found > COUNTED_TO or looked_at == LOOKED_AT
