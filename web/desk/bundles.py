"""Bundles 一件事 at the desk: whence a case follows and what follows from it; a child that could not be opened by itself is
tried again once somebody has seen to the reason."""

from typing import Annotated

from fastapi import APIRouter, Depends

from cases.actions.bundling import retry
from cases.errors import NotFound
from web.asks import Write
from web.auth import Desk, requires
from web.bundles import BundleView, bundle_view
from web.desk.changing import change
from web.doors import Doors, doors
from web.permissions import Permission
from web.writing import asked

router = APIRouter(prefix="/desk/api/cases", tags=["desk"])
D = Annotated[Doors, Depends(doors)]


@router.get("/{no}/bundle")
def show_bundle(no: str, me: Annotated[Desk, Depends(requires(Permission.CASE_READ))], d: D) -> BundleView:
    """Whence the case follows, and what follows from it. A child of another department is told without its number."""
    with d.database.reading() as tx:
        if not tx.case_exists(no, me.scope):
            raise NotFound("没有找到该办件，请核对办件编号。", number=no)
        return bundle_view(tx, no, me.scope)


@router.post("/{no}/children/{child}/retry")
def try_again(
    no: str, child: str, ask: Write, me: Annotated[Desk, Depends(requires(Permission.CASE_ACCEPT))], d: D
) -> BundleView:  # fmt: skip
    """Open it once more: the reason why it could not be is gone."""
    change(d, asked(me, ask, "child", no, child), no, lambda file, _now: retry(file, child))
    return show_bundle(no, me, d)
