"""Many residents, each signed in and with one open case, made in seconds: rows as the doors write them, in bulk. What
nobody who polls or uploads looks at (sums of figures, the first line of each record) is left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cases.actions import opening
from cases.items import Item
from cases.model import Applicant, CaseNumber, PersonId
from cases.moment import Moment
from storage.casefiles import check_digit
from storage.ids import new_id
from storage.rows import KEPT, entity_values
from storage.session import Database, Transaction
from storage.tables import cases, persons, sessions
from storage.tokens import SESSION_PREFIX, new_token, token_hash
from storage.words import ActorKind
from tests.specimens.people import HAIZHU, invent

AT_ONCE = 1000


@dataclass(frozen=True)
class Phone:
    """What a resident's phone knows."""

    token: str
    case: str


def make_residents(database: Database, item: Item, many: int) -> list[Phone]:
    made: list[Phone] = []
    while len(made) < many:
        first, last = len(made), min(many, len(made) + AT_ONCE)
        with database.transaction() as tx:
            made += _some(tx, item, range(first, last))
    return made


def _some(tx: Transaction, item: Item, numbers: range) -> Iterator[Phone]:
    rows: dict[Any, list[Mapping[str, Any]]] = {persons: [], sessions: [], cases: [], KEPT["material"].table: []}
    phones = []
    for n in numbers:
        person, token = new_id(), new_token(SESSION_PREFIX)
        number = _number(n)
        rows[persons].append(_person(tx, person, n))
        rows[sessions].append(_session(tx, person, token))
        for table, row in _case(tx, item, person, number):
            rows[table].append(row)
        phones.append(Phone(token, number))
    for table, listed in rows.items():
        tx.execute(table.insert(), listed)
    return iter(phones)


def _number(n: int) -> CaseNumber:
    body = f"44010520260302{n:06d}"
    return CaseNumber(body + check_digit(body))


def _person(tx: Transaction, person: str, n: int) -> dict[str, Any]:
    name = f"bench-{n}"
    return {
        "id": person,
        "platform": "embedded",
        "platform_user_index": tx.vault.blind("platform:embedded", name),
        "platform_user": tx.seal(persons, "platform_user", person, name),
        "first_seen_at": tx.now(),
    }


def _session(tx: Transaction, person: str, token: str) -> dict[str, Any]:
    from_now = tx.now()
    return {
        "token_hash": token_hash(tx.vault, token),
        "kind": ActorKind.RESIDENT,
        "holder": person,
        "made_at": from_now,
        "seen_at": from_now,
        "ends_at": from_now.replace(year=from_now.year + 1),
    }


def _case(tx: Transaction, item: Item, person: str, number: CaseNumber) -> Iterator[tuple[Any, dict[str, Any]]]:
    who = invent(int(number[-8:-1]) % 500, home=HAIZHU)
    applicant = Applicant(kind="person", name=who.name, id_number=who.id_number, phone=who.phone)
    asked = opening.OpenRequest({"under_16": False}, applicant, None, "miniapp")
    now = Moment(tx.now(), tx.calendar(), new_id)
    case, materials = opening.open_case(item, asked, PersonId(person), number, now)
    indexes = {f"{name}_index": tx.vault.blind(name, getattr(applicant, name)) for name in ("id_number", "phone")}
    yield cases, entity_values(tx, case, number) | indexes | {"state_since": case.opened_at}
    for material in materials:
        yield KEPT["material"].table, entity_values(tx, material, number)
