"""What a department sends along with its decision is opened once, in a child process: whether it can be
shown at all, and the safe copy of its first page. The file itself stays as it came."""

from cases.actions.attaching import record_checked
from preaudit.rendition import NotShowable, safe_copy
from storage.blobs import BlobDamaged, BlobMissing
from storage.jobs import Job
from storage.session import Transaction
from workers.context import SYSTEM, Context, moment
from workers.jobs import Finish, Hopeless
from workers.scanning import Infected, count_infected, upload

UNREADABLE = "文件无法打开。"


def check(context: Context, job: Job) -> Finish:
    with context.database.reading() as tx:
        number, found = tx.decision_file(job.subject)
    if found.checked_at is not None:
        raise Hopeless("checked_before")
    try:
        copied = safe_copy(upload(context, found.blob), 1, f"决定附件 {number}")
    except NotShowable as error:
        problem = error.message
        return lambda tx: _record(tx, number, found.id, None, problem)
    except Infected as error:
        infected = error
        return lambda tx: _infected(tx, number, found.id, infected)
    except (BlobMissing, BlobDamaged):
        return lambda tx: _record(tx, number, found.id, None, UNREADABLE)
    picture = context.blobs.put(copied)
    return lambda tx: _record(tx, number, found.id, picture, None)


def _infected(tx: Transaction, number: str, file_id: str, error: Infected) -> None:
    _record(tx, number, file_id, None, error.message)
    count_infected(tx, number, file_id, error.name)


def _record(tx: Transaction, number: str, file_id: str, picture: str | None, problem: str | None) -> None:
    file = tx.case_file(number, for_change=True)
    tx.apply(number, record_checked(file, file_id, picture, problem, moment(tx)), actor=SYSTEM)


def give_up(tx: Transaction, subject: str) -> None:
    number, _ = tx.decision_file(subject)
    _record(tx, number, subject, None, UNREADABLE)
