"""case.route: an accepted case opens the assignments of its departments."""

from cases.actions.deciding import route_case
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


CASE_ROUTE = Handler(JobKind.CASE_ROUTE, open_assignments)
