"""What is not my department's, or not my region's, does not exist: every desk address with an id answers 404 to somebody
of the right role elsewhere, and nothing has changed."""

import pytest
from fastapi.routing import APIRoute

from storage.staff import SEES_ALL
from storage.words import Role
from tests.web.smallest import query, smallest
from tests.web.test_desk_pages import with_departments
from tests.web.test_permissions import _declared
from tests.web.world import SYSTEM, Caller, World
from web.app import DESK
from web.permissions import ROLE_PERMISSIONS

OF_CASES = ("{no}", "{assignment}")
WITH = {"POST /desk/api/cases/{no}/bookings/{booking}/settle": {"waybill": "WB1"}}
"""What a body needs besides what its model says."""


def routes() -> dict[str, APIRoute]:
    found = [r for router in DESK for r in router.routes if isinstance(r, APIRoute)]
    return {f"{method} {r.path}": r for r in found for method in r.methods if any(id_ in r.path for id_ in OF_CASES)}


def elsewhere(world: World, role: Role) -> dict[str, Caller]:
    """Of another department, and of the same one in another region."""
    callers = {}
    for name, departments, region in (("department", ("swj",), None), ("region", ("rsj", "gaj"), "510104")):
        with world.database.transaction() as tx:
            _, token = tx.staff.add_api_key(
                name, roles=frozenset({role}), departments=frozenset(departments), actor=SYSTEM, region=region
            )
        callers[name] = Caller(world, {"X-API-Key": token})
    return callers


@pytest.fixture
def theirs(plain_world: World) -> dict[str, str]:
    no = with_departments(plain_world)
    file = plain_world.file(no)
    return {
        "no": no,
        "key": "form",
        "material": "form",
        "page": file.pages[0].id,
        "sheet": file.pages[0].id,
        "document": file.documents[0].id,
        "booking": file.bookings[0].id,
        "assignment": file.assignments[0].id,
        "paper": "label",
    }


@pytest.mark.parametrize("role", [role for role in Role if role not in SEES_ALL])
def test_a_case_of_another_department_or_region_is_not_there(
    plain_world: World, theirs: dict[str, str], role: Role
) -> None:
    before = plain_world.file(theirs["no"])
    mine = {name: r for name, r in routes().items() if _declared(r) in ROLE_PERMISSIONS[role]}
    for where, caller in elsewhere(plain_world, role).items():
        for name, route in mine.items():
            method, path = name.split(" ")
            body = smallest(route)
            if name in WITH:
                body |= WITH[name]
            form = body is not None and "/api/" not in path and method == "POST"
            sent = {} if body is None else {"data": body} if form else {"json": body}
            filled = path.format_map(_Filled(theirs))
            answer = caller.raw(method, filled, params=query(route), **sent)
            assert answer.status_code == 404, (
                f"{role} of another {where}: {name}: {answer.status_code} {answer.text[:300]}"
            )
    assert plain_world.file(theirs["no"]) == before


class _Filled(dict[str, str]):
    """An id that the case has none of is any word."""

    def __missing__(self, key: str) -> str:
        return "x"
