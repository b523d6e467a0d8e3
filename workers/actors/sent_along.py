"""complaint.picture: what somebody sent along is opened once, in a child process: with a complaint (`workers.actors.complaints`)
or with a department's decision (`workers.actors.files`).

One kind for both, told apart by whose id the subject is. A relay of the last release ends at the sight of a kind that it
does not know, and its workers fail such a job for want of a complaint: the sweep of this version brings it back.
"""

from cases.effects import JobKind
from cases.errors import NotFound
from storage.jobs import Job
from storage.session import Transaction
from workers.actors import complaints, files
from workers.context import Context
from workers.jobs import Finish, Handler


def _of_decision(tx: Transaction, subject: str) -> bool:
    try:
        tx.decision_file(subject)
    except NotFound:
        return False
    return True


def open_once(context: Context, job: Job) -> Finish:
    with context.database.reading() as tx:
        of_decision = _of_decision(tx, job.subject)
    return files.check(context, job) if of_decision else complaints.picture(context, job)


def give_up(tx: Transaction, subject: str) -> None:
    (files if _of_decision(tx, subject) else complaints).give_up(tx, subject)


COMPLAINT_PICTURE = Handler(JobKind.COMPLAINT_PICTURE, open_once, give_up)
