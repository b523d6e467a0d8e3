"""What stands in for photographs in a case, for the office: where it comes from, on which consent, what it says."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from cases.errors import NotFound
from cases.model import CaseFile
from cases.readings import Reading, field_to_json
from cases.waived import Waiver
from web.auth import Desk, requires
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape, Time, WaivedView
from web.waived import waived_view

router = APIRouter(prefix="/desk/api/cases", tags=["desk"])
D = Annotated[Doors, Depends(doors)]


class DeskWaiver(WaivedView):
    """`source_case`, `source_material`: where it was photographed and passed. `receipt`: the registry's own number."""

    material: str
    name: str
    by: str
    source_case: str | None
    source_material: str | None
    source_pages: list[str]
    receipt: str | None
    ended_at: Time | None
    ended_why: str | None


class ProvenPage(Shape):
    """One page that was not photographed: its kind, and what stands on it, for roles that may see it."""

    kind: str
    engine: str
    fields: dict[str, Any] | None


class DeskWaiverView(Shape):
    case: str
    waiver: DeskWaiver
    pages: list[ProvenPage]


class DeskWaiversView(Shape):
    case: str
    waivers: list[DeskWaiver]


def desk_waiver(file: CaseFile, waiver: Waiver) -> DeskWaiver:
    material = file.material(waiver.material)
    return DeskWaiver(
        **dict(waived_view(waiver)),
        material=waiver.material,
        name=material.name if material else waiver.material,
        by=waiver.by,
        source_case=waiver.source_case,
        source_material=waiver.source_material,
        source_pages=list(waiver.source_pages),
        receipt=waiver.receipt,
        ended_at=waiver.ended_at,
        ended_why=waiver.ended_why,
    )


@router.get("/{no}/waivers")
def show_waivers(no: str, me: Annotated[Desk, Depends(requires(Permission.CASE_READ))], d: D) -> DeskWaiversView:
    """All of a case, also those that have ended, in order."""
    with d.database.reading() as tx:
        file = tx.case_file(no, readable_by=me.scope)
    return DeskWaiversView(case=no, waivers=[desk_waiver(file, w) for w in file.waivers])


@router.get("/{no}/waivers/{material}")
def show_waiver(
    no: str, material: str, me: Annotated[Desk, Depends(requires(Permission.PAGE_READ))], d: D
) -> DeskWaiverView:
    """The one alive for a material, and what it says. The look at personal values is recorded."""
    personal = Permission.PERSONAL_READ in me.permissions
    with (d.database.transaction if personal else d.database.reading)() as tx:
        file = tx.case_file(no, readable_by=me.scope)
        waiver = file.waiver(material)
        if waiver is None:
            raise NotFound("这份材料没有免提交。", material=material)
        if personal:
            tx.record(no, me.actor, "personal_data_shown", {"what": "waiver", "material": material})
        proven = tx.proven_readings(no).get(material, [])
    pages = [_page(r, personal=personal) for r in proven]
    return DeskWaiverView(case=no, waiver=desk_waiver(file, waiver), pages=pages)


def _page(reading: Reading, *, personal: bool) -> ProvenPage:
    fields = {name: field_to_json(f) for name, f in reading.fields.items()} if personal else None
    return ProvenPage(kind=reading.kind, engine=reading.engine, fields=fields)
