"""One at a time: a named lease in a row, in the database's time, for work that only one process should do.

A holder that dies is succeeded when its lease runs out. Holding a lease saves work; it proves nothing, so whatever is
done under one must be harmless when done twice.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from storage.tables import settings
from storage.unit import Unit

_FREE = {"holder": "", "until": datetime(1970, 1, 1, tzinfo=UTC).isoformat()}


def take_lease(tx: Unit, name: str, holder: str, length: timedelta) -> bool:
    """Takes or extends it; False: another holds it."""
    key = f"lease:{name}"
    tx.insert_new(settings, {"name": key, "value": _FREE})
    held = tx.execute(select(settings.c.value).where(settings.c.name == key).with_for_update()).scalar_one()
    if held["holder"] != holder and datetime.fromisoformat(held["until"]) > tx.now():
        return False
    until = {"holder": holder, "until": (tx.now() + length).isoformat()}
    tx.execute(update(settings).where(settings.c.name == key).values(value=until))
    return True


def drop_lease(tx: Unit, name: str, holder: str) -> None:
    """Gives it back early, if it is ours."""
    key = f"lease:{name}"
    held = tx.execute(select(settings.c.value).where(settings.c.name == key).with_for_update()).scalar_one_or_none()
    if held is not None and held["holder"] == holder:
        tx.execute(update(settings).where(settings.c.name == key).values(value=_FREE))
