"""The region that an address begins with, by the table of places: 广东省广州市海珠区, with or without its upper levels.

`region_in` recognises it. `mended` puts one misread character of it right where a single place fits and the character is
one that no place is written with, or looks like the right one: what a hand wrote, or an office named itself, is not ours to
improve. Functions over text; an address without a region stays what it is.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain

from preaudit.places_of_codes import PROVINCES, Place, places

LOOKALIKES = frozenset(
    map(
        frozenset,
        re.findall(
            r"\S\S",
            """自白 未末 土士 日曰 人入 入八 人八 千干 干于 千于 己已 己巳 已巳 大太 大犬 太犬 天夫 夫大 木本 王玉 王主 玉主 今令 贝见 乌鸟
            兔免 州洲 州卅 江汪 汉汊 问间 间闻 洛珞 陕峡 峡狭 吕呂 义叉 广厂 东车 云去 北比 门们 田由 由甲 甲申 申中 万方 石右 石古 右古
            龙尤 阳阴 宁宇 宝室 台合 合含 青清 清请 昌冒 桥侨 荔茘 莞菀 莞芫 莞苋 湖潮 潮朝 河何 沪泸 沂沁 珠殊 珠株 风凤 乡多 圳川 圳训 衢衡
            亳毫 邳丕 沭沐 睢雎 砀场 郸单""",
        ),
    )
)
"""Characters of places that recognition takes for each other."""
LEAST = 3
"""Characters of a county's name in which one may have been misread: of two, nothing would be left to know it by."""


@dataclass(frozen=True)
class Region:
    """`code` of the smallest place named; '' where several bear the name. `end`: characters of the address that name it,
    `county_at`: where the county's own name begins in it (`end` without one)."""

    code: str
    end: int
    county_at: int
    former: bool = False


Names = Mapping[str, Sequence[tuple[str, Place]]]
"""By their first two characters."""


@dataclass(frozen=True)
class _Head:
    """As much of an address as has been understood: `spelt` as the table writes it. `misread`: characters that may, or must
    still, differ."""

    address: str
    misread: int
    spelt: str = ""

    def then(self, names: Names) -> Iterator[tuple[Place, "_Head"]]:
        """Each place that comes next, and the head with it."""
        at = len(self.spelt)
        keys = names if self.misread else (self.address[at : at + 2],)
        for name, place in chain.from_iterable(names.get(key, ()) for key in keys):
            here = self.address[at : at + len(name)]
            if here == name or (self.misread and _nearly(here, name)):
                yield place, replace(self, misread=self.misread - (here != name), spelt=self.spelt + name)


def _nearly(here: str, name: str) -> bool:
    """One character differs, and not the last: 海珠路 is no 海珠区."""
    if len(here) != len(name) or len(name) < LEAST or here[-1] != name[-1]:
        return False
    return sum(a != b for a, b in zip(here, name, strict=True)) == 1


@dataclass(frozen=True)
class _Found:
    place: Place
    head: _Head
    county_at: int

    @property
    def end(self) -> int:
        return len(self.head.spelt)

    @property
    def spelt(self) -> str:
        return self.head.spelt


def region_in(address: str) -> Region | None:
    found = _best(_read(address, exact=True))
    if not found:
        return None
    codes = {each.place.code for each in found}
    best, former = found[0], found[0].place.until is not None
    return Region(codes.pop() if len(codes) == 1 else "", best.end, best.county_at, former)


def mended(address: str, code: str = "") -> str:
    """The address, one character of its region put right or none. `code`: of the place that an identity number on the same
    page names; it decides where nothing else would."""
    known = _best(_read(address, exact=True))
    if known and known[0].place.is_county:
        return address
    fits = [each for each in _read(address, exact=False) if each.place.is_county or not known]
    named = {each.spelt for each in fits if each.place.code == code}
    spelt = named or {each.spelt for each in _best([each for each in fits if _looks_like(address, each.spelt)])}
    if not spelt and not _is_of_places(address, fits):
        spelt = {each.spelt for each in _best(fits)}
    if len(spelt) != 1:
        return address
    (right,) = spelt
    return right + address[len(right) :]


def _looks_like(address: str, right: str) -> bool:
    return frozenset(_difference(address, right)) in LOOKALIKES


def _is_of_places(address: str, fits: Sequence[_Found]) -> bool:
    """Whether what was read is a character that some place is written with: then it may be meant."""
    return any(_difference(address, each.spelt)[0] in _characters() for each in fits)


def _difference(address: str, right: str) -> tuple[str, str]:
    """What was read and what is meant, at the first place where they differ."""
    return next((a, b) for a, b in zip(address, right, strict=False) if a != b)


@cache
def _characters() -> frozenset[str]:
    return frozenset(chain.from_iterable(p.name for several in places().values() for p in several))


def _best(found: Sequence[_Found]) -> list[_Found]:
    """Those that say most: the longer name, of equals one still in use, of these a county's."""
    most = max((_said(each) for each in found), default=None)
    return [each for each in found if _said(each) == most]


def _said(found: _Found) -> tuple[int, bool, bool]:
    return found.end, found.place.until is None, found.place.is_county


def _read(address: str, *, exact: bool) -> list[_Found]:
    """Every way in which the address begins with a place: to the letter, or with one character otherwise."""
    return [found for found in _from(_Head(address, 0 if exact else 1)) if found.head.misread == 0]


def _from(start: _Head) -> Iterator[_Found]:
    for province, head in start.then(_provinces()):
        yield _Found(province, head, len(head.spelt))
        yield from _cities_in(head, province.province)
        yield from _counties_in(head, province.province)
    yield from _cities_in(start, "")
    if not start.misread:  # a county's name alone must be read to the letter
        yield from _counties_in(start, "")


def _cities_in(before: _Head, province: str) -> Iterator[_Found]:
    for city, head in before.then(_cities(province)):
        yield _Found(city, head, len(head.spelt))
        yield from _counties_in(head, city.code[:4])


def _counties_in(before: _Head, within: str) -> Iterator[_Found]:
    for county, head in before.then(_counties(within)):
        yield _Found(county, head, len(before.spelt))


def _by_start(named: Iterable[tuple[str, Place]]) -> Names:
    made = defaultdict[str, list[tuple[str, Place]]](list)
    for name, place in named:
        made[name[:2]].append((name, place))
    return made


@cache
def _provinces() -> Names:
    """With their full names and as they are called: 广东省 and 广东, 新疆维吾尔自治区 and 新疆."""
    whole = [p for several in places().values() for p in several if p.code[2:] == "0000" and p.until is None]
    called = ((PROVINCES[p.province].name, p) for p in whole if p.province in PROVINCES)
    return _by_start(chain(((p.name, p) for p in whole), called))


@cache
def _cities(province: str) -> Names:
    return _by_start(
        (p.name, p)
        for code, several in places().items()
        if code.startswith(province) and code[4:] == "00" and code[2:4] != "00"
        for p in several
    )


@cache
def _counties(prefix: str) -> Names:
    """Of a city (four digits), of a province (two), or all."""
    return _by_start(
        (p.name, p) for code, several in places().items() if code.startswith(prefix) for p in several if p.is_county
    )
