"""The sweep of drop boxes: a round that is late is a warning, on record once when it turns yellow and once when it turns
red. What stands now is seen at the desk's supervision and in the metrics; this is who notices when nobody looks."""

import structlog

from cases.boxes import Light
from storage.session import Database
from workers.context import SYSTEM

log = structlog.get_logger()


def late_rounds(database: Database) -> int:
    """Warnings that are new; doing it again adds none."""
    with database.transaction() as tx:
        fresh = [late for late in tx.boxes.late(tx.now()) if tx.boxes.raise_warning(late, actor=SYSTEM)]
    for late in fresh:
        say = log.error if late.light is Light.RED else log.warning
        say("box_round_late", subject=late.box.code, state=str(late.light))
    return len(fresh)
