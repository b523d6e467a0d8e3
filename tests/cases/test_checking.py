"""What residents say stands on their papers: kept beside what was read; two phones do not overwrite each other unseen."""

from dataclasses import replace

import pytest

from cases.actions import opening
from cases.actions.checking import Known, Word, check_fields
from cases.effects import Put
from cases.errors import Conflict, InvalidRequest, NotFound, TransitionRefused
from cases.field_names import compared, field_name
from cases.items import CheckCall
from cases.model import CaseFile
from tests.cases.world import World, item


def _case() -> tuple[World, str]:
    world = World()
    page = world.upload("id_front")
    return world.read(page), page


def _known(page: str, read: str | None = "陈祥本", now: str | None = None) -> dict[tuple[str, str], Known]:
    return {(page, "name"): Known(read, now if now is not None else read or "")}


def test_what_the_resident_says_is_kept_beside_what_was_read() -> None:
    world, page = _case()
    word = Word(page, "name", "陈样本", shown="陈祥本")
    world.apply(check_fields(world.file, _known(page), [word], world.now))
    kept = world.checked[page, "name"]
    assert (kept.read, kept.said, kept.at) == ("陈祥本", "陈样本", world.at)
    (fact,) = [f for f in world.facts if f.action == "fields_checked"]
    assert fact.detail == {"fields": [{"page": page, "field": "name"}]}, "the record holds no personal value"


def test_what_was_not_read_at_all_may_be_said() -> None:
    world, page = _case()
    world.apply(check_fields(world.file, _known(page, None), [Word(page, "name", "陈样本", shown="")], world.now))
    assert world.checked[page, "name"].read is None


def test_saying_what_stands_there_already_changes_nothing() -> None:
    world, page = _case()
    assert check_fields(world.file, _known(page), [Word(page, "name", "陈祥本", shown="别的")], world.now) == ()


def test_a_second_phone_is_told_which_fields_changed_meanwhile_and_nothing_is_kept() -> None:
    world, page = _case()
    late = [Word(page, "name", "陈样木", shown="陈祥本"), Word(None, "phone", "13900000000", shown="13800000000")]
    with pytest.raises(Conflict, match="“姓名”刚在另一部手机上改过") as refused:
        check_fields(world.file, _known(page, now="陈样本"), late, world.now)
    assert refused.value.details["changed"] == [{"page": page, "field": "name"}]


def test_what_was_typed_is_corrected_where_it_was_typed() -> None:
    world, _ = _case()
    said = [
        Word(None, "phone", "13900000000", shown="13800000000"),
        Word(None, "applicant_name", "陈洋本", shown="陈样本"),
    ]
    world.apply(check_fields(world.file, {}, said, world.now))
    assert (world.file.case.applicant.phone, world.file.case.applicant.name) == ("13900000000", "陈洋本")


def test_all_that_was_left_empty_is_named_at_once() -> None:
    world, page = _case()
    empty = [Word(page, "name", " ", shown="陈祥本"), Word(None, "phone", "", shown="13800000000")]
    with pytest.raises(InvalidRequest, match="请填写：姓名、联系电话"):
        check_fields(world.file, _known(page), empty, world.now)


def test_a_page_that_was_taken_out_is_not_spoken_of() -> None:
    world, page = _case()
    for word in (Word("gone", "name", "陈", shown=""), Word(None, "address", "x", shown="")):
        with pytest.raises(NotFound):
            check_fields(world.file, _known(page), [word], world.now)


def test_whoever_gave_authority_is_not_changed_afterwards() -> None:
    world, _ = _case()
    agent = {"name": "李代办", "proof": {"how": "phone"}}
    world.apply((Put("case", world.file.case.number, {"agent": agent}),))
    with pytest.raises(Conflict, match="授权"):
        check_fields(world.file, {}, [Word(None, "phone", "13900000000", shown="13800000000")], world.now)


def test_a_case_that_was_handed_in_is_not_corrected_any_more() -> None:
    world, page = _case()
    world.upload("form")
    world.apply(opening.submit(world.file, world.now))
    with pytest.raises(TransitionRefused):
        check_fields(world.file, _known(page), [Word(page, "name", "陈样本", shown="陈祥本")], world.now)


def test_the_fields_an_item_compares_are_those_its_cross_checks_name() -> None:
    calls = [
        {"same": ["id_front.name", "form.applicant_name"]},
        {"paper_shows": {"material": "x", "values": ["id_front.id_number"]}},
    ]
    checked = item(cross_checks=calls)
    assert compared(checked, "id_front") == {"name", "id_number"}
    assert compared(checked, "form") == {"applicant_name"}
    assert compared(replace(checked, cross_checks=(CheckCall("one_name_per_number"),)), "form") == frozenset()
    assert field_name("name", checked.material("id_front")) == "姓名"


def test_the_file_is_left_as_it_was() -> None:
    world, page = _case()
    before: CaseFile = world.file
    world.apply(check_fields(world.file, _known(page), [Word(page, "name", "陈样本", shown="陈祥本")], world.now))
    assert world.file == before
