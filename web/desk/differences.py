"""The same fact as it stands on each material of a case, side by side."""

from typing import Annotated

from fastapi import APIRouter, Depends

from cases.comparing import Place, Read, SameFact, facts, typed_in
from cases.model import CaseFile
from web.auth import Desk, requires
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape

router = APIRouter(prefix="/desk/api/cases", tags=["desk"])
D = Annotated[Doors, Depends(doors)]


class PlaceView(Shape):
    """`page`: none for what was typed. `value`: only for roles that may see personal values."""

    material: str
    label: str
    field: str
    page: str | None
    value: str | None
    certain: bool
    differs: bool
    box: list[list[float]] | None


class FactView(Shape):
    name: str
    label: str
    differs: bool
    places: list[PlaceView]


class DifferencesView(Shape):
    case: str
    facts: list[FactView]
    """Those that differ first."""


@router.get("/{no}/differences")
def show_differences(no: str, me: Annotated[Desk, Depends(requires(Permission.PAGE_READ))], d: D) -> DifferencesView:
    """What the item compares, and what every paper about the applicant shows: where it stands and whether it is the same."""
    personal = Permission.PERSONAL_READ in me.permissions
    with (d.database.transaction if personal else d.database.reading)() as tx:
        file = tx.case_file(no, readable_by=me.scope)
        if personal:
            tx.record(no, me.actor, "personal_data_shown", {"what": "differences"})
        return DifferencesView(case=no, facts=fact_views(file, tx.read_fields(no), personal=personal))


def fact_views(file: CaseFile, read: Read, *, personal: bool) -> list[FactView]:
    return [_fact(fact, personal=personal) for fact in facts(file, read, typed_in(file))]


def _fact(fact: SameFact, *, personal: bool) -> FactView:
    places = [_place(place, personal=personal) for place in fact.places]
    return FactView(name=fact.name, label=fact.label, differs=fact.differs, places=places)


def _place(place: Place, *, personal: bool) -> PlaceView:
    return PlaceView(
        material=place.material,
        label=place.label,
        field=place.field,
        page=place.page,
        value=place.value if personal else None,
        certain=place.certain,
        differs=place.differs,
        box=[list(corner) for corner in place.box] if place.box else None,
    )
