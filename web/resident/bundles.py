"""What follows from a case of one's own 一件事, and how far each of it has come."""

from typing import Annotated

from fastapi import APIRouter, Depends

from cases.errors import NotFound
from web.auth import resident
from web.bundles import BundleView, bundle_view
from web.doors import Doors, doors
from web.writing import Caller

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])


@router.get("/{no}/bundle")
def show_bundle(
    no: str, me: Annotated[Caller, Depends(resident)], d: Annotated[Doors, Depends(doors)]
) -> BundleView:  # fmt: skip
    """Whence the case follows, and what follows from it by itself; both empty for a case on its own."""
    with d.database.reading() as tx:
        if not tx.case_exists(no, me.scope):
            raise NotFound("没有找到该办件，请核对办件编号。", number=no)
        return bundle_view(tx, no, me.scope)
