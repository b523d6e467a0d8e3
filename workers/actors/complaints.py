"""What a resident sent with a complaint becomes the copy that may be shown, opened in a child process."""

from cases.care import Complaint
from preaudit.rendition import NotShowable, safe_copy
from storage.jobs import Job
from storage.session import Transaction
from workers.context import Context
from workers.jobs import Finish, Hopeless
from workers.scanning import Infected, count_infected, upload

UNREADABLE = "图片无法打开。"


def picture(context: Context, job: Job) -> Finish:
    with context.database.reading() as tx:
        number, complaint = tx.care.complaint(job.subject)
    if complaint.photo is None or complaint.picture is not None:
        raise Hopeless("made_before")
    try:
        copied = safe_copy(upload(context, complaint.photo), 1, f"投诉 {complaint.number}")
    except NotShowable as error:
        problem = error.message
        return lambda tx: tx.care.put_picture(complaint, None, problem)
    except Infected as error:
        infected = error
        return lambda tx: _infected(tx, number, complaint, infected)
    blob = context.blobs.put(copied)
    return lambda tx: tx.care.put_picture(complaint, blob, None)


def _infected(tx: Transaction, number: str, complaint: Complaint, error: Infected) -> None:
    tx.care.put_picture(complaint, None, error.message)
    count_infected(tx, number, complaint.id, error.name)


def give_up(tx: Transaction, subject: str) -> None:
    _, complaint = tx.care.complaint(subject)
    tx.care.put_picture(complaint, None, UNREADABLE)
