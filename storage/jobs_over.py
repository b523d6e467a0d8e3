"""What ended well moves out of the ledger: it stays small, whatever was done before, and so do its indexes.

A job stays beside the others for `BESIDE` after its end, because somebody may just be looking for it; then it stands in a
table of its own until it is `KEEP` old. Whoever looks for one job, or for all of a subject, finds it in either. What
was set aside does not move: a person has to look at it.
"""

from datetime import timedelta

from sqlalchemy import and_, delete, insert, select, text

from storage.columns import any_of
from storage.tables import jobs, jobs_over
from storage.unit import Unit
from storage.words import JobState

OVER = frozenset({JobState.DONE, JobState.FAILED})
BESIDE = timedelta(hours=1)
KEEP = timedelta(days=30)
"""The audit chain says for ever what was done; the ledger only helps to see how."""
BATCH = 2000
"""A transaction of some hundred milliseconds, which holds up nobody."""
_OVER = text(any_of("state", OVER))
_COLUMNS = [column.name for column in jobs.columns]


def move_out(tx: Unit, limit: int = BATCH) -> int:
    """The first that ended, a batch; how many. What another is just moving is passed by."""
    ended = and_(_OVER, jobs.c.ended_at < tx.now() - BESIDE)
    first = select(jobs.c.seq).where(ended).order_by(jobs.c.ended_at).limit(limit).with_for_update(skip_locked=True)
    numbers = list(tx.execute(first).scalars())
    if not numbers:
        return 0
    tx.execute(insert(jobs_over).from_select(_COLUMNS, select(jobs).where(jobs.c.seq.in_(numbers))))
    return tx.count(delete(jobs).where(jobs.c.seq.in_(numbers)))


def forget(tx: Unit, limit: int = BATCH) -> int:
    """Those that ended longest ago; what was not moved yet is forgotten when it is."""
    oldest = select(jobs_over.c.seq).where(jobs_over.c.ended_at < tx.now() - KEEP).order_by(jobs_over.c.ended_at)
    return tx.count(delete(jobs_over).where(jobs_over.c.seq.in_(oldest.limit(limit))))
