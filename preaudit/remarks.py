"""Remarks: what is unusual and proves nothing. They are shown to the person who looks, and change no verdict.

Names of regions against codes: counties merge and are renamed, people move and keep their numbers, so a code that does
not fit a name is never a reason to send anything back.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from preaudit import validators
from preaudit.addresses import region_in
from preaudit.checks.sight import Located, Sight, Whole
from preaudit.places_of_codes import province_in, province_of_sign


@dataclass(frozen=True)
class Remark:
    material: str
    page: int
    field: str
    message: str
    """Names no number and no address."""


def remarks_on(whole: Whole) -> tuple[Remark, ...]:
    """In the order of the checklist; what a person has settled is left out."""
    looked = (s for key, s in whole.sights.items() if key not in whole.settled)
    return (*(r for sight in looked for r in _on_material(sight)), *_authority_elsewhere(whole))


def _on_material(sight: Sight) -> Iterator[Remark]:
    for name in sorted({f for sheet in sight.sheets for f in sheet.fields if f.endswith("id_number")}):
        for at in sight.find(name):
            warning = validators.id_number_warning(at.value) if validators.id_number_valid(at.value) else None
            if warning:
                yield _remark(at, warning)
    for code, place, says in (
        ("credit_code", "address", "统一社会信用代码中的登记地与住所不在同一省份"),
        ("unit_number", "location", "不动产单元号中的行政区划与坐落不在同一省份"),
        ("certificate_number", "location", "证号中的省份简称与坐落不在同一省份"),
        ("id_number", "address", "公民身份号码的首次登记地与住址不在同一省份，跨省迁移的属于正常"),
    ):
        yield from (_remark(at, says) for at in _elsewhere(sight, code, place))
    for at in sight.find("unit_number"):
        if not validators.unit_number_valid(at.value):
            yield _remark(at, "不动产单元号的格式不常见")


def _elsewhere(sight: Sight, code: str, place: str) -> Iterator[Located]:
    """Codes whose province is not that of the address on the same page, where both say one."""
    for at in sight.find(code):
        places = [p.value for p in sight.find(place) if p.spot.page == at.spot.page]
        there = {_province_named(validators.plain(p)) for p in places} - {None}
        here = _province(code, validators.plain(at.value))
        if here is not None and there and here not in there:
            yield at


def _province_named(address: str) -> str | None:
    """Of the region the address begins with: 成都市武侯区 is in Sichuan, though it does not say so."""
    region = region_in(address)
    return province_in(address) or (region.code[:2] if region and region.code else None)


def _province(code: str, value: str) -> str | None:
    if code == "certificate_number":
        return province_of_sign(value[:1])
    digits = value[2:4] if code == "credit_code" else value[:2]
    return digits if digits.isascii() and digits.isdigit() and digits != "10" else None


def _authority_elsewhere(whole: Whole) -> Iterator[Remark]:
    """The bureau that issued a card is that of its holder's address: told where no address in the application fits."""
    fronts = [s for s in whole.sights.values() if s.spec.document == "id_card_front"]
    addresses = [validators.plain(at.value) for s in fronts for at in s.find("address") if at.value.strip()]
    for sight in (s for key, s in whole.sights.items() if key not in whole.settled):
        for at in sight.find("authority"):
            names = _places(at.value)
            if names and addresses and not any(name in address for name in names for address in addresses):
                yield _remark(at, "签发机关所在地与住址不在同一地方")


def _places(authority: str) -> list[str]:
    """广州市公安局海珠分局 → 广州, 海珠; 海门市公安局 → 海门."""
    parts = re.split(r"公安局|分局", validators.plain(authority))
    names = (re.sub(r"(市|县|区|自治县|自治州)$", "", part) for part in parts)
    return [name for name in names if len(name) >= 2]


def _remark(at: Located, message: str) -> Remark:
    return Remark(at.spot.material, at.spot.page, at.spot.field, message)
