"""A check that cannot tell is never a pass: whatever a check of an item reads, on whichever page of whichever complete
application, is taken away, left blank, or read badly and wrong; no such application passes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest

from cases.items import Item
from cases.readings import Confirmed, Field
from preaudit.checks import cross_check_of, material_check
from preaudit.judge import Verdict
from tests.preaudit import applications_of_families, applications_of_trades
from tests.preaudit.applications import Application

COMPLETE = (*applications_of_families.ALL, *applications_of_trades.ALL)
Place = tuple[str, int, str]
"""Material, page, name of the field."""


def read_by_checks(item: Item) -> set[tuple[str, str]]:
    """Material and field."""
    calls = [(spec.key, *material_check(call)) for spec in item.materials for call in spec.checks]
    crossed = (cross_check_of(call) for call in item.cross_checks)
    alone = {(key, name) for key, check, params in calls for name in check.reads(params)}
    return alone | {tuple(ref.split(".")) for check, params in crossed for ref in check.reads(params) if "." in ref}  # type: ignore[misc]


def places(made: Application) -> Iterator[Place]:
    wanted = read_by_checks(made.item)
    for key, pages in made.pages.items():
        for number, page in enumerate(pages):
            yield from ((key, number, name) for name in page.fields if (key, name) in wanted)


def is_nobodys(made: Application, place: Place, how: str) -> bool:
    """What no answer asks for: a father whose card is not asked for, and pages of a register that are neither the
    applicant's nor counted on the form."""
    key, number, name = place
    absent_father = name.startswith("father") and "father_id_front" not in made.pages
    several = made.code == "440105-CSDJ" and key == "household_register" and len(made.pages[key]) > 2
    either_parent = several and number > 0 and name not in ("relation", "head_name")
    return absent_father or either_parent or _is_settled_by_the_name(made, place, how)


def _is_settled_by_the_name(made: Application, place: Place, how: str) -> bool:
    """Who bears the head's name is the head, whatever the page says of the relation; and a head of another name has
    nothing to be compared with where no page is the head's own."""
    key, number, name = place
    pages = made.pages[key]
    heads = {page.fields["head_name"].value for page in pages if "head_name" in page.fields}
    if name == "relation":
        return pages[number].fields["name"].value in heads
    heads_own = any(p.fields["relation"].value == "户主" for p in pages if "relation" in p.fields)
    return name == "head_name" and how == "another" and not heads_own


def without(made: Application, place: Place) -> Application:
    key, number, name = place
    pages = made.pages[key]
    left = {n: f for n, f in pages[number].fields.items() if n != name}
    changed = replace(pages[number], fields=left)
    return made.having(**{key: (*pages[:number], changed, *pages[number + 1 :])})


def reading(made: Application, place: Place, value: str) -> Application:
    key, number, name = place
    field = Field(value, 0.4, Confirmed.ONE_READER, made.pages[key][number].fields[name].box)
    return made.reading_on(number, key, {name: field})


CHANGES: Mapping[str, Callable[[Application, Place], Application]] = {
    "taken away": without,
    "blank": lambda made, place: reading(made, place, ""),
    "another": lambda made, place: reading(made, place, "口口"),
}


@pytest.mark.parametrize(
    "how", ["taken away", *(pytest.param(each, marks=pytest.mark.thorough) for each in ("blank", "another"))]
)
def test_what_a_check_reads_and_cannot_tell_is_no_pass(how: str) -> None:
    tried = [(made, place, CHANGES[how](made, place)) for made in COMPLETE for place in places(made)]
    passed = [(made, place) for made, place, changed in tried if changed.judged().verdict is Verdict.PASSED]
    assert [(made.code, *place) for made, place in passed if not is_nobodys(made, place, how)] == []
    assert len(tried) > 500
