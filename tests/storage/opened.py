"""Everything that is kept, with all seals broken: what whoever has the disk and the keys could read."""

import json
from collections.abc import Iterator

from sqlalchemy import LargeBinary, select

from storage.blobs import Blobs
from storage.sealed import ROW_NAMES
from storage.session import Database
from storage.tables import metadata
from storage.unit import Unit
from storage.vault import Context


def everything(database: Database, blobs: Blobs | None = None) -> str:
    with database.reading() as tx:
        rows = "\n".join(_rows(tx))
    kept = b"\n".join(blobs.get(key) for key in blobs.all_keys()) if blobs else b""
    return rows + kept.decode("utf-8", "replace")


def _rows(tx: Unit) -> Iterator[str]:
    for table in metadata.sorted_tables:
        names = ROW_NAMES.get(table.name, ("id",))
        for row in tx.all(select(table)):
            of = "/".join(str(getattr(row, name)) for name in names if name in table.c)
            values = []
            for column in table.columns:
                value = row._mapping[column.name]
                if isinstance(column.type, LargeBinary) and value is not None:
                    value = tx.vault.unseal(Context(table.name, column.name, of), value).decode("utf-8", "replace")
                    value = json.loads(value) if value[:1] in '{["' else value
                values.append(str(value))
            yield f"{table.name}: {' | '.join(values)}"


def unsealed(database: Database) -> dict[str, bytes]:
    """By table, all that stands in clear."""
    with database.reading() as tx:
        return {
            f"table {table.name}": "\n".join(
                str([row._mapping[c.name] for c in table.columns if not isinstance(c.type, LargeBinary)])
                for row in tx.all(select(table))
            ).encode()
            for table in metadata.sorted_tables
        }
