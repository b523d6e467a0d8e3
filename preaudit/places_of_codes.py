"""Places by their administrative code (GB/T 2260 as the Ministry of Civil Affairs keeps it): provinces with their signs on
plates and certificates, and the table of `places_of_codes.txt`, down to the county.

Codes of counties change, and papers keep the old ones: a former name is known as such, and none is a reason to refuse.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple


class Province(NamedTuple):
    name: str
    """As addresses begin, without 省, 市 or 自治区."""
    sign: str


PROVINCES: Mapping[str, Province] = {
    "11": Province("北京", "京"), "12": Province("天津", "津"), "13": Province("河北", "冀"), "14": Province("山西", "晋"),
    "15": Province("内蒙古", "蒙"), "21": Province("辽宁", "辽"), "22": Province("吉林", "吉"), "23": Province("黑龙江", "黑"),
    "31": Province("上海", "沪"), "32": Province("江苏", "苏"), "33": Province("浙江", "浙"), "34": Province("安徽", "皖"),
    "35": Province("福建", "闽"), "36": Province("江西", "赣"), "37": Province("山东", "鲁"), "41": Province("河南", "豫"),
    "42": Province("湖北", "鄂"), "43": Province("湖南", "湘"), "44": Province("广东", "粤"), "45": Province("广西", "桂"),
    "46": Province("海南", "琼"), "50": Province("重庆", "渝"), "51": Province("四川", "川"), "52": Province("贵州", "贵"),
    "53": Province("云南", "云"), "54": Province("西藏", "藏"), "61": Province("陕西", "陕"), "62": Province("甘肃", "甘"),
    "63": Province("青海", "青"), "64": Province("宁夏", "宁"), "65": Province("新疆", "新"),
}  # fmt: skip


def province_in(address: str) -> str | None:
    """The code of the province that an address begins with, or None where it begins further down."""
    return next((code for code, province in PROVINCES.items() if address.startswith(province.name)), None)


def province_of_sign(sign: str) -> str | None:
    return next((code for code, province in PROVINCES.items() if province.sign == sign), None)


@dataclass(frozen=True)
class Place:
    """A province (`440000`), a city or prefecture (`440100`), or a county (`440105`)."""

    code: str
    name: str
    until: int | None = None
    """The last year in which the code had this name; None: it still has."""

    @property
    def province(self) -> str:
        return self.code[:2]

    @property
    def is_county(self) -> bool:
        return self.code[4:] != "00"


@cache
def places() -> Mapping[str, tuple[Place, ...]]:
    """All of them by code, the present name first."""
    made = defaultdict[str, list[Place]](list)
    for place in _listed():
        made[place.code].append(place)
    return {code: tuple(sorted(each, key=lambda p: -(p.until or 10_000))) for code, each in made.items()}


def _listed() -> Iterator[Place]:
    table = resources.files(__package__).joinpath("places_of_codes.txt").read_text("utf-8")
    for line in table.splitlines():
        if not line.startswith("#"):
            code, name, *until = line.split()
            yield Place(code, name, int(until[0]) if until else None)


def was_ever(code: str) -> bool:
    """Whether six digits are, or were, the code of a place."""
    return code in places()
