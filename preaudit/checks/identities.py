"""Checks that hold for every application, whatever its item asks: nobody has two names."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cases.findings import Finding, FindingCode, found
from cases.readings import Field
from cases.sentences import say
from preaudit import validators
from preaudit.checks.across import FORM, normal, place
from preaudit.checks.outcomes import at_field
from preaudit.checks.params import Params
from preaudit.checks.registry import Findings, cross_check
from preaudit.checks.sight import Located, Sight, Spot, Whole
from preaudit.documents import field_name


class Bearer(NamedTuple):
    """A name beside a number. Typed by the resident where `at` is None."""

    number: str
    name: str
    spot: Spot
    at: Located | None


_OF_THE_HOLDER = frozenset({"licence_number", "credit_code", "id_number"})
"""Numbers of the one whom the page is about."""


def _bearers(whole: Whole) -> Iterator[Bearer]:
    for sight in whole.sights.values():
        yield from bearers_on(sight)
    for of_number, of_name in (("id_number", "applicant_name"), ("agent_id_number", "agent_name")):
        number, name = whole.form.get(of_number, ""), whole.form.get(of_name, "")
        if _is_number(number) and name.strip():
            yield Bearer(validators.plain(number), normal("name", name), Spot(FORM, 0, of_name), None)


def bearers_on(sight: Sight) -> Iterator[Bearer]:
    """Whoever is named beside a possible number on the pages of that material."""
    for sheet in sight.sheets:
        for number, of_name in named_beside(sheet.fields):
            spot, name = Spot(sight.spec.key, sheet.page, of_name), sheet.fields[of_name]
            at = Located(spot, name, sight.sure_of(spot, name))
            yield Bearer(number, normal("name", name.value), spot, at)


def named_beside(fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
    """Each possible number on a page, and the field of the name beside it."""
    for of_number, number in fields.items():
        of_name = next((each for each in _name_of(of_number) if each in fields), None)
        if of_name is not None and fields[of_name].value.strip() and _is_number(number.value):
            yield validators.plain(number.value), of_name


def _name_of(field: str) -> tuple[str, ...]:
    """The field that names whose number this is; of a form the applicant's, where it has no other."""
    if field in _OF_THE_HOLDER:
        return "name", "applicant_name"
    return (re.sub("id_number", "name", field),) if "id_number" in field else ()


def _is_number(text: str) -> bool:
    return validators.id_number_valid(text) or validators.credit_code_valid(text)


def _agreeing(whole: Whole, _: Params) -> Iterator[Spot]:
    seen = list(_bearers(whole))
    for one in seen:
        if any(_same(one, other) and one.spot != other.spot for other in seen):
            yield one.spot


def _same(one: Bearer, other: Bearer) -> bool:
    return (one.number, one.name) == (other.number, other.name)


@cross_check("one_name_per_number", reads=lambda _: (), confirms=_agreeing)
def one_name_per_number(whole: Whole, _: Params) -> Findings:
    """Whoever bears a number bears one name, wherever the two stand side by side. Always looked at, whatever the item
    says.

    Source: 居民身份证法 art. 3 and 4: one number for each citizen; GB 32100 for organisations.
    Certain: one number, one name: the places that agree confirm each other.
    Doubtful: one number, two names: misread, renamed or forged. Told where fewer papers say so.
    Cannot tell: a name or a number was not read: nothing is said here, the checks of those fields ask for them.
    """
    seen = list(_bearers(whole))
    for number in dict.fromkeys(b.number for b in seen):
        bearers = [b for b in seen if b.number == number]
        usual = _usual(bearers)
        for other in bearers:
            if other.name != usual.name and other.spot.material not in whole.settled:
                yield _second_name(whole, other, usual)


def _usual(bearers: list[Bearer]) -> Bearer:
    """The name that most papers have; of equals, the one that was typed, else the first on the checklist."""
    counts = Counter(b.name for b in bearers)
    return max(bearers, key=lambda b: (counts[b.name], b.at is None))


def _second_name(whole: Whole, other: Bearer, usual: Bearer) -> Finding:
    label = field_name(other.spot.field, whole.sights[other.spot.material].spec if other.at else None)
    here, there = (place(whole, f"{b.spot.material}.{b.spot.field}") for b in (other, usual))
    message = say("{here}上的{field}与{there}的不一致，号码却相同", here=here, field=label, there=there)
    more: dict[str, Any] = {"between": [_ref(other), _ref(usual)], "compared": [other.spot, usual.spot]}
    if other.at is None:
        return found(FindingCode.MISMATCH, field=_ref(other), message=message, **more)
    return at_field(other.at, FindingCode.MISMATCH, message, **more)


def _ref(bearer: Bearer) -> str:
    return f"{bearer.spot.material}.{bearer.spot.field}"
