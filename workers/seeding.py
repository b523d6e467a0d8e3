"""Filling an empty database with what the service needs before its first case: items, calendar, people, keys.

Doing it again adds only what is missing. Secrets are made here, shown once to the caller and kept nowhere else.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar

from cases.errors import Conflict
from cases.helping import Point
from cases.routing import UNROUTED
from courier.areas import areas_from
from preaudit.catalogue import LoadedItem
from preaudit.phrases import load_phrases
from preaudit.region import region_of
from storage import partner_health
from storage.actors import Actor
from storage.finding import RegionNames
from storage.session import Database, Transaction
from storage.words import ActorKind, Role
from workers.example_areas import GRID_AREAS
from workers.examples import EXAMPLE_OFFICES, EXAMPLE_POINT, example_boxes

OPERATOR = Actor(ActorKind.SYSTEM, "seed")


@dataclass(frozen=True)
class Login:
    login: str
    name: str
    password: str = field(repr=False)
    totp_secret: str = field(repr=False)


@dataclass(frozen=True)
class Seeded:
    """What was made now. `api_keys`: by name; `desk` for the operators, `dept-<department>` for each department."""

    items: int
    days: int
    logins: tuple[Login, ...] = ()
    api_keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    kept: tuple[str, ...] = ()
    """Items whose published version reads differently: a change needs a new version number."""

    def plain(self) -> dict[str, object]:
        return {"logins": [asdict(login) for login in self.logins], "api_keys": dict(self.api_keys)}


def seed(database: Database, catalogue: Iterable[LoadedItem], today: date) -> Seeded:
    """An item whose published version reads differently is left as it is and named in `kept`."""
    loaded = list(catalogue)
    published = {entry.item.code: _publish(database, entry) for entry in loaded}
    with database.transaction() as tx:
        days, until = working_days(today)
        tx.put_calendar_days(days, until)
        tx.put_phrases(load_phrases().raw)
        for code in sorted({entry.item.region for entry in loaded}):
            put_region(tx, code)
        people, keys = seed_people(tx, departments(loaded))
        seed_boxes(tx)
        seed_offices(tx)
    kept = tuple(code for code, new in published.items() if new is None)
    return Seeded(sum(new is True for new in published.values()), len(days), people, keys, kept)


def put_region(tx: Transaction, code: str, folder: Path | None = None) -> None:
    """Whom a region prefers and which days are its own, as its file says now. A region without a list has the
    deployment's own order; one without days, the country's."""
    region = region_of(code, folder)
    if region:
        names = RegionNames(
            code, region.name, region.departments, region.name_en, region.departments_en, region.department_codes
        )
        tx.put_region_names(names)
    partner_health.put_preference(tx, code, region.couriers if region else ())
    tx.put_region_days(code, region.days if region else {})
    tx.put_retained_proofs(code, region.retained_proofs if region else {})


def _publish(database: Database, entry: LoadedItem) -> bool | None:
    """None: this version was published with other contents."""
    try:
        with database.transaction() as tx:
            return tx.publish_item(entry.raw, entry.item)
    except Conflict:
        return None


def departments(loaded: Iterable[LoadedItem]) -> dict[str, str]:
    """Every department that an item needs, with its name where the region's data says it."""
    found = {UNROUTED: "待分派"}
    for entry in loaded:
        region = region_of(entry.item.region)
        names = region.departments if region else {}
        for code in (entry.item.department, *(d for step in entry.item.routing for d in step.departments)):
            found.setdefault(code, names.get(code, code))
    return dict(sorted(found.items()))


def working_days(today: date) -> tuple[dict[date, bool], date]:
    """The exceptions to Monday–Friday that the State Council has announced, and until when they are known."""
    until = max(d for d in (*chinese_calendar.holidays, *chinese_calendar.workdays) if d is not None)
    until = date(until.year, 12, 31)
    start = date(today.year - 1, 1, 1)
    span = (start + timedelta(days=i) for i in range((until - start).days + 1))
    return {d: w for d in span if (w := chinese_calendar.is_workday(d)) != (d.weekday() < 5)}, until


def seed_people(tx: Transaction, departments: Mapping[str, str]) -> tuple[tuple[Login, ...], dict[str, str]]:
    """Nobody, if somebody works here already."""
    if tx.staff.by_login("admin") is not None:
        return (), {}
    everywhere = frozenset(departments)
    desk = frozenset({Role.INTAKE, Role.PRE_AUDITOR, Role.SUPERVISOR})
    logins = [
        add_person(tx, "admin", "系统管理员", frozenset({Role.ADMINISTRATOR}), frozenset()),
        add_person(tx, "desk", "综合窗口", desk, everywhere),
    ]
    logins += [
        add_person(tx, f"clerk-{d}", f"{name}经办人", frozenset({Role.CLERK}), frozenset({d}))
        for d, name in departments.items()
    ]
    logins.append(grid_worker := add_person(tx, "grid", "网格员", frozenset({Role.GRID}), frozenset()))
    _look_after(tx, grid_worker.login)
    logins.append(agent := add_person(tx, "agent", "代办员", frozenset({Role.AGENT}), frozenset()))
    _works_at(tx, agent.login, tx.agents.put_point(EXAMPLE_POINT, actor=OPERATOR))
    logins.append(add_person(tx, "items", "事项管理员", frozenset({Role.ITEM_MANAGER}), everywhere))
    keys = {"desk": _key(tx, "desk", desk, everywhere)}
    keys |= {f"dept-{d}": _key(tx, f"dept-{d}", frozenset({Role.CLERK}), frozenset({d})) for d in departments}
    return tuple(logins), keys


def _look_after(tx: Transaction, login: str) -> None:
    person = tx.staff.by_login(login)
    assert person is not None
    tx.in_house.assign_areas(person.id, [a.code for a in areas_from(GRID_AREAS)], actor=OPERATOR)


def _works_at(tx: Transaction, login: str, point: Point) -> None:
    person = tx.staff.by_login(login)
    assert person is not None
    tx.agents.assign(person.id, point.code, actor=OPERATOR)


def seed_boxes(tx: Transaction) -> None:
    """The examples, where no box stands yet."""
    if not tx.boxes.list(all_of_them=True):
        for box in example_boxes(tx.now()):
            tx.boxes.put(box, actor=OPERATOR)


def seed_offices(tx: Transaction) -> None:
    """The examples, where there is no office yet."""
    if not tx.appointments.offices():
        for office in EXAMPLE_OFFICES:
            tx.appointments.put_office(office, actor=OPERATOR)


def add_person(
    tx: Transaction,
    login: str,
    name: str,
    roles: frozenset[Role],
    departments: frozenset[str],
    *,
    actor: Actor = OPERATOR,
) -> Login:
    password = secrets.token_urlsafe(12)
    _, secret = tx.staff.add(
        login, name, password, roles=roles, departments=departments, actor=actor, made_by_machine=True
    )
    return Login(login, name, password, secret)


def _key(tx: Transaction, name: str, roles: frozenset[Role], departments: frozenset[str]) -> str:
    return tx.staff.add_api_key(name, roles=roles, departments=departments, actor=OPERATOR)[1]
