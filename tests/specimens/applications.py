"""A resident's whole application, photographed: the files by material key, and what a perfect reader would find in them.

The materials are those of 社会保障卡补领: `id_front`, `id_back`, `application_form` and `photo_receipt`. Each variant
plants one thing that the pre-audit must find, and leaves the rest as it is in the plain application of the same seed.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from random import Random
from typing import Any

from tests.specimens.camera import Defects, Level, Photograph, shoot
from tests.specimens.cards import id_card_back, id_card_front, validity
from tests.specimens.forms import application_form
from tests.specimens.pdfs import photo_receipt, receipt_rows
from tests.specimens.people import AS_OF, HAIZHU, Person, invent

ITEM = "440105-SHBZK-BL"
FORM_TITLE = "社会保障卡补领申请表"
FORM_FIELDS = {
    "姓名": "applicant_name",
    "公民身份号码": "id_number",
    "联系电话": "phone",
    "通讯地址": "address",
    "补领原因": "reason",
    "申请日期": "applied_on",
}
"""Label on the form → field name, as the item file has them."""


class Variant(StrEnum):
    PLAIN = "plain"
    BLURRED = "blurred"
    MISMATCH_NAME = "mismatch_name"
    MISMATCH_NUMBER = "mismatch_number"
    EXPIRED = "expired"
    DARK = "dark"
    GLARE = "glare"
    CUT = "cut"
    SCREEN = "screen"
    UNSIGNED = "unsigned"
    NOT_FILLED_IN = "not_filled_in"
    SWAPPED = "swapped"
    """Front and back uploaded in each other's place."""


CAMERA_DEFECTS = {
    Variant.BLURRED: Defects(focus=13),
    Variant.DARK: Defects(light=0.1),
    Variant.GLARE: Defects(glare=0.42),
    Variant.CUT: Defects(cut=0.22),
    Variant.SCREEN: Defects(screen=True),
}
"""What is done to the picture of the front."""


@dataclass(frozen=True)
class SpecimenPage:
    """One file to upload. `fields` by the contract's names, dates `YYYY-MM-DD`, validity `长期` where it has no end;
    `strings` stand on the paper as printed; `planted` holds the finding codes that this page must earn."""

    key: str
    filename: str
    data: bytes
    kind: str
    fields: Mapping[str, str]
    strings: tuple[str, ...]
    planted: tuple[str, ...] = ()
    photograph: Photograph | None = None

    @property
    def content_type(self) -> str:
        return "application/pdf" if self.filename.endswith(".pdf") else "image/jpeg"

    def truth(self) -> dict[str, Any]:
        """All but the bytes, as plain data."""
        return {
            "material": self.key,
            "kind": self.kind,
            "fields": dict(self.fields),
            "strings": list(self.strings),
            "planted": list(self.planted),
            "photograph": self.photograph.truth() if self.photograph else None,
        }


@dataclass(frozen=True)
class Application:
    item: str
    seed: int
    variant: Variant
    person: Person
    pages: Mapping[str, SpecimenPage]

    @property
    def files(self) -> dict[str, bytes]:
        """The bytes by material key."""
        return {key: page.data for key, page in self.pages.items()}

    def truth(self) -> dict[str, Any]:
        person = {k: v.isoformat() if isinstance(v, date) else v for k, v in asdict(self.person).items()}
        pages = {page.filename: page.truth() for page in self.pages.values()}
        return {"item": self.item, "seed": self.seed, "variant": str(self.variant), "person": person, "pages": pages}


def whole_application(
    seed: int,
    item: str = ITEM,
    *,
    variant: Variant = Variant.PLAIN,
    level: Level = Level.PHONE,
    megapixels: float = 3.5,
    by_hand: bool = False,
    home: bool = True,
) -> Application:
    """Everything the item asks for. `home`: the resident lives in 海珠区; otherwise anywhere."""
    person = invent(seed, home=HAIZHU if home else None, expired=variant is Variant.EXPIRED)
    pages = {
        "id_front": front_page(person, seed, level, megapixels, CAMERA_DEFECTS.get(variant, Defects())),
        "id_back": back_page(person, seed, level, megapixels),
        "application_form": form_page(person, seed, level, megapixels, variant=variant, by_hand=by_hand),
        "photo_receipt": receipt_page(person, seed),
    }
    if variant is Variant.SWAPPED:
        pages |= _swapped(pages["id_front"], pages["id_back"])
    return Application(item, seed, variant, person, pages)


