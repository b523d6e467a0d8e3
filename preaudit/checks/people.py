"""Checks of who is who: a couple and their certificate, owners and sellers, a family and its register.

People are known by name and identity number. All of these go to a person when they fail: a number is misread more
often than somebody hands in a stranger's card.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from cases.findings import Finding, FindingCode, found
from cases.items import Need, applies
from preaudit.checks.across import FORM, all_settled, normal, place, source, split, unreadable
from preaudit.checks.outcomes import at_field
from preaudit.checks.params import Option, Params
from preaudit.checks.registry import Findings, cross_check
from preaudit.checks.sight import Located, Spot, Whole
from preaudit.documents import field_name


class Named(NamedTuple):
    """One person as a paper names them."""

    name: Located
    number: Located

    @property
    def key(self) -> tuple[str, str]:
        return normal("name", self.name.value), normal("id_number", self.number.value)


_CARD = (("name", "id_number"),)
_CERTIFICATE = (("name_1", "id_number_1"), ("name_2", "id_number_2"))


def _people(whole: Whole, material: str, fields: tuple[tuple[str, str], ...]) -> list[Named]:
    """Everybody on the pages of that material whose name and number were both read."""
    sight = whole.sights[material]
    return [
        Named(name, number)
        for of_name, of_number in fields
        for name in sight.find(of_name)
        for number in sight.find(of_number)
        if name.spot.page == number.spot.page and name.value.strip() and number.value.strip()
    ]


def _couple_reads(params: Params) -> tuple[str, ...]:
    cards = tuple(f"{params[k]}.{f}" for k in ("one", "other") for f in ("name", "id_number"))
    return (*(f"{params['certificate']}.{f}" for pair in _CERTIFICATE for f in pair), *cards)


def _couple_spots(whole: Whole, params: Params) -> Iterator[Spot]:
    if not _all_there(whole, params):
        return
    cards = [p for k in ("one", "other") for p in _people(whole, params[k], _CARD)]
    married = _people(whole, params["certificate"], _CERTIFICATE)
    for some, others in ((cards, married), (married, cards)):
        names = {p.key for p in others}
        yield from (at.spot for p in some if p.key in names for at in p)


def _all_there(whole: Whole, params: Params) -> bool:
    return all(params[k] in whole.sights for k in ("certificate", "one", "other"))


@cross_check(
    "couple",
    Option("one", str),
    Option("other", str),
    Option("certificate", str, "marriage_certificate"),
    reads=_couple_reads,
    confirms=_couple_spots,
)
def couple(whole: Whole, params: Params) -> Findings:
    """The two on the marriage certificate are the two of the cards, name and number (婚姻登记条例: who is registered).

    Both found on it: certain, and each confirms the other. One not found, or both cards one person's: doubtful. A name
    or number that was not read: cannot tell. Without one of the three papers its own finding says so.
    """
    refs = _couple_reads(params)
    if all_settled(whole, refs) or not _all_there(whole, params):
        return
    unread = [f for ref in refs for f in unreadable(whole, ref)]
    yield from unread
    married = _people(whole, params["certificate"], _CERTIFICATE)
    if unread or not married:
        return
    seen = set[tuple[str, str]]()
    for key in ("one", "other"):
        for person in _people(whole, params[key], _CARD):
            if person.key in seen:
                yield at_field(person.number, FindingCode.MISMATCH, "两份身份证是同一人的", between=list(refs))
            elif person.key not in {p.key for p in married}:
                yield _not_on(whole, params, person, married)
            seen.add(person.key)


def _not_on(whole: Whole, params: Params, person: Named, married: list[Named]) -> Finding:
    """Points at the certificate: at the name where only that differs, else at a number that is no cardholder's."""
    cards = {p.number.value for k in ("one", "other") for p in _people(whole, params[k], _CARD)}
    names = [p.name for p in married if p.key[1] == person.key[1]]
    strangers = [p.number for p in married if p.number.value not in cards]
    at = (*names, *strangers, married[0].number)[0]
    certificate, card = whole.sights[params["certificate"]].spec.name, whole.sights[person.name.spot.material].spec.name
    message = f"{certificate}上的两人中没有{card}的持证人"
    return at_field(at, FindingCode.MISMATCH, message, between=[params["certificate"], person.name.spot.material])


def _one_of_reads(params: Params) -> tuple[str, ...]:
    return (params["value"], *params["among"])


def _one_of_spots(whole: Whole, params: Params) -> Iterator[Spot]:
    for ref in params["among"]:
        yield from _shared_spots(whole, params["value"], ref)


def _shared_spots(whole: Whole, one: str, other: str) -> Iterator[Spot]:
    """Where the values stand that both have."""
    sources = source(whole, one), source(whole, other)
    if sources[0] is None or sources[1] is None:
        return
    both = sources[0].values & sources[1].values
    for each in (*sources[0].located, *sources[1].located):
        if normal(each.spot.field, each.value) in both:
            yield each.spot


@cross_check("one_of", Option("value", str), Option("among", tuple), reads=_one_of_reads, confirms=_one_of_spots)
def one_of(whole: Whole, params: Params) -> Findings:
    """The applicant is one of those whom the papers are about: a parent, a spouse, the register's own people.

    Found among them: certain. Among none: doubtful. Some not read and found in no other: cannot tell. Papers that the
    answers leave out count for nothing; one that is still to come may be the one.
    """
    refs = _one_of_reads(params)
    if all_settled(whole, refs):
        return
    value = source(whole, params["value"])
    others = [s for s in (source(whole, ref) for ref in params["among"]) if s is not None]
    if value is not None and any(value.values & s.values for s in others):
        return
    unread = [f for ref in refs for f in unreadable(whole, ref)]
    yield from unread
    if value is not None and others and not unread and not any(_awaited(whole, ref) for ref in refs):
        others_named = "、".join(dict.fromkeys(place(whole, s.ref) for s in others))
        yield _at_source(whole, params["value"], value.located, f"与{others_named}的都不一致")


