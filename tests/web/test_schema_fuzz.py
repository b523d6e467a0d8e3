"""Whatever fits the interface's document, or just does not, is answered: never by a fault of ours.

Schemathesis makes the calls from the document itself, as every kind of caller. A few of each here; `thorough` (run by
`make chaos`) tries many.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import count
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from sqlalchemy import text

from storage.blobs import blobs_from
from storage.session import Database
from storage.words import Role
from tests.web.world import World, make_world

FEW, MANY = 1, 60
UNLIMITED = dict.fromkeys(
    ("person_per_minute", "address_per_minute", "logins_per_minute", "device_per_minute", "pages_per_minute",
     "lookups_per_minute", "codes_per_minute", "misses_per_person", "misses_per_address",
     "failed_logins_per_address"), 10**9,
)  # fmt: skip
NEEDS_THE_OUTSIDE = {"/readyz", "/metrics"}


def _of_role(role: Role, world: World) -> Mapping[str, str]:
    return world.system(role).headers


CALLERS: Mapping[str, Callable[[World], Mapping[str, str]]] = {
    "nobody": lambda _: {},
    "resident": lambda world: world.resident().headers,
    **{str(role): partial(_of_role, role) for role in Role},
}
PARTS = {
    "nobody": ("",),
    "resident": ("/api/v1",),
    str(Role.GRID): ("/grid",),
    **{str(role): ("/desk",) for role in Role if role not in (Role.GRID, Role.AGENT)},
    str(Role.AGENT): ("/api/v1", "/grid"),
}
"""Where a caller has anything to look for; elsewhere they are refused as others are."""


@pytest.fixture
def open_world(plain_database: Database) -> World:
    made = make_world(plain_database, blobs_from(plain_database.settings), **UNLIMITED)
    no = made.resident().opens()
    made.resident().submits(no)
    made.judge(no, "passed")
    made.resident().books(no)
    return made


def there(world: World) -> Mapping[str, str]:
    """What stands for an id in an address: something that is there, of each kind the world has."""
    with world.database.reading() as tx:
        row = tx.execute(text("SELECT number FROM cases")).first()
    assert row is not None
    file = world.file(row[0])
    pages = {"page": file.pages[0].id, "sheet": file.pages[0].id, "booking": file.bookings[0].id}
    return {"no": file.case.number, "key": "form", "material": "form", "code": file.case.item_code, **pages}


def calls(world: World, starts: tuple[str, ...]) -> Iterator[Any]:
    schema = schemathesis.openapi.from_dict(world.client.get("/openapi.json").json())
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation is not None and operation.path.startswith(starts) and operation.path not in NEEDS_THE_OUTSIDE:
            yield operation


def faults(world: World, caller: str, examples: int) -> list[str]:
    headers, found = CALLERS[caller](world), []
    for operation in calls(world, PARTS[caller]):
        found += faults_of(world, operation, headers, examples)
    return found


def faults_of(world: World, operation: Any, headers: Mapping[str, str], examples: int) -> list[str]:
    found: list[str] = []
    real, number = there(world), count(1)

    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @hypothesis.given(case=operation.as_strategy())
    def tried(case: Any) -> None:
        if next(number) % 3:  # two of three are about something that is there
            case.path_parameters = {k: real.get(k, v) for k, v in (case.path_parameters or {}).items()}
        answer = sent(world, case, headers)
        if answer is not None and answer.status_code >= 500 and answer.status_code != 503:
            found.append(f"{operation.method.upper()} {operation.path}: {answer.status_code} {shown(case)}")

    tried()
    return found[:1]


def sent(world: World, case: Any, headers: Mapping[str, str]) -> Any:
    made = case.as_transport_kwargs(base_url="https://zerotrip.example")
    made = {k: v for k, v in made.items() if v is not None}
    made["headers"] = {**{k: v for k, v in dict(made.get("headers") or {}).items() if v is not None}, **headers}
    if made.get("cookies") == {}:
        made.pop("cookies")
    try:
        asked = world.client.build_request(**made)
        asked.read()
    except (UnicodeError, ValueError, TypeError, AttributeError):
        return None  # no client can put it on the line
    return world.client.send(asked, follow_redirects=False)


def shown(case: Any) -> str:
    return repr({"path": case.path_parameters, "query": case.query, "body": case.body})[:300]


@pytest.mark.thorough
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("caller", CALLERS)
def test_no_call_of_the_document_is_answered_by_a_fault(open_world: World, caller: str) -> None:
    assert faults(open_world, caller, int(os.environ.get("SCHEMA_EXAMPLES", MANY))) == []


SOME = ("/api/v1/cases", "/api/v1/uploads", "/api/v1/claims", "/desk/api/search", "/desk/api/queues", "/desk/api/stats")


def test_a_few_calls_of_the_document_are_answered_by_no_fault(open_world: World) -> None:
    both = {**CALLERS["resident"](open_world), **CALLERS[str(Role.SUPERVISOR)](open_world)}
    found = [f for operation in calls(open_world, SOME) for f in faults_of(open_world, operation, both, FEW)]
    assert found == []