def front_page(
    person: Person, seed: int, level: Level = Level.PHONE, megapixels: float = 3.5, defects: Defects = Defects()
) -> SpecimenPage:
    shot = shoot(id_card_front(person), level, seed * 10 + 1, megapixels=megapixels, defects=defects)
    fields = front_fields(person)
    strings = (person.name, person.id_number, "公民身份号码")
    return SpecimenPage("id_front", "id_front.jpg", shot.data, "id_card_front", fields, strings, defects.codes, shot)


def back_page(
    person: Person, seed: int, level: Level = Level.PHONE, megapixels: float = 3.5, defects: Defects = Defects()
) -> SpecimenPage:
    shot = shoot(id_card_back(person), level, seed * 10 + 2, megapixels=megapixels, defects=defects)
    expired = person.valid_to is not None and person.valid_to < AS_OF
    planted = (*defects.codes, *(["expired"] if expired else []))
    strings = ("居民身份证", person.authority, validity(person))
    return SpecimenPage(
        "id_back", "id_back.jpg", shot.data, "id_card_back", back_fields(person), strings, planted, shot
    )


def form_page(
    person: Person,
    seed: int,
    level: Level = Level.PHONE,
    megapixels: float = 3.5,
    *,
    variant: Variant = Variant.PLAIN,
    by_hand: bool = False,
) -> SpecimenPage:
    rows, applied_on = form_rows(_as_filled_in(person, variant), seed, variant)
    signature = "" if variant is Variant.UNSIGNED else person.name
    paper = application_form(
        FORM_TITLE, rows, signature=signature, signed_on=printed_day(applied_on), by_hand=by_hand, seed=seed
    )
    shot = shoot(paper, level, seed * 10 + 3, megapixels=megapixels)
    fields = {FORM_FIELDS[label]: value for label, value in rows if value} | {"applied_on": applied_on.isoformat()}
    strings = (FORM_TITLE, *(value for _, value in rows if value))
    name = "application_form.jpg"
    return SpecimenPage(
        "application_form", name, shot.data, "application_form", fields, strings, FORM_FAULTS.get(variant, ()), shot
    )


FORM_FAULTS = {
    Variant.MISMATCH_NAME: ("mismatch",),
    Variant.MISMATCH_NUMBER: ("mismatch",),
    Variant.UNSIGNED: ("missing_signature",),
    Variant.NOT_FILLED_IN: ("not_filled_in",),
}


def receipt_page(person: Person, seed: int) -> SpecimenPage:
    issued_on = AS_OF + timedelta(days=2)
    number = f"YB{Random(f'receipt {seed}').randrange(10**12):012d}"
    rows = receipt_rows(person, number, issued_on)
    data = photo_receipt(person, number, issued_on)
    strings = ("证件照片数字回执", *(value for _, value in rows))
    return SpecimenPage("photo_receipt", "photo_receipt.pdf", data, "other_paper", {}, strings)


def front_fields(person: Person) -> dict[str, str]:
    return {
        "name": person.name,
        "sex": person.sex,
        "ethnicity": person.ethnicity,
        "birth_date": person.birth_date.isoformat(),
        "address": person.address,
        "id_number": person.id_number,
    }


def back_fields(person: Person) -> dict[str, str]:
    return {
        "authority": person.authority,
        "valid_from": person.valid_from.isoformat(),
        "valid_to": person.valid_to.isoformat() if person.valid_to else "长期",
    }


def form_rows(person: Person, seed: int, variant: Variant = Variant.PLAIN) -> tuple[list[tuple[str, str]], date]:
    """Label and value as printed, and the date of application."""
    rng = Random(f"form {seed}")
    applied_on = AS_OF + timedelta(days=rng.randint(3, 20))
    values = {
        "姓名": person.name,
        "公民身份号码": person.id_number,
        "联系电话": "" if variant is Variant.NOT_FILLED_IN else person.phone,
        "通讯地址": person.address,
        "补领原因": rng.choice(("遗失", "损坏")),
        "申请日期": printed_day(applied_on),
    }
    return list(values.items()), applied_on


def printed_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _as_filled_in(person: Person, variant: Variant) -> Person:
    """The person as the form has them: one character of the name or one digit of the number is another's."""
    if variant is Variant.MISMATCH_NAME:
        return replace(person, name=person.name[:-1] + ("平" if person.name[-1] != "平" else "文"))
    if variant is Variant.MISMATCH_NUMBER:
        digit = str((int(person.id_number[9]) + 1) % 10)
        return replace(person, id_number=person.id_number[:9] + digit + person.id_number[10:])
    return person


def _swapped(front: SpecimenPage, back: SpecimenPage) -> dict[str, SpecimenPage]:
    wrong = ("wrong_side",)
    return {
        "id_front": replace(back, key="id_front", filename="id_front.jpg", planted=wrong),
        "id_back": replace(front, key="id_back", filename="id_back.jpg", planted=wrong),
    }
