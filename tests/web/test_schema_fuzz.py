"""Whatever fits the interface's document, or just does not, is answered: never by a fault of ours.

Schemathesis makes the calls from the document itself, and from the same document of the pages, as every kind of caller: two
of three calls are about something that is there. A few of each here; `thorough` (run by `make chaos`) tries many, and
prints how many and how long.
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import count
from typing import Any

import hypothesis
import pytest
import schemathesis
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, Phase, settings

from storage.blobs import blobs_from
from storage.session import Database
from storage.words import Role
from tests.web.kiosk.terminals import Terminal, enrolled
from tests.web.points import agent, point
from tests.web.test_desk_pages import with_departments
from tests.web.test_other_peoples import things_of_hers
from tests.web.world import HOOK_SECRET, SYSTEM, World, make_world
from web.app import DESK, KIOSK, OUTSIDE, RESIDENT
from web.guests import COOKIE

FEW, SOME_OF_ROLE, MANY = 1, 2, 15
"""Examples of each operation. A role meets a part of the desk only; all of it is met by who has every role."""
UNLIMITED = dict.fromkeys(
    ("person_per_minute", "address_per_minute", "logins_per_minute", "device_per_minute", "pages_per_minute",
     "lookups_per_minute", "codes_per_minute", "misses_per_person", "misses_per_address",
     "failed_logins_per_address"), 10**9,
)  # fmt: skip
NEEDS_THE_OUTSIDE = {"/readyz", "/metrics"}
BACK_OFFICE = ("/desk", "/grid")
EVERY_ROLE = "every role"
SIGNS_IN_AGAIN = {"resident"}
"""Before each operation: some of them end a session."""
ENDS = ("/erase", "/end", "/logout", "/session")
"""What changes most comes last."""
Headers = Mapping[str, str]
Things = Mapping[str, Sequence[str]]
"""What may stand for an id in an address, by its name there."""


def _of_role(role: Role, world: World) -> Headers:
    return world.system(role).headers


def _of_every_role(world: World) -> Headers:
    with world.database.transaction() as tx:
        every = {"roles": frozenset(Role), "departments": frozenset({"rsj", "gaj"})}
        return {"X-API-Key": tx.staff.add_api_key("every", **every, actor=SYSTEM)[1]}


CALLERS: Mapping[str, Callable[[World], Headers]] = {
    "nobody": lambda _: {},
    "resident": lambda world: world.resident("she").headers,
    "agent point": lambda world: agent(world).headers,
    "terminal": lambda world: {"Cookie": f"{COOKIE}={_terminal(world).client.cookies[COOKIE]}"},
    "guest": lambda world: _guest(_terminal(world))[0],
    EVERY_ROLE: _of_every_role,
    **{str(role): partial(_of_role, role) for role in Role},
}
PARTS: Mapping[str, tuple[str, ...]] = {
    "nobody": ("",),
    "resident": ("/api/v1",),
    "agent point": ("/api/v1",),
    "terminal": ("/kiosk",),
    "guest": ("/kiosk/api", "/api/v1/cases"),
    EVERY_ROLE: BACK_OFFICE,
    **{str(role): BACK_OFFICE for role in Role},
}
"""Where a caller has anything to look for; elsewhere they are refused as others are."""


def _terminal(world: World) -> Terminal:
    if not hasattr(world, "terminal"):
        world.terminal = enrolled(world)  # type: ignore[attr-defined]
    found: Terminal = world.terminal  # type: ignore[attr-defined]
    return found


def _guest(here: Terminal) -> tuple[Headers, str]:
    """Whoever stands there now, and the case that they began."""
    here.begins()
    no = here.opens()
    here.identifies(no)
    return {"Cookie": f"{COOKIE}={here.client.cookies[COOKIE]}", "Authorization": f"Bearer {here.token}"}, no


@pytest.fixture
def open_world(plain_database: Database) -> World:
    return make_world(plain_database, blobs_from(plain_database.settings), **UNLIMITED)


def there(world: World) -> Things:
    """Something of each kind, in each state that it takes some steps to come to."""
    point(world)
    hers, theirs = things_of_hers(world), with_departments(world)
    file, code = world.file(theirs), world.file(theirs).case.item_code
    known = {name: [one] for name, one in hers.items()}
    return known | {
        "no": [hers["no"], theirs],
        "sheet": [hers["page"], file.pages[0].id],
        "page": [hers["page"], file.pages[0].id],
        "booking": [hers["booking"], file.bookings[0].id],
        "assignment": [file.assignments[0].id],
        "code": [code, "440105", "hz-1", "cg-01"],
        "partner": ["ems"],
        "secret": [HOOK_SECRET],
        "name": ["embedded", "unclaimed", "late"],
    }


# ── the document, and that of the pages ──


def whole_document() -> dict[str, Any]:
    """The interface's, and of what stands in none because browsers call it."""
    routes = [r for router in (*OUTSIDE, *KIOSK, *RESIDENT, *DESK) for r in router.routes if isinstance(r, APIRoute)]
    hidden = [r for r in routes if not r.include_in_schema]
    for route in hidden:
        route.include_in_schema = True
    try:
        return get_openapi(title="all", version="1", routes=routes)
    finally:
        for route in hidden:
            route.include_in_schema = False


