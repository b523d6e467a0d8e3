"""Every check with its three outcomes: certain (silent, or a finding that the resident can mend), doubtful, cannot tell.

A check that is added without a row here fails this module; one that cannot tell and says nothing at all does too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from cases.findings import Severity
from cases.readings import Reading
from preaudit.checks import CROSS_CHECKS, MATERIAL_CHECKS
from tests.preaudit import applications_of_families as families
from tests.preaudit import applications_of_trades as trades
from tests.preaudit.applications import Application
from tests.preaudit.builders import back, front, line, reading, run, said, weak
from tests.preaudit.papers import MAN, STRANGER, WOMAN, card, deed, marriage, paper, portrait, register

Pages = tuple[Reading, ...]
FIXABLE, DOUBTFUL, REFUSE = "fixable", "doubtful", "refuse"
LABELS = {"联系电话": "phone", "补领原因": "reason"}


@dataclass(frozen=True)
class Row:
    """`right`: certain, nothing to say. `wrong`: with what it says. `unsure`: cannot tell, which is a person's."""

    document: str
    right: Pages
    wrong: Pages
    says: str
    unsure: Pages
    call: Any = None


def _of(kind: str, **fields: Any) -> Pages:
    return (reading(kind, fields),)


def _with(kind: str, good: str, bad: str, field: str, call: Any = None, *, says: str = DOUBTFUL) -> Row:
    return Row(kind, _of(kind, **{field: good}), _of(kind, **{field: bad}), says, _of(kind, other="x"), call)


def _form(**fields: Any) -> Pages:
    return (reading("application_form", fields),)


def _marked(**marks: Any) -> Pages:
    return (reading("other_paper", marks=marks),)


MATERIAL: Mapping[str, Row] = {
    "id_number_valid": _with("id_card_front", "440106198501010015", "440106198501010016", "id_number"),
    "id_matches_birth_and_sex": Row("id_card_front", (front(),), (front(sex="女"),), DOUBTFUL, _of("id_card_front", sex="男", birth_date="1985-01-01")),
    "name_plausible": _with("id_card_front", "王小明", "王1明", "name"),
    "mobile_valid": _with("application_form", "13800138000", "12800138000", "phone"),
    "authority_plausible": _with("id_card_back", "广州市公安局海珠分局", "海珠区民政局", "authority"),
    "credit_code_valid": _with("business_licence", "91110000600037341L", "9111000060003734LX", "credit_code"),
    "bank_card_valid": _with("bank_card", "6217000000000000004", "6217000000000000005", "card_number"),
    "vin_valid": _with("vehicle_licence", "LVSHCAMB1CE054249", "LVSHCAMB2CE054249", "vin"),
    "plate_valid": _with("vehicle_licence", "粤A12345", "粤I12345", "plate"),
    "certificate_number_valid": _with("marriage_certificate", "J110101-2010-000001", "政字第2002208号", "certificate_number", {"kind": "marriage"}),
    "certificate_year_fits": Row(
        "marriage_certificate", (marriage(MAN, WOMAN),), (marriage(MAN, WOMAN, registered_on="2013-05-20"),), DOUBTFUL,
        _of("marriage_certificate", certificate_number="J440105-2012-000123"),
    ),
    "not_expired": _with("id_card_back", "2035-05-01", "2026-11-19", "valid_to", says=FIXABLE),
    "validity_span_plausible": Row("id_card_back", (back(),), (back(valid_to="2036-05-01"),), DOUBTFUL, _of("id_card_back", valid_to="2035-05-01")),
    "since_at_least": _with("marriage_certificate", "2026-01-01", "2026-11-01", "registered_on", {"field": "registered_on", "days": 180}),
    "not_in_future": _with("marriage_certificate", "2026-11-20", "2026-11-21", "registered_on", ["registered_on"]),
    "age_between": _with("id_card_front", "310101196001010035", "440106198501010015", "id_number", {"min": 60}, says=REFUSE),
    "located_in": _with("id_card_front", "广州市海珠区某路1号", "广州市天河区某路1号", "address", ["海珠区"]),
    "filled_in": Row("application_form", _form(reason=weak("遗失")), (reading("application_form", {}, marks={"empty_fields": ["reason"]}),), FIXABLE, _form(phone="1"), ["reason"]),
    "signature_present": Row("other_paper", _marked(signature=True), _marked(signature=False), FIXABLE, _marked()),
    "seal_present": Row("other_paper", _marked(seal=True), _marked(seal=False), FIXABLE, _marked()),
    "mentions": Row("other_paper", (paper("照片回执"),), (paper("收据"),), DOUBTFUL, (reading("other_paper", lines=[line("照片回执", confidence=0.2)]),), ["回执"]),
    "shows_no_text": Row("portrait", (portrait(),), (front(),), DOUBTFUL, (front(),)),
    "all_pages_present": Row("household_register", register(MAN), register(MAN)[:1], FIXABLE, (reading("household_register_head", sure=0.6),), ["household_register_head", "household_register_member"]),
    "heads_agree": Row("household_register", register(MAN), (*register(STRANGER)[:1], *register(MAN)[1:]), DOUBTFUL, (reading("household_register_head", {"head_name": weak("王晓明")}), *register(MAN)[1:])),
}  # fmt: skip


