"""Alive, ready, and figures. For whoever runs this, not for the street: the way in should not forward them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from storage.blobs import BlobsUnavailable
from storage.session import TRANSIENT
from web.doors import Doors, doors
from web.shapes import Shape

router = APIRouter(tags=["health"])
D = Annotated[Doors, Depends(doors)]


class AliveView(Shape):
    alive: bool = True


class ReadyView(Shape):
    ready: bool
    database: bool
    blobs: bool


@router.get("/healthz")
async def healthz() -> AliveView:
    """The process answers."""
    return AliveView()


@router.get("/readyz", response_model=ReadyView, responses={503: {"model": ReadyView}})
def readyz(d: D) -> JSONResponse:
    """The database and the blobs answer. Redis is not asked: intake goes on without it."""
    database, blobs = _database_answers(d), _blobs_answer(d)
    view = ReadyView(ready=database and blobs, database=database, blobs=blobs)
    return JSONResponse(view.model_dump(), 200 if view.ready else 503)


def _database_answers(d: Doors) -> bool:
    try:
        d.database.ping()
    except TRANSIENT:
        return False
    return True


def _blobs_answer(d: Doors) -> bool:
    try:
        d.blobs.ping()
    except BlobsUnavailable:
        return False
    return True


@router.get("/metrics", response_class=Response)
def metrics(d: D) -> Response:
    """Prometheus text."""
    return Response(generate_latest(d.meters.registry), media_type=CONTENT_TYPE_LATEST)
