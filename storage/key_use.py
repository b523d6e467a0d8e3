"""Which keys of the ring are in use, told cheaply enough for every start of a process.

`missing_keys` looks at the oldest and the newest rows of every table that holds sealed values: a key that was dropped, or a
ring of another host or of an older day, shows at one of both ends, because values are sealed anew in the order of rows.
Promises: a few rows a table are read, however many there are. Does not promise to find a key that only rows in the middle
need: `zerotrip keys list` counts them all.
"""

from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, LargeBinary, Select, func, select

from storage.blob_store import BlobMissing, Blobs
from storage.sealed import Sealed, sealed_tables
from storage.tables import cases, persons, staff
from storage.unit import Unit
from storage.vault import HEAD_BYTES, SealBroken, VaultError, sealed_under

AT_EACH_END = 5
BLOBS = "pictures and documents"
ANOTHER = "the key ring of another service: it does not open what is kept; bring the right file from your backup"
BLOBS_ASKED = 20
"""Names of blobs are hashes of what is in them: any few are drawn from all times alike."""


def missing_keys(tx: Unit, known: Iterable[int], blobs: Blobs | None = None) -> Mapping[int, list[str]]:
    """By number of a key that the ring lacks: the tables that hold what it sealed."""
    held: dict[int, list[str]] = {}
    for sealed in sealed_tables():
        for number in sorted(_numbers(tx, sealed) - set(known)):
            held.setdefault(number, []).append(sealed.table.name)
    for number in sorted(_numbers_of(blobs) - set(known)) if blobs else ():
        held.setdefault(number, []).append(BLOBS)
    return held


def holds_sealed(connection: Connection) -> bool:
    """Whether anything was sealed here yet; to be asked without a vault."""
    return any(connection.execute(select(1).select_from(t).limit(1)).first() for t in (staff, persons, cases))


def check_keys(tx: Unit, path: Path) -> None:
    """Raises `VaultError` with the sentence for whoever runs the service."""
    missing = missing_keys(tx, tx.vault.numbers)
    if missing:
        raise VaultError(f"STORAGE_KEY_FILE: {path}: {sentence(missing)}")
    if not _opens_what_is_kept(tx):
        raise VaultError(f"STORAGE_KEY_FILE: {path}: {ANOTHER}")


def _opens_what_is_kept(tx: Unit) -> bool:
    """Whether these are the keys, and not only their numbers."""
    try:
        for table, column in ((staff, "totp_secret"), (persons, "platform_user")):
            row = tx.one(select(table.c.id, table.c[column].label("sealed")).order_by(table.c.seq).limit(1))
            if row is not None:
                tx.unseal(table, column, row.id, row.sealed)
    except SealBroken:
        return False
    return True


def sentence(missing: Mapping[int, list[str]]) -> str:
    each = (
        f"key {number} is not in the ring, and {_some(names)} hold what it sealed" for number, names in missing.items()
    )
    return f"{'; '.join(each)}; nothing is lost: bring it back with `zerotrip keys bring-back COPY-OF-THE-KEY-FILE`"


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more tables" if len(names) > 3 else "")


def _numbers(tx: Unit, sealed: Sealed) -> set[int]:
    values = (v for rows in _ends(sealed) for row in tx.all(rows) for v in row if v is not None)
    return {sealed_under(value) for value in values}


def _ends(sealed: Sealed) -> tuple[Select[Any], Select[Any]]:
    heads: list[ColumnElement[Any]] = [
        func.substr(sealed.table.c[name], 1, HEAD_BYTES, type_=LargeBinary()) for name in sealed.columns
    ]
    keys = list(sealed.table.primary_key.columns)
    rows: Select[Any] = select(*heads).limit(AT_EACH_END)
    return rows.order_by(*keys), rows.order_by(*(key.desc() for key in keys))


def _numbers_of(blobs: Blobs) -> set[int]:
    found = set()
    for key in islice(blobs.all_keys(), BLOBS_ASKED):
        try:
            found.add(blobs.key_number(key))
        except BlobMissing:
            continue  # erased since it was listed
    return found
