"""case.route: an accepted case opens the assignments of its departments; an instant one goes on to its end."""

from cases.actions.deciding import route_case
from cases.actions.instant import next_step
from cases.effects import JobKind
from storage.jobs import Job
from storage.session import Transaction
from workers.context import SYSTEM, Context, moment
from workers.jobs import Finish, Handler


def open_assignments(_context: Context, job: Job) -> Finish:
    return lambda tx: _route(tx, job.subject)


def _route(tx: Transaction, number: str) -> None:
    file = tx.case_file(number, for_change=True)
    tx.apply(number, route_case(file, moment(tx)), actor=SYSTEM)
    _go_on(tx, number)


def _go_on(tx: Transaction, number: str) -> None:
    """Every step on a fresh file, all of them in one transaction: an instant case is never seen half concluded."""
    while step := next_step(tx.case_file(number, for_change=True), moment(tx, "machine")):
        tx.apply(number, step, actor=SYSTEM)


CASE_ROUTE = Handler(JobKind.CASE_ROUTE, open_assignments)
