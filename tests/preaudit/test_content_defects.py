"""Every content defect, planted in every complete application of every item: a wrong digit, another name, an expired
paper, another person's card, a missing page. None may pass, and one cause is one finding."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from cases.findings import FindingCode
from cases.readings import Reading
from preaudit.judge import Verdict
from tests.preaudit import applications_of_families, applications_of_trades
from tests.preaudit.applications import Application
from tests.preaudit.papers import NOBODY, card, register_page

COMPLETE = (*applications_of_families.ALL, *applications_of_trades.ALL)
CHECKED = ("id_number", "licence_number", "credit_code", "vin", "card_number", "phone", "plate")
"""Numbers with a check digit, or that stand on two papers."""
NAMED = ("name", "owner", "new_holder")
ONLY_THERE = {
    ("household_register_head", "head_name"): "compared with the head's own page where that is asked for",
    ("application_form", "trade_name"): "what the applicant wishes for",
    ("business_licence", "legal_person"): "stands on no other paper of the item",
}
"""Names that no other paper repeats: no program can find another one in their place."""


class Defect(NamedTuple):
    what: str
    material: str
    made: Application


def pages_of(made: Application) -> Iterator[tuple[str, int, Reading]]:
    yield from ((key, i, page) for key, pages in made.pages.items() for i, page in enumerate(pages))


def other_digit(number: str) -> str:
    """With another digit before the last: no check digit of one digit misses that."""
    at = max(i for i, c in enumerate(number[:-1]) if c.isdigit())
    return f"{number[:at]}{(int(number[at]) + 1) % 10}{number[at + 1 :]}"


def wrong_digits(made: Application) -> Iterator[Defect]:
    for key, i, page in pages_of(made):
        for name, field in page.fields.items():
            if any(name.endswith(part) or f"{part}_" in name for part in CHECKED) and not _of_an_absent_father(
                made, name
            ):
                yield Defect(f"digit {name} {i}", key, made.reading_on(i, key, {name: other_digit(field.value)}))


def other_names(made: Application) -> Iterator[Defect]:
    for key, i, page in pages_of(made):
        for name in page.fields:
            named = any(part in name for part in NAMED) and (page.kind, name) not in ONLY_THERE
            if named and not _of_an_absent_father(made, name):
                yield Defect(f"name {name} {i}", key, made.reading_on(i, key, {name: NOBODY.name}))


def _of_an_absent_father(made: Application, name: str) -> bool:
    """Whose card is not asked for: what the birth certificate says of him is on no other paper."""
    return name.startswith("father") and "father_id_front" not in made.pages


def expired(made: Application) -> Iterator[Defect]:
    for key, i, page in pages_of(made):
        spec = made.item.material(key)
        if "valid_to" in page.fields and spec is not None and any(c.name == "not_expired" for c in spec.checks):
            ended = {"valid_from": "2006-11-19", "valid_to": "2026-11-19"}
            yield Defect(f"expired {i}", key, made.reading_on(i, key, ended))


def other_people(made: Application) -> Iterator[Defect]:
    for key, i, page in pages_of(made):
        another = {"id_card_front": card(NOBODY), "household_register_member": register_page(NOBODY)}.get(page.kind)
        if another is not None and not _is_one_of_two_parents(made, key):
            yield Defect(f"another's {page.kind} {i}", key, _with(made, key, i, another))


def _is_one_of_two_parents(made: Application, key: str) -> bool:
    """A child goes with either parent: the register of one is enough, and others live there."""
    return made.code == "440105-CSDJ" and key == "household_register" and len(made.pages[key]) > 2


def missing_pages(made: Application) -> Iterator[Defect]:
    for key, i, _ in pages_of(made):
        if len(made.pages[key]) > 1 and not _is_one_of_two_parents(made, key) and not _is_spare(made, key, i):
            yield Defect(f"page {i} missing", key, _with(made, key, i))


def _is_spare(made: Application, key: str, i: int) -> bool:
    """The back of a card that is handed in because it is broken; one of several vehicles or drivers, of whom nothing says
    how many there are."""
    return (key == "old_card" and i == 1) or key in ("vehicle_licence", "driving_licence")


def _with(made: Application, key: str, i: int, *instead: Reading) -> Application:
    pages = made.pages[key]
    return made.having(**{key: (*pages[:i], *instead, *pages[i + 1 :])})


def every(kind: str) -> list[Defect]:
    planted = {
        "digit": wrong_digits, "name": other_names, "expired": expired, "person": other_people, "page": missing_pages,
    }[kind]  # fmt: skip
    return [_named(made, defect) for made in COMPLETE for defect in planted(made)]


def _named(made: Application, defect: Defect) -> Defect:
    return defect._replace(what=f"{made.code} {'-'.join(map(str, made.answers.values()))} {defect.what}")


def label(defect: Defect) -> str:
    return f"{defect.what} {defect.material}"


@pytest.mark.parametrize("kind", ["digit", "name", "expired", "person", "page"])
def test_every_content_defect_of_every_item_is_found(kind: str) -> None:
    planted = every(kind)
    assert (
        len({d.made.code for d in planted}) >= {"digit": 18, "name": 18, "expired": 11, "person": 14, "page": 7}[kind]
    )
    assert [label(d) for d in planted if d.made.judged().verdict is Verdict.PASSED] == []


@pytest.mark.parametrize("kind", ["digit", "name", "expired", "person", "page"])
def test_one_content_defect_is_one_finding(kind: str) -> None:
    told = {label(d): [(str(f.code), f.material, f.field) for f in d.made.judged().findings] for d in every(kind)}
    assert {what: findings for what, findings in told.items() if len(findings) != 1 and not _is_two(what)} == {}


def _is_two(what: str) -> bool:
    """An expired card whose years do not fit its holder's age has two faults."""
    return "expired" in what


def test_an_expired_paper_is_returned_as_expired() -> None:
    for defect in every("expired"):
        codes = {f.code for f in defect.made.judged().findings if f.material == defect.material}
        assert FindingCode.EXPIRED in codes, label(defect)


def test_a_wrong_digit_is_told_at_its_paper_or_at_what_it_contradicts() -> None:
    for defect in every("digit"):
        (finding,) = defect.made.judged().findings
        refs = [finding.material, *(ref.partition(".")[0] for ref in finding.evidence.get("between", ()))]
        assert defect.material in refs, label(defect)
