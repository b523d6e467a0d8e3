"""Checks of who is who: a couple and their certificate, owners and sellers, a family and its register.

People are known by name and identity number. All of these go to a person when they fail: a number is misread more
often than somebody hands in a stranger's card.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from cases.findings import Finding, FindingCode, Severity, found
from cases.items import Need, applies
from cases.sentences import say
from preaudit import validators
from preaudit.checks.across import FORM, Source, all_settled, normal, on, place, source, split, spots_of, unreadable
from preaudit.checks.outcomes import OF_THE_PAGE, at_field, doubtful, missing, unread
from preaudit.checks.params import Option, Params
from preaudit.checks.registry import Findings, cross_check
from preaudit.checks.sight import Located, Sight, Spot, Whole
from preaudit.documents import FIELDS, field_name


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
    """The two on the marriage certificate are the two of the cards, name and number.

    Source: 婚姻登记条例 art. 7: who is registered.
    Certain: both found on it, and each confirms the other.
    Doubtful: one is not on it, or both cards are one person's.
    Cannot tell: a name or a number was not read. Without one of the three papers its own finding says so.
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
                yield _twin(whole, params, person)
            elif person.key not in {p.key for p in married}:
                yield _not_on(whole, params, person, married)
            seen.add(person.key)


def _twin(whole: Whole, params: Params, person: Named) -> Finding:
    one, other = (whole.sights[params[k]].spec.name for k in ("one", "other"))
    between = [f"{params[k]}.id_number" for k in ("one", "other")]
    more: dict[str, Any] = {"between": between, OF_THE_PAGE: True}
    message = say("{one}和{other}是同一人的", one=one, other=other)
    return at_field(person.number, FindingCode.MISMATCH, message, **more)


def _not_on(whole: Whole, params: Params, person: Named, married: list[Named]) -> Finding:
    """Points at the certificate: at the name where only that differs, else at a number that is no cardholder's."""
    cards = {p.number.value for k in ("one", "other") for p in _people(whole, params[k], _CARD)}
    names = [p.name for p in married if p.key[1] == person.key[1]]
    strangers = [p.number for p in married if p.number.value not in cards]
    at = (*names, *strangers, married[0].number)[0]
    certificate, card = whole.sights[params["certificate"]].spec.name, whole.sights[person.name.spot.material].spec.name
    message = say("{certificate}上的两人中没有{card}的持证人", certificate=certificate, card=card)
    between = [f"{params['certificate']}.{at.spot.field}", f"{person.name.spot.material}.{person.number.spot.field}"]
    spots = [at.spot, person.name.spot, person.number.spot]
    return at_field(at, FindingCode.MISMATCH, message, between=between, compared=spots)


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

    Source: the item's own guide: who may apply.
    Certain: found among them.
    Doubtful: found among none of them.
    Cannot tell: one of them was not read, and it stands on no other. Papers that the answers leave out count for
        nothing; one that is still to come may be the one.
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
        yield _at_source(whole, value, others, "{here}与{there}的都不一致")


def _blocked(whole: Whole, ref: str) -> bool:
    sight = whole.sights.get(split(ref)[0])
    return sight is not None and sight.blocked


def _awaited(whole: Whole, ref: str) -> bool:
    """It has an unusable page, or none yet: that has its own finding, and what it would say is not known."""
    owner = split(ref)[0]
    spec = whole.item.material(owner)
    chosen = spec is not None and spec.need is not Need.OPTIONAL and applies(spec.when, whole.answers)
    return _blocked(whole, ref) or (chosen and owner not in whole.sights)


