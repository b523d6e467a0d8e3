"""How often somebody asked for what is not there 猜号: kept where every process of the doors sees it.

Whoever it is stands here as a keyed hash and is forgotten when the time is over. The rows are few: one for each person,
device or address that missed lately.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from sqlalchemy import case, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.pressure_tables import misses
from storage.unit import Unit


def note_miss(tx: Unit, who: str, lasts: timedelta) -> int:
    """Counts one; how many it were since the first, `lasts` ago at most."""
    insert = postgresql.insert if tx.postgresql else sqlite.insert
    now = tx.now()
    first = {"who": _hidden(tx, who), "count": 1, "ends_at": now + lasts}
    over = misses.c.ends_at <= now
    again = insert(misses).values(**first).on_conflict_do_update(
        index_elements=["who"],
        set_={
            "count": case((over, 1), else_=misses.c.count + 1),
            "ends_at": case((over, first["ends_at"]), else_=misses.c.ends_at),
        },
    )  # fmt: skip
    return int(tx.execute(again.returning(misses.c.count)).scalar_one())


def misses_of(tx: Unit, whos: Iterable[str]) -> Mapping[str, tuple[int, float]]:
    """Of each that missed lately: how often, and for how many seconds it still counts."""
    hidden = {_hidden(tx, who): who for who in whos}
    rows = tx.all(select(misses).where(misses.c.who.in_(list(hidden)), misses.c.ends_at > tx.now()))
    return {hidden[r.who]: (r._mapping["count"], (r.ends_at - tx.now()).total_seconds()) for r in rows}


def forget_old_misses(tx: Unit) -> int:
    return tx.count(delete(misses).where(misses.c.ends_at <= tx.now()))


def _hidden(tx: Unit, who: str) -> str:
    return tx.vault.mac("miss", who)
