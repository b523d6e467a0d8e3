from cases.findings import Finding, FindingCode, found
from preaudit.echoes import without_echoes
from tests.preaudit.builders import codes

F = FindingCode


def at(code: FindingCode, field: str | None = "id_number", page: int | None = 1, **evidence: object) -> Finding:
    return found(code, material="card", page=page, field=field, **evidence)


def left(*findings: Finding) -> list[str]:
    return codes(without_echoes(findings))


def test_the_same_thing_at_the_same_place_is_said_once() -> None:
    assert left(at(F.FIELD_MISSING), at(F.FIELD_MISSING)) == ["field_missing"]
    assert left(at(F.MISMATCH), at(F.MISMATCH, page=2)) == ["mismatch"] * 2


def test_not_sure_and_not_read_give_way_to_a_real_finding_about_the_field() -> None:
    assert left(at(F.FIELD_DOUBTFUL), at(F.ID_NUMBER_INVALID)) == ["id_number_invalid"]
    assert left(at(F.FIELD_MISSING), at(F.NOT_FILLED_IN, page=None)) == ["not_filled_in"]
    assert left(at(F.FIELD_DOUBTFUL), at(F.FIELD_MISSING)) == ["field_missing"]
    assert left(at(F.FIELD_DOUBTFUL), at(F.ID_NUMBER_INVALID, field="other")) == ["field_doubtful", "id_number_invalid"]


def test_an_invalid_number_explains_its_mismatch() -> None:
    assert left(at(F.MISMATCH), at(F.ID_NUMBER_INVALID)) == ["id_number_invalid"]


def test_two_real_findings_about_one_field_both_stay() -> None:
    assert left(at(F.EXPIRED), at(F.DATE_INVALID)) == ["expired", "date_invalid"]


def test_a_missing_page_explains_what_was_not_read_and_the_count() -> None:
    which, count = at(F.MISSING_PAGE, None, None, kind="household_register_member"), at(F.MISSING_PAGE, None, None)
    assert left(at(F.FIELD_MISSING, page=None), count, which) == ["missing_page"]
    other = at(F.MISSING_PAGE, None, None, kind="household_register_head")
    assert left(which, other) == ["missing_page"] * 2


def test_a_doubled_page_explains_a_wrong_one() -> None:
    assert left(at(F.WRONG_DOCUMENT, None), at(F.DUPLICATE_PAGE, None)) == ["duplicate_page"]


def test_a_page_that_is_somebody_elses_explains_what_was_not_sure_on_it() -> None:
    others = at(F.MISMATCH, "name", between=["card.name", "card.id_number", "form.id_number"])
    assert left(others, at(F.FIELD_DOUBTFUL)) == ["mismatch"]
    assert left(others, at(F.AGE_OUT_OF_RANGE)) == ["mismatch"]
    assert left(others, at(F.FIELD_DOUBTFUL, page=2)) == ["mismatch", "field_doubtful"]
    assert left(others, at(F.EXPIRED, "valid_to")) == ["mismatch", "expired"]


def test_another_material_explains_nothing() -> None:
    elsewhere = found(F.ID_NUMBER_INVALID, material="form", page=1, field="id_number")
    assert left(at(F.MISMATCH), elsewhere) == ["mismatch", "id_number_invalid"]
