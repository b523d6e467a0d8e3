"""What a resident sent with a complaint becomes the copy that may be shown, opened in a child process."""

from preaudit.rendition import NotShowable, safe_copy
from storage.jobs import Job
from storage.session import Transaction
from workers.context import Context
from workers.jobs import Finish, Hopeless
from workers.scanning import Infected, upload

UNREADABLE = "图片无法打开。"


def picture(context: Context, job: Job) -> Finish:
    with context.database.reading() as tx:
        _, complaint = tx.care.complaint(job.subject)
    if complaint.photo is None or complaint.picture is not None:
        raise Hopeless("made_before")
    try:
        copied = safe_copy(upload(context, complaint.photo), 1, f"投诉 {complaint.number}")
    except (NotShowable, Infected) as error:
        problem = error.message
        return lambda tx: tx.care.put_picture(complaint, None, problem)
    blob = context.blobs.put(copied)
    return lambda tx: tx.care.put_picture(complaint, blob, None)


def give_up(tx: Transaction, subject: str) -> None:
    _, complaint = tx.care.complaint(subject)
    tx.care.put_picture(complaint, None, UNREADABLE)