def told(name: str, row: Row, pages: Pages) -> list[str]:
    call: Any = {name: row.call} if row.call is not None else name
    more: dict[str, Any] = {"fields": LABELS} if row.document == "application_form" else {}
    return [severity for _, severity in said(run(call, *pages, document=row.document, **more))]


def test_every_check_of_a_material_has_its_row() -> None:
    assert set(MATERIAL) == set(MATERIAL_CHECKS)


@pytest.mark.parametrize("name", MATERIAL)
def test_a_check_of_a_material_is_certain_doubtful_or_cannot_tell(name: str) -> None:
    row = MATERIAL[name]
    assert told(name, row, row.right) == []
    assert set(told(name, row, row.wrong)) == {row.says}
    assert set(told(name, row, row.unsure)) == {DOUBTFUL}


WEAKLY = [n for n, row in MATERIAL.items() if n not in (
    # these rest on what a source of its own or the whole page confirms, however weakly each value was read
    "id_matches_birth_and_sex", "filled_in", "signature_present", "seal_present", "mentions", "shows_no_text",
    "all_pages_present", "heads_agree", "located_in", "authority_plausible",
)]  # fmt: skip


@pytest.mark.parametrize("name", WEAKLY)
def test_a_right_value_that_was_read_with_doubt_goes_to_a_person(name: str) -> None:
    row = MATERIAL[name]
    (page,) = row.right
    unsure = reading(page.kind, {k: weak(f.value, 0.6) for k, f in page.fields.items()})
    assert set(told(name, row, (unsure,))) == {DOUBTFUL}


# ── across ──────────────────────────────────────────────────────────────────────────────────────────────────────

Change = Callable[[Application], Application]


@dataclass(frozen=True)
class Across:
    """An application in which it is right, what makes it wrong, and what makes it impossible to tell."""

    made: Application
    wrong: Change
    unsure: Change
    says: str = DOUBTFUL


def without(key: str, *names: str) -> Change:
    """Every page of that material without these fields."""

    def change(made: Application) -> Application:
        pages = made.pages[key]
        stripped = (
            reading(p.kind, {k: f for k, f in p.fields.items() if k not in names}, lines=p.lines) for p in pages
        )
        return made.having(**{key: tuple(stripped)})

    return change


def with_(key: str, *pages: Reading) -> Change:
    return lambda made: made.having(**{key: pages})


def reads(key: str, **values: Any) -> Change:
    return lambda made: made.reading_as(key, **values)


ACROSS: Mapping[str, Across] = {
    "same": Across(families.CARD, reads("id_front", name="王小平"), without("id_front", "name")),
    "mentions_applicant": Across(families.CARD, with_("photo_receipt", paper("照片回执")), lambda m: m.typing(applicant_name="", id_number="")),
    "answer_fits_age": Across(families.CARD, lambda m: m.answering(under_16=True), lambda m: m.typing(id_number="1")),
    "one_name_per_number": Across(families.CARD, reads("id_front", name="王小平"), reads("id_front", name=weak("王晓明"))),
    "couple": Across(families.BIRTH_TO_COME, with_("spouse_id_front", card(STRANGER)), without("spouse_id_front", "name")),
    "one_of": Across(families.BORN, lambda m: m.typing(id_number=STRANGER.number), without("father_id_front", "id_number")),
    "everyone_in": Across(families.POOR, reads("members_id_front", id_number=STRANGER.number), without("household_register", "id_number")),
    "owners_are": Across(trades.SALE, with_("property_certificate", deed(STRANGER)), without("property_certificate", "owner")),
    "term_fits_age": Across(families.BORN, reads("father_id_back", valid_from="2024-01-01", valid_to="2029-01-01"), without("father_id_back", "valid_from")),
    "pages_for_each": Across(families.POOR, reads("application_form", family_size="9"), reads("application_form", family_size="若干")),
    "as_many_pages": Across(trades.SALE, lambda m: m.having(seller_id_back=m.pages["seller_id_back"][:1]), with_("seller_id_back", *[reading("id_card_back", sure=0.4)] * 2), FIXABLE),
    "same_place": Across(trades.SALE, reads("application_form", location="广州市天河区体育东路9号"), without("application_form", "location")),
    "paper_shows": Across(trades.LORRY, with_("positioning", paper("安装证明")), without("vehicle_licence", "plate")),
    "answer_fits_days": Across(families.BORN, lambda m: m.answering(late=False), without("birth_certificate", "born_on")),
    "filled_in_when": Across(trades.SALE, reads("linked_form", gas_account=""), without("linked_form", "gas_account"), FIXABLE),
    "licence_covers": Across(trades.FREIGHT, reads("driving_licence", **{"class": "C1"}), without("driving_licence", "class")),
}  # fmt: skip


def test_every_check_across_materials_has_its_row() -> None:
    assert set(ACROSS) == set(CROSS_CHECKS)


@pytest.mark.parametrize("name", ACROSS)
def test_a_check_across_materials_is_certain_doubtful_or_cannot_tell(name: str) -> None:
    row = ACROSS[name]
    assert row.made.judged().findings == ()
    assert row.says in {str(f.severity) for f in row.wrong(row.made).judged().findings}
    unsure = row.unsure(row.made).judged()
    assert Severity.DOUBTFUL in {f.severity for f in unsure.findings}, unsure.findings
