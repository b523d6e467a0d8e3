"""Every kind of document as a specimen: `specimen(kind, seed, …)` draws one of that kind and photographs it.

`KINDS` is the table that tests and benchmarks go through; `LOOKALIKES` are papers easily taken for one of them.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tests.specimens.applications import SpecimenPage, back_page, form_page, front_page
from tests.specimens.camera import Defects, Level, shoot
from tests.specimens.certificates import (
    birth_certificate,
    marriage_certificate,
    mortgage_certificate,
    property_certificate,
)
from tests.specimens.drawn import Drawn
from tests.specimens.licences import business_licence, driving_licence, vehicle_licence
from tests.specimens.light import bank_card, contract, other_paper, portrait
from tests.specimens.people import invent
from tests.specimens.registers import household_head, household_member

Draw = Callable[[int], Drawn]
DRAWN: Mapping[str, Draw] = {
    "household_register_head": household_head,
    "household_register_member": household_member,
    "marriage_certificate": marriage_certificate,
    "birth_certificate": birth_certificate,
    "business_licence": business_licence,
    "property_certificate": property_certificate,
    "driving_licence": driving_licence,
    "vehicle_licence": vehicle_licence,
    "bank_card": bank_card,
    "portrait": portrait,
    "contract": contract,
    "other_paper": other_paper,
}
LOOKALIKES: Mapping[str, Draw] = {"mortgage_certificate": mortgage_certificate}
KINDS = ("id_card_front", "id_card_back", "application_form", *DRAWN)


def specimen(
    kind: str,
    seed: int,
    level: Level = Level.PHONE,
    megapixels: float = 3.5,
    defects: Defects = Defects(),
) -> SpecimenPage:
    """One page of a kind of the contract (or of `LOOKALIKES`: then its kind is `other_paper`)."""
    applications: Mapping[str, Any] = {
        "id_card_front": lambda: front_page(invent(seed), seed, level, megapixels, defects),
        "id_card_back": lambda: back_page(invent(seed), seed, level, megapixels, defects),
        "application_form": lambda: form_page(invent(seed), seed, level, megapixels),
    }
    if kind in applications:
        made: SpecimenPage = applications[kind]()
        return made
    drawn = {**DRAWN, **LOOKALIKES}[kind](seed)
    shot = shoot(drawn.image, level, seed * 10 + KIND_SEEDS[kind], megapixels=megapixels, defects=defects)
    known = kind if kind in DRAWN else "other_paper"
    return SpecimenPage(kind, f"{kind}.jpg", shot.data, known, drawn.fields, drawn.strings, defects.codes, shot)


KIND_SEEDS = {kind: place for place, kind in enumerate((*DRAWN, *LOOKALIKES))}