def _at_source(whole: Whole, value: Source, others: list[Source], says: str) -> Finding:
    """`says`: a pattern of `here` and `there`."""
    name = split(value.ref)[1]
    there = list(dict.fromkeys(place(whole, s.ref) for s in others))
    more: dict[str, Any] = {"between": [value.ref, *(s.ref for s in others)], "compared": spots_of(value, *others)}
    if not value.located:
        message = say(says, here=say("所填的{field}", field=field_name(name)), there=there)
        return found(FindingCode.MISMATCH, field=value.ref, message=message, **more)
    at = value.located[0]
    label = field_name(name, whole.sights[at.spot.material].spec)
    here = on(place(whole, value.ref), [label])
    return at_field(at, FindingCode.MISMATCH, say(says, here=here, there=there), **more)


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
    """Each person of one material stands in another: all who live together in the register.

    Source: 社会救助暂行办法 art. 9.
    Certain: everybody found.
    Doubtful: somebody not found: told at their page.
    Cannot tell: nobody was read on one side, or not on one of several papers.
    """
    refs = _everyone_reads(params)
    if all_settled(whole, refs) or any(split(ref)[0] not in (*whole.sights, FORM) for ref in refs):
        return
    owner, name = split(params["people"])
    yield from unread(whole.sights[owner], name) if owner in whole.sights else unreadable(whole, params["people"])
    yield from unreadable(whole, params["among"])
    people, among = source(whole, params["people"]), source(whole, params["among"])
    if people is None or among is None or _blocked(whole, params["among"]):
        return
    for at in people.located:
        if normal(at.spot.field, at.value) not in among.values:
            name = field_name(at.spot.field, whole.sights[at.spot.material].spec)
            one_of_several = len(whole.sights[at.spot.material].sheets) > 1
            here = place(whole, people.ref)
            paper = say("{paper}第{page}页", paper=here, page=at.spot.page) if one_of_several else here
            message = say("{paper}的{field}不在{there}上", paper=paper, field=name, there=place(whole, among.ref))
            yield at_field(at, FindingCode.MISMATCH, message, between=list(refs), compared=[at.spot, *spots_of(among)])


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
    """Who disposes of a property is its owner, and all owners together. `share: all`: the people are exactly the
    owners; `some`: at least one of them is.

    Source: 民法典 art. 301; 不动产登记暂行条例 art. 14.
    Certain: so.
    Doubtful: not so.
    Cannot tell: the owner or the people were not read.
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
        named = [s for s in (source(whole, r) for r in params["people"]) if s is not None]
        yield _at_source(whole, title, named, "{here}与{there}的不一致")


@cross_check(
    "term_fits_age",
    Option("back", str),
    Option("front", str),
    reads=lambda p: (f"{p['back']}.valid_from", f"{p['back']}.valid_to", f"{p['front']}.id_number"),
)
def term_fits_age(whole: Whole, params: Params) -> Findings:
    """The term of an identity card is that of somebody of its holder's age at issue, by the number on the front: for
    the cards of people who typed no number.

    Source: 居民身份证法 art. 5.
    Certain: the dates fit one of those whose fronts are there.
    Doubtful: they fit none of them.
    Cannot tell: no date, or no valid number, was read: each has its own finding.
    """
    back, front = whole.sights.get(params["back"]), whole.sights.get(params["front"])
    if back is None or front is None or front.blocked or {params["back"], params["front"]} <= whole.settled:
        return
    numbers = [at.value for at in front.find("id_number") if validators.id_number_valid(at.value)]
    births = [validators.birth_date_of(number) for number in numbers]
    ends = {at.spot.page: at.value for at in back.find("valid_to")}
    for at in back.find("valid_from"):
        start, end = validators.parse_date(at.value), ends.get(at.spot.page, "")
        last = validators.parse_date(end)
        if start is None or not births or (last is None and end != validators.FOREVER):
            continue  # each of these has its own finding
        if all(validators.validity_span_problem(start, last, birth) for birth in births):
            message = say("{paper}的有效期限与持证人领证时的年龄不符", paper=back.spec.name)
            compared = [at.spot, *(n.spot for n in front.find("id_number"))]
            yield at_field(
                at, FindingCode.DATE_INVALID, message, between=[f"{params['back']}.valid_from"], compared=compared
            )


@cross_check(
    "pages_for_each",
    Option("material", str),
    Option("kind", str, choices=frozenset(FIELDS)),
    Option("people", str),
    reads=lambda p: (p["material"], p["people"]),
)
def pages_for_each(whole: Whole, params: Params) -> Findings:
    """A page for every one of those whom the form counts: all who live together.

    Source: 社会救助暂行办法 art. 9: the family's members are looked into together.
    Certain: as many pages of that kind as people, or more.
    Doubtful: fewer: a page is missing, or somebody is registered elsewhere.
    Cannot tell: how many was not read, or is no number; or a page does not say whose it is.
    """
    sight, count = whole.sights.get(params["material"]), source(whole, params["people"])
    if sight is None or sight.blocked or params["material"] in whole.settled:
        return
    yield from unreadable(whole, params["people"])
    yield from _nobodys(sight, params["kind"])
    pages = sum(s.reading.kind == params["kind"] for s in sight.sheets)
    for at in count.located if count else ():
        people = re.search(r"[0-9]+", validators.plain(at.value))
        if people is None:
            yield doubtful(whole.sights[at.spot.material], at)
        elif pages < int(people[0]):
            message = say(
                "{paper}现有{pages}人的登记页，申请表上写的是{people}人",
                paper=sight.spec.name,
                pages=pages,
                people=people[0],
            )
            yield found(FindingCode.MISSING_PAGE, material=sight.spec.key, message=message, severity=Severity.DOUBTFUL)


def _nobodys(sight: Sight, kind: str) -> Iterator[Finding]:
    """Pages that do not say for certain whose they are. Everybody is counted, so that nobody is a stranger here."""
    for name in {"name", "id_number"}.intersection(FIELDS[kind]):
        there = {at.spot.page: at for at in sight.find(name) if at.value.strip()}
        for page in (s.page for s in sight.sheets if s.reading.kind == kind):
            if page not in there:
                yield missing(sight, name, page)
            elif not there[page].sure:
                yield doubtful(sight, there[page])


@cross_check("as_many_pages", Option("values", tuple, least=2), reads=lambda p: tuple(p["values"]))
def as_many_pages(whole: Whole, params: Params) -> Findings:
    """Cards of several people: as many backs as fronts.

    Source: the item's checklist: both sides of each 居民身份证.
    Certain: as many; or fewer: the resident adds the missing ones.
    Doubtful: never.
    Cannot tell: a page could not be used: silent, that has its own finding.
    """
    sights = [whole.sights[key] for key in params["values"] if key in whole.sights]
    if len(sights) < 2 or any(s.blocked for s in sights) or all_settled(whole, params["values"]):
        return
    most = max(len(s.sheets) for s in sights)
    for sight in sights:
        if len(sight.sheets) < most and sight.spec.key not in whole.settled:
            pages = len(sight.sheets)
            message = say(
                "{paper}现有{pages}页，另一面有{most}页，应一人一页", paper=sight.spec.name, pages=pages, most=most
            )
            yield found(FindingCode.MISSING_PAGE, material=sight.spec.key, message=message, wanted=most)
