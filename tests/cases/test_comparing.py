"""The same fact side by side: what is compared, what differs, and where it stands."""

from typing import Any

import pytest

from cases.comparing import FORM, alike, facts, groups
from cases.readings import Confirmed, Field
from tests.cases.world import ITEM, World, item

BOX = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))
CROSS = [
    {"same": ["id_front.name", "form.applicant_name"]},
    {"same": ["form.phone", "photo.phone"]},
    {"mentions_applicant": {"material": "photo"}},
]
TYPED = {"applicant_name": "陈样本", "id_number": "440105199003070019", "phone": "13800000000"}


def reading(**fields: str) -> dict[str, Field]:
    return {name: Field(value, 0.9, Confirmed.ONE_READER, BOX) for name, value in fields.items()}


def seen(**by_material: dict[str, str]) -> Any:
    world = World(item(cross_checks=CROSS)).upload_and_read(*by_material)
    pages = {key: world.file.pages_of(key)[0].id for key in by_material}
    return facts(world.file, {pages[k]: reading(**v) for k, v in by_material.items()}, TYPED)


def test_what_the_item_compares_is_one_fact() -> None:
    made = groups(item(cross_checks=CROSS))
    assert (("id_front", "name"), (FORM, "applicant_name")) in made
    assert len([ref for group in made for ref in group]) == len({ref for group in made for ref in group})


def test_what_differs_from_what_was_typed_is_marked_and_stands_first() -> None:
    shown = seen(id_front={"name": "陈祥本", "id_number": TYPED["id_number"]}, photo={"phone": "13800000000"})
    assert [fact.differs for fact in shown] == [True, False, False]
    name = shown[0]
    assert name.label == "姓名"
    assert [(p.label, p.value, p.differs) for p in name.places] == [
        ("居民身份证（人像面）", "陈祥本", True),
        ("申请时填写", "陈样本", False),
    ]
    assert (name.places[0].page is not None, name.places[0].box, name.places[1].page) == (True, BOX, None)


def test_a_fact_that_stands_in_one_place_is_not_shown() -> None:
    assert seen(id_front={"address": "广州市海珠区样本路1号"}) == ()


def test_a_form_is_read_by_its_printed_labels() -> None:
    forms = [{**m, "fields": {"申请人": "applicant_name"}} if m["key"] == "form" else m for m in ITEM["materials"]]
    cross = [{"same": ["form.applicant_name", "id_front.name"]}]
    assert groups(item(materials=forms, cross_checks=cross))[0] == (("form", "applicant_name"), ("id_front", "name"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("4401 0519", "44010519", True),
        ("x", "X", True),
        ("广东省广州市海珠区样本路1号", "海珠区样本路1号", True),
        ("样本路1号", "样本路11号", False),
        ("陈样本", "样本", False),
    ],
)
def test_how_it_is_written_makes_no_difference(one: str, other: str, same: bool) -> None:
    assert alike(one, other) is same
