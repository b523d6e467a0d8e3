"""Papers for an application for any item of the catalogue: who applies, what is answered, and every paper that is asked for
then, drawn so that they agree with each other. For the demonstration: `python -m tests.specimens OUT_DIR --item CODE`.

What is answered is the shortest way through the item. Papers without a fixed face are a typed sheet with the words that have
to stand on it. Refuses, by its sentence, an item that cannot be applied for without coming in person.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image

from cases.items import Item, MaterialSpec, Need, applies
from preaudit.catalogue import load
from tests.specimens.bodies import digits
from tests.specimens.camera import Level, shoot
from tests.specimens.cards import id_card_back, id_card_front
from tests.specimens.certificates import birth_certificate, property_certificate
from tests.specimens.drawing import round_seal
from tests.specimens.drawn import Drawn, couple, in_han
from tests.specimens.forms import Boxes, Row, application_form
from tests.specimens.guide import truck
from tests.specimens.house import signed_page
from tests.specimens.licences import business_licence, driving_licence, vehicle_licence
from tests.specimens.light import bank_card, portrait
from tests.specimens.pdfs import photo_receipt, scanned_pdf
from tests.specimens.people import HAIZHU, Person, Region, age_on, invent
from tests.specimens.registers import household_head, household_member

SEED = 41
MEGAPIXELS = 2.4
WUHOU = Region("510107", "成都市武侯区", "成都市公安局武侯分局", ("武侯祠大街", "人民南路四段", "科华北路"))
HOMES = {"440105": HAIZHU, "510107": WUHOU}
CARD_DAYS_LEFT = 60
ADULT, ELDER = 18, 62
TRADE = "道路普通货物运输"
ANSWERS: Mapping[str, Any] = {
    "alone": True,
    "premises": "自有房屋",
    "vehicles": "拟投入车辆",
    "vehicle_kind": "轻型货车",
}
"""Where no, or the first choice, is not the shortest way."""
HEAD = "户主"


class NotDrawn(Exception):
    """There is nothing to draw; the message says why."""


@dataclass
class Cast:
    """Who and what the papers of one item speak of."""

    item: Item
    today: date
    applicant: Person
    facts: dict[str, str] = field(default_factory=dict)
    """By field of a form: what stands on another paper."""
    answers: dict[str, Any] = field(default_factory=dict)

    @property
    def day(self) -> str:
        return in_han(self.today)


@dataclass(frozen=True)
class Papers:
    """`files` by name, the stem being the material's key; `told` is the applicant.json beside them."""

    files: Mapping[str, bytes]
    told: Mapping[str, Any]


def chosen(item: Item, answers: Mapping[str, Any]) -> list[MaterialSpec]:
    """What an application brings along: everything but what may stay away."""
    return [m for m in item.materials if applies(m.when, answers) and m.need is not Need.OPTIONAL]


def cast_of(item: Item, today: date) -> Cast:
    """Raises `NotDrawn`."""
    if item.in_person:
        raise NotDrawn(f"{item.name}（{item.code}）：{item.in_person}")
    made = Cast(item, today, _applicant(item, today))
    made.answers = {q.key: _answer(q.type, q.choices, q.key) for q in item.questions}
    _facts(made)
    return made


def _answer(kind: str, choices: tuple[str, ...], key: str) -> Any:
    usual: Any = False if kind == "bool" else (choices or ("",))[0]
    wanted = ANSWERS.get(key, usual)
    return wanted if kind == "bool" or wanted in choices else usual


def _applicant(item: Item, today: date) -> Person:
    home = HOMES.get(item.region, HAIZHU)
    return next(p for p in (invent(SEED + n, home=home) for n in range(400)) if _fits(item, p, today))


def _fits(item: Item, person: Person, today: date) -> bool:
    """Of age for whatever the item asks, with a card that holds. Who has to be old is well past it."""
    calls = [call for m in item.materials for call in m.checks if call.name == "age_between"]
    least = max([ADULT, *(call.params.get("min", 0) for call in calls if isinstance(call.params, dict))])
    wanted = ELDER if least > ADULT else ADULT
    holds = person.valid_to is None or (person.valid_to - today).days > CARD_DAYS_LEFT
    return holds and age_on(person.birth_date, today) >= wanted


# ── what the papers agree on ──


