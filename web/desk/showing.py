"""Pictures and documents as staff see them: marked with who looks, when and at which case, and on record."""

from fastapi import Response

from storage import looks
from storage.session import Transaction
from storage.watermark import marked, watermark
from web.auth import Desk

HEADERS = {"Cache-Control": "private, max-age=600"}


def shown(tx: Transaction, me: Desk, case: str, copy: bytes) -> Response:
    """A copy that our reader made. Raises `NotOurs` where it is none."""
    picture = marked(copy, watermark(me.name, tx.now(), case))
    return Response(picture, media_type="image/jpeg", headers=HEADERS)


def on_record(tx: Transaction, me: Desk, case: str, what: str, thing: str | None = None) -> None:
    """That a document, or a picture beside the papers, was looked at."""
    looks.note_look(tx, case, me.actor, what, document=thing)
