"""The picture of a complaint, as the copy that may be shown: to its resident and to who handles it."""

from fastapi import Response

from cases.care import Complaint
from cases.errors import NotFound
from storage.blobs import Blobs
from web.files import NotReady


def picture_of(blobs: Blobs, c: Complaint) -> Response:
    """Raises `NotReady` while it is being made, `NotFound`."""
    if c.photo is None or c.photo_problem is not None:
        raise NotFound("没有可以显示的图片。", id=c.id)
    if c.picture is None:
        raise NotReady("图片正在处理，请稍后再试。", retry_after=2)
    return Response(blobs.get(c.picture), media_type="image/jpeg", headers={"Cache-Control": "private, no-store"})