def _blocked(whole: Whole, ref: str) -> bool:
    sight = whole.sights.get(split(ref)[0])
    return sight is not None and sight.blocked


def _awaited(whole: Whole, ref: str) -> bool:
    """It has an unusable page, or none yet: that has its own finding, and what it would say is not known."""
    owner = split(ref)[0]
    spec = whole.item.material(owner)
    chosen = spec is not None and spec.need is not Need.OPTIONAL and applies(spec.when, whole.answers)
    return _blocked(whole, ref) or (chosen and owner not in whole.sights)


def _at_source(whole: Whole, ref: str, located: tuple[Located, ...], says: str) -> Finding:
    name = split(ref)[1]
    if not located:
        return found(FindingCode.MISMATCH, field=ref, message=f"所填的{field_name(name)}{says}")
    at = located[0]
    label = field_name(name, whole.sights[at.spot.material].spec)
    return at_field(at, FindingCode.MISMATCH, f"{place(whole, ref)}上的{label}{says}", between=[ref])


def _everyone_reads(params: Params) -> tuple[str, ...]:
    return params["people"], params["among"]


@cross_check(
    "everyone_in",
    Option("people", str),
    Option("among", str),
    reads=_everyone_reads,
    confirms=lambda whole, p: _shared_spots(whole, p["people"], p["among"]),
)
def everyone_in(whole: Whole, params: Params) -> Findings:
    """Each person of one material stands in another: all who live together in the register (社会救助暂行办法 art. 9).

    Everybody found: certain. Somebody not found: doubtful, at that page. Nobody read on one side: cannot tell.
    """
    refs = _everyone_reads(params)
    if all_settled(whole, refs) or any(split(ref)[0] not in (*whole.sights, FORM) for ref in refs):
        return
    yield from (f for ref in refs for f in unreadable(whole, ref))
    people, among = source(whole, params["people"]), source(whole, params["among"])
    if people is None or among is None or _blocked(whole, params["among"]):
        return
    for at in people.located:
        if normal(at.spot.field, at.value) not in among.values:
            name = field_name(at.spot.field, whole.sights[at.spot.material].spec)
            message = f"{place(whole, among.ref)}上没有{place(whole, people.ref)}第{at.spot.page}页的{name}"
            yield at_field(at, FindingCode.MISMATCH, message, between=list(refs))


def owners(value: str) -> frozenset[str]:
    """The names in 权利人: several owners are printed one after the other."""
    parts = re.split(r"[、，,；;/\s]+", value.strip())
    return frozenset(normal("name", p) for p in parts if p)


def _names(whole: Whole, params: Params) -> frozenset[str]:
    sources = (source(whole, ref) for ref in params["people"])
    return frozenset(name for s in sources if s is not None for name in s.values)


def _owner_spots(whole: Whole, params: Params) -> Iterator[Spot]:
    title = source(whole, params["owner"])
    people = _names(whole, params)
    for at in title.located if title else ():
        if owners(at.value) <= people:
            yield at.spot


@cross_check(
    "owners_are",
    Option("owner", str),
    Option("people", tuple),
    Option("share", str, "all", choices=frozenset({"all", "some"})),
    reads=lambda p: (p["owner"], *p["people"]),
    confirms=_owner_spots,
)
def owners_are(whole: Whole, params: Params) -> Findings:
    """Who disposes of a property is its owner, and all owners together (民法典 art. 301; 不动产登记暂行条例 art. 14).

    `share: all`: the people are exactly the owners; `some`: at least one of them is. So: certain. Otherwise doubtful.
    Owner or people not read: cannot tell.
    """
    refs = (params["owner"], *params["people"])
    if all_settled(whole, refs) or split(params["owner"])[0] not in whole.sights:
        return
    yield from (f for ref in refs for f in unreadable(whole, ref))
    title = source(whole, params["owner"])
    people = _names(whole, params)
    if title is None or not people or any(_awaited(whole, ref) for ref in refs):
        return
    printed = frozenset().union(*(owners(at.value) for at in title.located))
    if not (printed == people if params["share"] == "all" else printed & people):
        papers = "、".join(dict.fromkeys(place(whole, r) for r in params["people"] if source(whole, r)))
        yield _at_source(whole, params["owner"], title.located, f"与{papers}的不一致")


@cross_check("as_many_pages", Option("values", tuple, least=2), reads=lambda p: tuple(p["values"]))
def as_many_pages(whole: Whole, params: Params) -> Findings:
    """Cards of several people: as many backs as fronts (both sides of 居民身份证 are asked for).

    Equal: certain. Fewer: the resident adds the missing ones. With an unusable page its own finding comes first.
    """
    sights = [whole.sights[key] for key in params["values"] if key in whole.sights]
    if len(sights) < 2 or any(s.blocked for s in sights) or all_settled(whole, params["values"]):
        return
    most = max(len(s.sheets) for s in sights)
    for sight in sights:
        if len(sight.sheets) < most and sight.spec.key not in whole.settled:
            message = f"{sight.spec.name}现有{len(sight.sheets)}页，另一面有{most}页，应一人一页"
            yield found(FindingCode.MISSING_PAGE, material=sight.spec.key, message=message, wanted=most)
