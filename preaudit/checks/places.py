"""Checks of addresses: is it in this district, and do two papers mean the same place?

An address is never compared letter by letter: one paper begins with the province, another with the street, and a room
number stands on one of them only.
"""

import re
from collections.abc import Iterator

from cases.findings import Finding, FindingCode
from cases.sentences import say
from preaudit import validators
from preaudit.addresses import region_in
from preaudit.checks.across import all_settled, comparable, differ, on, place, source, spots_of, unreadable
from preaudit.checks.outcomes import at_field, on_field
from preaudit.checks.params import Option, Params
from preaudit.checks.registry import Findings, check, cross_check
from preaudit.checks.sight import Located, Sight, Spot, Whole

SHORTEST = 5
"""Han characters and digits below which two addresses share too little to be one place."""


def plain_place(address: str) -> str:
    """Without province, city, white space and stops: what is left begins with the district or the street."""
    text = _bare(address)
    region = region_in(text)
    if region is not None:
        return text[region.county_at :]
    for level in ("(?:省|自治区|特别行政区)", "(?:市|自治州|地区)"):
        text = re.sub(rf"^[^省市区县]{{2,8}}?{level}", "", text)
    return text


def _bare(address: str) -> str:
    return re.sub(r"[,，.。;；、()（）\-—]", "", validators.plain(address))


def one_place(one: str, other: str) -> bool:
    """One address goes on where the other ends (1号 and 1号501房, not 501 and 5011), or begins further down; never where
    the table of places knows them for two counties: there is a 朝阳区 in 北京 and one in 长春."""
    if _two_counties(_bare(one), _bare(other)):
        return False
    places = plain_place(one), plain_place(other)
    if (_DISTRICT.match(places[0]) is None) != (_DISTRICT.match(places[1]) is None):
        places = _DISTRICT.sub("", places[0]), _DISTRICT.sub("", places[1])
    short, long = sorted(places, key=len)
    ends = r"(?![0-9])" if short[-1:].isdigit() else ""
    return len(short) >= SHORTEST and re.search(re.escape(short) + ends, long) is not None


def _two_counties(one: str, other: str) -> bool:
    """Former names prove nothing: their counties may be one by now."""
    regions = [region for region in (region_in(one), region_in(other)) if region and region.code and not region.former]
    if len(regions) < 2:
        return False
    level = min(len(region.code.removesuffix("00").removesuffix("00")) for region in regions)
    return regions[0].code[:level] != regions[1].code[:level]


_DISTRICT = re.compile(r"^[^省市区县]{1,6}?[区县]")


@check("located_in", Option("places", tuple), Option("field", str, "address"))
def located_in(sight: Sight, params: Params) -> Findings:
    """The address names the district whose office is asked.

    Source: 属地管辖: 户口登记条例 art. 3, 不动产登记暂行条例 art. 7 and the like.
    Certain: named, read clearly: no misread character makes another district.
    Doubtful: not named: districts merge, and older papers keep their names.
    Cannot tell: no address was read.
    """
    places = params["places"]

    def inside(value: str) -> bool:
        return any(p in validators.plain(value) for p in places)

    def wrong(at: Located) -> Finding | None:
        if inside(at.value):
            return None
        message = say("{paper}上的地址不在{places}范围内", paper=sight.spec.name, places=list(places))
        return at_field(at, FindingCode.MISMATCH, message)

    return on_field(sight, params["field"], wrong, closed=inside)


@cross_check(
    "same_place",
    Option("values", tuple, least=2),
    reads=lambda p: tuple(p["values"]),
    confirms=lambda whole, p: _same_spots(whole, p["values"]),
)
def same_place(whole: Whole, params: Params) -> Findings:
    """One address in several papers: the premises of the form are those of the lease or the certificate.

    Source: 市场主体登记管理条例 art. 11; 行政许可法 art. 34.
    Certain: one contains the other once province and city are left off.
    Doubtful: otherwise: addresses are written in many ways.
    Cannot tell: an address was not read.
    """
    refs = params["values"]
    if all_settled(whole, refs) or not comparable(whole, refs):
        return
    yield from (f for ref in refs for f in unreadable(whole, ref))
    sources = [s for s in (source(whole, ref) for ref in refs) if s is not None and s.located]
    for other in sources[1:]:
        base = sources[0]
        if not any(one_place(a.value, b.value) for a in base.located for b in other.located):
            message = differ(on(place(whole, other.ref), ["地址"]), [place(whole, base.ref)])
            between, spots = [other.ref, base.ref], spots_of(other, base)
            yield at_field(other.located[0], FindingCode.MISMATCH, message, between=between, compared=spots)


def _same_spots(whole: Whole, refs: tuple[str, ...]) -> Iterator[Spot]:
    sources = [s for s in (source(whole, ref) for ref in refs) if s is not None]
    for one in sources:
        others = [at for s in sources if s is not one for at in s.located]
        yield from (at.spot for at in one.located if any(one_place(at.value, o.value) for o in others))