def calls(starts: tuple[str, ...]) -> Iterator[Any]:
    schema = schemathesis.openapi.from_dict(whole_document())
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation is not None and operation.path.startswith(starts) and operation.path not in NEEDS_THE_OUTSIDE:
            yield operation


def faults(world: World, caller: str, examples: int) -> list[str]:
    run = _Run(world, caller, examples)
    began = time.process_time()
    for operation in sorted(calls(PARTS[caller]), key=lambda o: o.path.endswith(ENDS)):
        run.tries(operation)
    said = " ".join(f"{status}:{many}" for status, many in sorted(run.answered.items()))
    print(f"{caller}: {run.answered.total()} calls in {time.process_time() - began:.0f} s of the processor, {said}")
    return run.found


class _Run:
    """One caller's way through the document."""

    def __init__(self, world: World, caller: str, examples: int) -> None:
        self.world, self.caller, self.examples = world, caller, examples
        self.real, self.headers = there(world), CALLERS[caller](world)
        self.found, self.answered = list[str](), Counter[int]()

    def tries(self, operation: Any) -> None:
        if self.caller in SIGNS_IN_AGAIN:
            self.headers = CALLERS[self.caller](self.world)
        if self.caller == "guest":
            self.headers, own = _guest(_terminal(self.world))
            self.real = {**self.real, "no": [own], "session": [_terminal(self.world).session]}
        number = count(1)

        @settings(
            max_examples=self.examples, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @hypothesis.given(case=operation.as_strategy())
        def tried(case: Any) -> None:
            self._tries_one(operation, case, next(number))

        tried()

    def _tries_one(self, operation: Any, case: Any, n: int) -> None:
        if n % 3:
            given = case.path_parameters or {}
            case.path_parameters = {k: self._known(k, n, v) for k, v in given.items()}
        answer = sent(self.world, case, self.headers)
        if answer is None:
            return
        self.answered[answer.status_code] += 1
        if answer.status_code >= 500 and answer.status_code != 503:
            self.found.append(f"{operation.method.upper()} {operation.path}: {answer.status_code} {shown(case)}")

    def _known(self, name: str, n: int, otherwise: Any) -> Any:
        return self.real[name][n % len(self.real[name])] if name in self.real else otherwise


def sent(world: World, case: Any, headers: Headers) -> Any:
    made = case.as_transport_kwargs(base_url="https://zerotrip.example")
    made = {k: v for k, v in made.items() if v is not None}
    made["headers"] = {**{k: v for k, v in dict(made.get("headers") or {}).items() if v is not None}, **headers}
    if made.get("cookies") == {} or "Cookie" in headers:
        made.pop("cookies", None)
    world.client.cookies.clear()
    try:
        asked = world.client.build_request(**made)
        asked.read()
    except (UnicodeError, ValueError, TypeError, AttributeError):
        return None  # no client can put it on the line
    return world.client.send(asked, follow_redirects=False)


def shown(case: Any) -> str:
    return repr({"path": case.path_parameters, "query": case.query, "body": case.body})[:300]


@pytest.mark.thorough
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("caller", CALLERS)
def test_no_call_of_the_document_is_answered_by_a_fault(open_world: World, caller: str) -> None:
    usual = SOME_OF_ROLE if caller in set(Role) or caller == "nobody" else MANY
    assert faults(open_world, caller, int(os.environ.get("SCHEMA_EXAMPLES", usual))) == []


SOME = ("/api/v1/cases", "/api/v1/uploads", "/api/v1/claims", "/desk/api/search", "/desk/api/queues", "/desk/api/stats")


def test_a_few_calls_of_the_document_are_answered_by_no_fault(open_world: World) -> None:
    run = _Run(open_world, "resident", FEW)
    run.headers = {**run.headers, **CALLERS[str(Role.SUPERVISOR)](open_world)}
    for operation in calls(SOME):
        run.tries(operation)
    assert run.found == []
