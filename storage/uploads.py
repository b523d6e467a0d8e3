"""Resumable uploads: which pieces of a file have come, until it is whole and becomes a page.

A piece is kept as a blob of its own, framed with the upload's id and its offset, so that no page ever shares its key
and it can be deleted without asking who else needs it. An upload belongs to one person and ends after a day.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from cases.errors import Conflict, NotFound
from storage.ids import new_id
from storage.tables import uploads
from storage.unit import Unit

LIFE = timedelta(hours=24)
"""Abandoned pieces go after a day; a phone that comes back later starts again."""


@dataclass(frozen=True)
class Upload:
    id: str
    person: str
    case_number: str
    material: str
    media_type: str
    size: int
    """What the client said the whole will have."""
    sha256: str | None
    received: int
    chunks: tuple[str, ...]
    """Keys of the framed pieces, in order."""
    ends_at: datetime


class Uploads:
    def __init__(self, tx: Unit) -> None:
        self._tx = tx

    def start(
        self, person: str, case_number: str, material: str, *, media_type: str, size: int, sha256: str | None = None
    ) -> Upload:
        values = {
            "id": new_id(),
            "person": person,
            "case_number": case_number,
            "material": material,
            "media_type": media_type,
            "size": size,
            "sha256": sha256,
            "received": 0,
            "chunks": [],
            "ends_at": self._tx.now() + LIFE,
        }
        self._tx.execute(insert(uploads).values(**values))
        return self.find(str(values["id"]), person)

    def under_way(self, person: str) -> int:
        mine = select(func.count()).select_from(uploads).where(uploads.c.person == person, *self._alive())
        return int(self._tx.execute(mine).scalar_one())

    def find(self, upload_id: str, person: str) -> Upload:
        """One's own, while it lives. Raises `NotFound`."""
        row = self._tx.one(select(uploads).where(uploads.c.id == upload_id, uploads.c.person == person, *self._alive()))
        if row is None:
            raise NotFound("没有这个上传任务，或已过期，请重新上传。", upload=upload_id)
        return _upload(row)

    def _alive(self) -> tuple[Any, ...]:
        return (uploads.c.ends_at > self._tx.now(),)

    def add_chunk(self, upload: Upload, key: str, size: int) -> Upload:
        """Compare-and-set on what was received. Raises `Conflict` if another piece came first."""
        mine = update(uploads).where(uploads.c.id == upload.id, uploads.c.received == upload.received)
        added = mine.values(received=upload.received + size, chunks=[*upload.chunks, key])
        if self._tx.count(added) == 0:
            raise Conflict("该片段已经收到，请从已收到的位置继续。", upload=upload.id)
        return self.find(upload.id, upload.person)

    def expired(self, limit: int = 100) -> list[Upload]:
        """Past their end, for the sweep: delete the chunks, then `forget`."""
        past = select(uploads).where(uploads.c.ends_at <= self._tx.now()).order_by(uploads.c.ends_at).limit(limit)
        return [_upload(row) for row in self._tx.all(past)]

    def forget(self, upload_id: str) -> bool:
        return self._tx.count(delete(uploads).where(uploads.c.id == upload_id)) == 1


def chunk_keys(tx: Unit) -> list[str]:
    """Blobs that pieces are kept as; there are as many as uploads under way."""
    return [key for row in tx.all(select(uploads.c.chunks)) for key in row.chunks]


def framed(upload_id: str, offset: int, data: bytes) -> bytes:
    """A piece as it is kept: unlike any other content."""
    return _frame(upload_id, offset) + data


def unframed(upload_id: str, offset: int, kept: bytes) -> bytes:
    frame = _frame(upload_id, offset)
    if not kept.startswith(frame):
        raise ValueError(f"not the piece of upload {upload_id} at {offset}")
    return kept[len(frame) :]


def _frame(upload_id: str, offset: int) -> bytes:
    return f"zerotrip-chunk {upload_id} {offset}\n".encode()


def _upload(row: Row[Any]) -> Upload:
    return Upload(
        row.id,
        row.person,
        row.case_number,
        row.material,
        row.media_type,
        row.size,
        row.sha256,
        row.received,
        tuple(row.chunks),
        row.ends_at,
    )
