"""Everything sealed, sealed anew under the key that seals now, while the service runs.

A value is replaced only if it still is what was read: whoever writes meanwhile wins, and writes under the new key already.
Promises: stopped at any moment, nothing is lost, and it goes on from where things stand. `left` tells how much a key
still holds; at zero it can go.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, and_, func, literal, or_, select, tuple_, update

from storage.blobs import BlobMissing, Blobs
from storage.crashpoints import CrashPoint, crashpoint
from storage.sealed import Sealed, sealed_tables
from storage.session import Database
from storage.unit import AnyRow, Unit
from storage.vault import HEAD_BYTES, Context, sealed_under

BATCH = 200


def rekey_rows(database: Database) -> Iterator[tuple[str, int]]:
    """Table by table, how many values were sealed anew so far."""
    for sealed in sealed_tables():
        done, after = 0, None
        while True:
            with database.transaction() as tx:
                after, changed = _batch(tx, sealed, after)
            done += changed
            if changed:
                crashpoint(CrashPoint.ROTATION_IN_ROWS)
            yield sealed.table.name, done
            if after is None:
                break


def _batch(tx: Unit, sealed: Sealed, after: tuple[Any, ...] | None) -> tuple[tuple[Any, ...] | None, int]:
    table, keys = sealed.table, list(sealed.table.primary_key.columns)
    wanted = select(table).where(_not_under(sealed, tx.vault.current)).order_by(*keys).limit(BATCH)
    if after is not None:
        wanted = wanted.where(tuple_(*keys) > tuple_(*(literal(v, k.type) for v, k in zip(after, keys, strict=True))))
    rows = tx.all(wanted)
    changed = sum(_reseal(tx, sealed, row, name) for row in rows for name in sealed.columns)
    last = tuple(getattr(rows[-1], key.name) for key in keys) if len(rows) == BATCH else None
    return last, changed


def _reseal(tx: Unit, sealed: Sealed, row: AnyRow, name: str) -> bool:
    value = getattr(row, name)
    if value is None or sealed_under(value) == tx.vault.current:
        return False
    table, context = sealed.table, Context(sealed.table.name, name, sealed.row_name(row))
    fresh = tx.vault.seal(context, tx.vault.unseal(context, value))
    same = [key == getattr(row, key.name) for key in table.primary_key.columns]
    return tx.count(update(table).where(*same, table.c[name] == value).values({name: fresh})) == 1


def rekey_blobs(blobs: Blobs) -> Iterator[int]:
    """How many pictures and documents were sealed anew so far."""
    done = 0
    for key in blobs.all_keys():
        try:
            done += blobs.reseal(key)
            crashpoint(CrashPoint.ROTATION_IN_BLOBS)
        except BlobMissing:
            continue  # erased since it was listed
        yield done


def left_in_rows(tx: Unit, number: int) -> dict[str, int]:
    """By table, how many rows hold a value under this key."""
    counted = {}
    for sealed in sealed_tables():
        held = or_(*(_number(sealed.table.c[name]) == _as_bytes(number) for name in sealed.columns))
        rows = tx.execute(select(func.count()).select_from(sealed.table).where(held)).scalar_one()
        if rows:
            counted[sealed.table.name] = int(rows)
    return counted


def left_in_blobs(blobs: Blobs, number: int) -> int:
    return sum(blobs.key_number(key) == number for key in blobs.all_keys())


def _not_under(sealed: Sealed, number: int) -> ColumnElement[bool]:
    columns = (sealed.table.c[name] for name in sealed.columns)
    return or_(*(and_(column.is_not(None), _number(column) != _as_bytes(number)) for column in columns))


def _number(column: ColumnElement[bytes]) -> ColumnElement[bytes]:
    return func.substr(column, 2, HEAD_BYTES - 1, type_=LargeBinary())


def _as_bytes(number: int) -> bytes:
    return number.to_bytes(HEAD_BYTES - 1, "big")