def _facts(cast: Cast) -> None:
    keys = {m.document for m in chosen(cast.item, cast.answers)}
    for kind, tell in _TELLING.items():
        if kind in keys:
            tell(cast)


def _of_deed(cast: Cast) -> None:
    """The home belongs to the applicant."""
    seed = next(n for n in range(SEED, SEED + 4000) if _fits(cast.item, invent(n, home=HAIZHU), cast.today))
    cast.applicant = invent(seed, home=HAIZHU)
    deed = property_certificate(seed)
    cast.facts |= {"deed": str(seed), "location": deed.fields["location"], "premises": deed.fields["location"]}


def _of_birth(cast: Cast) -> None:
    _, mother = couple(SEED)
    fields = birth_certificate(SEED).fields
    days = (cast.today - date.fromisoformat(fields["born_on"])).days
    cast.applicant = mother
    cast.answers |= {"late": days > 30, "over_a_year": days > 365}
    cast.facts |= {"child_name": fields["child_name"], "born_on": in_han(date.fromisoformat(fields["born_on"]))}


def _of_business(cast: Cast) -> None:
    fields = business_licence(SEED, TRADE).fields
    who = {"applicant_name": fields["name"], "credit_code": fields["credit_code"], "address": fields["address"]}
    cast.facts |= who


def _of_vehicle(cast: Cast) -> None:
    seed = next(n for n in range(SEED, SEED + 40) if n % 4 == 0)
    fields = vehicle_licence(seed).fields
    more = {"vehicle": str(seed), "plate": fields["plate"], "vin": fields["vin"], "applicant_name": fields["owner"]}
    code = business_licence(SEED).fields["credit_code"]
    cast.facts |= {**more, "credit_code": code, "licence_number": "粤交运管许可穗字440105012345号"}


def _of_driver(cast: Cast) -> None:
    fit = (n for n in range(SEED, SEED + 4000) if _drives(driving_licence(n), cast.today))
    seed = next(fit)
    cast.facts |= {"driver": str(seed), "driver_name": driving_licence(seed).fields["name"]}


def _drives(licence: Drawn, today: date) -> bool:
    until, born = licence.fields["valid_to"], licence.fields["licence_number"][6:14]
    young = 20 < today.year - int(born[:4]) < 58
    return (
        young
        and licence.fields["class"].startswith(("B2", "A2", "C1"))
        and (until == "长期" or until > f"{today.year + 1}")
    )


_TELLING: Mapping[str, Callable[[Cast], None]] = {
    "property_certificate": _of_deed,
    "birth_certificate": _of_birth,
    "business_licence": _of_business,
    "vehicle_licence": _of_vehicle,
    "driving_licence": _of_driver,
}


# ── the papers ──


def item_papers(code: str, today: date, megapixels: float = MEGAPIXELS) -> Papers:
    """Raises `NotDrawn`."""
    item = load()[code].item
    cast = cast_of(item, today)
    files: dict[str, bytes] = {}
    for place, spec in enumerate(chosen(item, cast.answers)):
        name, data = _file(cast, spec, place, megapixels)
        files[name] = data
    return Papers(files, told_by(cast))


def told_by(cast: Cast) -> dict[str, Any]:
    who, name = cast.applicant, cast.facts.get("applicant_name")
    person = {"name": name or who.name, "id_number": cast.facts.get("credit_code", who.id_number), "phone": who.phone}
    kind = "organisation" if "organisation" in cast.item.applicants else "person"
    told = {**person, "kind": kind, "address": cast.facts.get("address", who.address)}
    return {"item": cast.item.code, "person": told, "answers": cast.answers}


def _file(cast: Cast, spec: MaterialSpec, place: int, megapixels: float) -> tuple[str, bytes]:
    if spec.key == "photo_receipt":
        return f"{spec.key}.pdf", photo_receipt(cast.applicant, "44010512345678", cast.today)
    sheets = _sheets(cast, spec)
    if len(sheets) > 1:
        return f"{spec.key}.pdf", scanned_pdf(*(_plain(sheet) for sheet in sheets))
    shot = shoot(sheets[0], Level.PHONE, SEED * 10 + place, megapixels=megapixels)
    return f"{spec.key}.jpg", shot.data


