"""The page at `/kiosk`: one file for every terminal, the same for everybody, with nothing of anybody in it.

Its content policy lets it speak to this service and to the bridge of its own terminal, nowhere else. `/kiosk/sw.js` keeps
the empty page, so that a terminal that starts without a network says so instead of showing the browser's error.
"""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from web.doors import Doors, doors
from web.guests import COOKIE

router = APIRouter(include_in_schema=False)
STATIC = Path(__file__).parent.parent / "static"
_PAGE = (STATIC / "kiosk.html").read_text(encoding="utf-8")
_WORKER = (STATIC / "kiosk-sw.js").read_text(encoding="utf-8")


@router.get("/kiosk", response_class=HTMLResponse)
def kiosk_page(request: Request, d: Annotated[Doors, Depends(doors)]) -> HTMLResponse:
    return HTMLResponse(_PAGE, headers={"Content-Security-Policy": policy(_bridge(request, d))})


def policy(bridge: str | None) -> str:
    there = " ".join(("'self'", *((bridge,) if bridge else ())))
    return (
        f"default-src 'self'; connect-src {there}; object-src 'none'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


def _bridge(request: Request, d: Doors) -> str | None:
    with d.database.reading() as tx:
        found = tx.devices.by_token(request.cookies.get(COOKIE, ""))
    return found.bridge if found else None


@router.get("/kiosk/sw.js", response_class=Response)
def service_worker() -> Response:
    """From here and not from `/static`, so that it may keep `/kiosk`, which lies outside its own folder."""
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/kiosk"}
    return Response(_WORKER, media_type="text/javascript", headers=headers)
