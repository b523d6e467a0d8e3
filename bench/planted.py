"""Whole applications with one fault of content planted in each, and what finding it means.

The residents are invented, all adults with a card that holds for a while yet; every second one filled in the form by hand.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count, islice
from typing import Any

from cases.findings import Finding, FindingCode
from cases.items import Item
from preaudit.catalogue import find
from tests.specimens.applications import (
    ITEM,
    Application,
    SpecimenPage,
    Variant,
    back_page,
    front_page,
    whole_application,
)
from tests.specimens.camera import Level
from tests.specimens.drawn import couple
from tests.specimens.kinds import specimen
from tests.specimens.people import HAIZHU, Person, invent

TODAY = date(2026, 2, 1)
"""The papers are of January 2026."""
SEED = 8000
MEGAPIXELS = (3, 5, 8)
LOST_CARD, BIRTH = "440105-JMSFZ-BL", "440105-SYDJ"
PLAIN = "none"
Files = Mapping[str, tuple[bytes, ...]]


@dataclass(frozen=True)
class Fault:
    """Found by a finding of one of these codes on one of these materials, or on what was typed; about this field."""

    name: str
    codes: frozenset[FindingCode] = frozenset()
    materials: frozenset[str | None] = frozenset()
    field: str = ""
    """How the name of the field ends."""


def _fault(name: str, codes: Sequence[FindingCode], *materials: str | None, field: str = "") -> Fault:
    return Fault(name, frozenset(codes), frozenset(materials), field)


C = FindingCode
TYPED = None
"""The material of a finding about what the resident typed."""
NOTHING = Fault(PLAIN)
DIGIT = _fault(
    "wrong digit", (C.MISMATCH, C.ID_NUMBER_INVALID), "application_form", "id_front", TYPED, field="id_number"
)
NAME = _fault("other name", (C.MISMATCH,), "application_form", "id_front", TYPED, field="name")
EXPIRED = _fault("expired", (C.EXPIRED,), "id_back")
OTHERS = _fault("other person's card", (C.MISMATCH,), "id_front", "application_form")
MISSING = _fault("missing page", (C.MISSING_MATERIAL, C.MISSING_PAGE))
UNSIGNED = _fault("not signed", (C.MISSING_SIGNATURE,), "application_form")
UNFILLED = _fault("a line left empty", (C.NOT_FILLED_IN,), "application_form")
SWAPPED = _fault("sides swapped", (C.WRONG_SIDE,), "id_front", "id_back")
PROMISED = (DIGIT, NAME, EXPIRED, OTHERS, MISSING)
"""Each of these must be found every time."""
FAULTS = (*PROMISED, UNSIGNED, UNFILLED, SWAPPED)
ON_THE_FORM = {DIGIT: Variant.MISMATCH_NUMBER, NAME: Variant.MISMATCH_NAME, UNSIGNED: Variant.UNSIGNED} | {
    UNFILLED: Variant.NOT_FILLED_IN
}


@dataclass(frozen=True)
class Trial:
    """One application. `where`: what was done; `form`: what the resident typed."""

    fault: Fault
    where: str
    item: Item
    answers: Mapping[str, Any]
    form: Mapping[str, str]
    files: Files

    def fits(self, finding: Finding) -> bool:
        fault, about = self.fault, (finding.field or "").endswith(self.fault.field)
        return finding.code in fault.codes and finding.material in fault.materials and about


def residents(number: int) -> list[int]:
    """Seeds of residents whose card is good for two months more."""

    def lasting(seed: int) -> bool:
        end = invent(seed, home=HAIZHU).valid_to
        return end is None or end > TODAY + timedelta(days=60)

    return list(islice(filter(lasting, count(SEED)), number))


def trials(seed: int, place: int) -> Iterator[Trial]:
    """The application of one resident: as it should be, and with each fault."""
    plain = _application(seed, place, Variant.PLAIN)
    good = _trial(NOTHING, "as it should be", plain)
    yield good
    for fault, variant in ON_THE_FORM.items():
        changed = _application(seed, place, variant).files["application_form"]
        yield _with(good, fault, "on the form", application_form=changed)
    yield from _typed(good, plain.person)
    yield _trial(EXPIRED, "the card", _application(seed, place, Variant.EXPIRED))
    yield _with(good, OTHERS, "the front", id_front=_front_of_another(seed, place))
    yield _with(good, SWAPPED, "", id_front=plain.files["id_back"], id_back=plain.files["id_front"])
    yield from _without(good)
    yield from _without_leaves(seed, place)


def _application(seed: int, place: int, variant: Variant) -> Application:
    return whole_application(seed, variant=variant, megapixels=MEGAPIXELS[place % 3], by_hand=place % 2 == 1)


def _trial(fault: Fault, where: str, made: Application) -> Trial:
    files = {key: (data,) for key, data in made.files.items()}
    return Trial(fault, where, find(ITEM).item, {"under_16": False}, typed(made.person), files)


def typed(person: Person) -> dict[str, str]:
    known = {"id_number": person.id_number, "phone": person.phone, "address": person.address}
    return {"applicant_name": person.name} | known


def _with(good: Trial, fault: Fault, where: str, **files: bytes) -> Trial:
    changed = {key: (data,) for key, data in files.items()}
    return replace(good, fault=fault, where=where, files={**good.files, **changed})


def _typed(good: Trial, person: Person) -> Iterator[Trial]:
    """The papers agree with each other, and not with what the resident typed."""
    number, name = person.id_number, person.name
    digit = str((int(number[15]) + 2) % 10)
    yield replace(
        good, fault=DIGIT, where="as typed", form={**good.form, "id_number": number[:15] + digit + number[16:]}
    )
    other = name[:-1] + ("平" if name[-1] != "平" else "文")
    yield replace(good, fault=NAME, where="as typed", form={**good.form, "applicant_name": other})


def _front_of_another(seed: int, place: int) -> bytes:
    return front_page(invent(seed + 5000, home=HAIZHU), seed, Level.PHONE, MEGAPIXELS[place % 3]).data


def _without(good: Trial) -> Iterator[Trial]:
    for key in good.files:
        fault = replace(MISSING, materials=frozenset[str | None]({key}))
        yield replace(good, fault=fault, where=key, files={k: v for k, v in good.files.items() if k != key})


def _without_leaves(seed: int, place: int) -> Iterator[Trial]:
    """A household register of which one of the two leaves that are wanted is missing; and the whole of it."""
    person = invent(seed)
    leaves = {part: _register_leaf(part, seed, place) for part in ("head", "member")}
    fault = replace(MISSING, materials=frozenset[str | None]({"household_register"}))
    whole = Trial(NOTHING, "a register", find(LOST_CARD).item, {"reason": "遗失"}, typed(person), {})
    yield replace(whole, files={"household_register": tuple(leaves.values())})
    for part, data in leaves.items():
        there = tuple(each for each in leaves.values() if each is not data)
        yield replace(whole, fault=fault, where=f"register's {part} page", files={"household_register": there})


def _register_leaf(part: str, seed: int, place: int) -> bytes:
    return specimen(f"household_register_{part}", seed, Level.PHONE, MEGAPIXELS[place % 3]).data


# -- twelve pages ----------------------------------------------------------------------------------------------------


def family_application(seed: int = SEED) -> Trial:
    """生育登记 of a married couple: both cards, six leaves of registers, the marriage certificate, the form."""
    man, woman = couple(seed)
    made: dict[str, list[SpecimenPage]] = {
        "id_front": [front_page(man, seed)],
        "id_back": [back_page(man, seed)],
        "spouse_id_front": [front_page(woman, seed + 1)],
        "spouse_id_back": [back_page(woman, seed + 1)],
        "household_register": [
            specimen(f"household_register_{part}", seed + n) for n in range(3) for part in ("head", "member")
        ],
        "marriage_certificate": [specimen("marriage_certificate", seed)],
        "application_form": [specimen("application_form", seed)],
    }
    files = {key: tuple(page.data for page in pages) for key, pages in made.items()}
    item = find(BIRTH).item
    return Trial(NOTHING, "twelve pages", item, {"married": True, "remarried": False}, typed(man), files)