def _plain(sheet: Image.Image) -> Image.Image:
    made = Image.new("RGB", sheet.size, (255, 255, 255))
    made.paste(sheet, mask=sheet.getchannel("A") if sheet.mode == "RGBA" else None)
    return made


def _sheets(cast: Cast, spec: MaterialSpec) -> tuple[Image.Image, ...]:
    who, facts = cast.applicant, cast.facts
    drawn: Mapping[str, Callable[[], tuple[Image.Image, ...]]] = {
        "id_card_front": lambda: (id_card_front(who),),
        "id_card_back": lambda: (id_card_back(who),),
        "household_register": lambda: (household_head(SEED, who).image, household_member(SEED, who, HEAD).image),
        "property_certificate": lambda: (property_certificate(int(facts["deed"])).image,),
        "birth_certificate": lambda: (birth_certificate(SEED).image,),
        "business_licence": lambda: (business_licence(SEED, TRADE).image,),
        "vehicle_licence": lambda: (vehicle_licence(int(facts["vehicle"])).image,),
        "driving_licence": lambda: (driving_licence(int(facts["driver"])).image,),
        "bank_card": lambda: (bank_card(SEED).image,),
        "portrait": lambda: (truck() if "车" in spec.name else portrait(SEED).image,),
        "application_form": lambda: (_form(cast, spec),),
    }
    return drawn.get(spec.document, lambda: (_typed(cast, spec),))()


def _form(cast: Cast, spec: MaterialSpec) -> Image.Image:
    rows: list[Row] = [(label, _value(cast, spec, name)) for label, name in spec.form_fields.items()]
    return application_form(spec.name, rows, signature=cast.applicant.name, signed_on=cast.day, office="样本受理单位")


def _value(cast: Cast, spec: MaterialSpec, name: str) -> str | Boxes:
    who = cast.applicant
    if name in spec.choices:
        return Boxes(spec.choices[name], spec.choices[name][:1])
    known = {
        "phone": who.phone,
        "applied_on": cast.day,
        "address": who.address,
        "premises": who.address,
        "id_number": who.id_number,
        "manager_id_number": who.id_number,
        "family_size": "1",
        "trade_name": "海珠区样本小吃店",
        "scope": "餐饮服务",
        "living_since": "2025年3月1日",
        "old_holder": invent(SEED + 500, home=HAIZHU).name,
        **cast.facts,
    }
    if name.endswith("account"):
        return digits(Random(f"{name} {SEED}"), 10)
    if name.startswith("spouse"):
        return ""
    return known.get(name) or (who.name if name.endswith(("name", "holder")) else "无")


def _typed(cast: Cast, spec: MaterialSpec) -> Image.Image:
    """A sheet with the words that have to stand on it, whom and what it is about, signed and sealed."""
    calls = [call.params["words"] for call in spec.checks if call.name == "mentions" and isinstance(call.params, dict)]
    words = [word for listed in calls for word in listed]
    about = ("applicant_name", "plate", "vin", "licence_number", "driver_name", "child_name")
    facts = [f"{_ABOUT[name]}：{cast.facts[name]}" for name in about if name in cast.facts]
    told = (f"姓名：{cast.applicant.name}", f"身份证号码：{cast.applicant.id_number}", *facts)
    lines = (*told, *(f"{n}、本件载明{word}。" for n, word in enumerate(words, 1)))
    sheet = signed_page(spec.name, lines[:11], (("签名：", cast.applicant.name),)).convert("RGBA")
    if any(call.name == "seal_present" for call in spec.checks) or spec.source == "issued":
        round_seal(sheet, 420, sheet.height - 330, 150, "样本出具单位印章")
    return sheet


_ABOUT = {
    "applicant_name": "单位名称",
    "plate": "号牌号码",
    "vin": "车辆识别代号",
    "licence_number": "许可证号",
    "driver_name": "驾驶员",
    "child_name": "新生儿",
}


def write_item_papers(folder: Path, code: str, today: date | None = None) -> None:
    """Raises `NotDrawn`, `KeyError` for an unknown item."""
    papers = item_papers(code, today or date.today())
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in papers.files.items():
        (folder / name).write_bytes(data)
    told = json.dumps(papers.told, ensure_ascii=False, indent=1)
    (folder / "applicant.json").write_text(told + "\n", encoding="utf-8")
