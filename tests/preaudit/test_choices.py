"""Boxes to tick on a photographed form: found box by box, and what is in doubt is named."""

from collections.abc import Mapping

import pytest

from cases.items import ItemInvalid
from cases.readings import Reading
from preaudit.choices import name_and_options
from preaudit.reading import Reader
from tests.preaudit.builders import material, reading, run
from tests.specimens import Level, photograph
from tests.specimens.forms import Boxes, Mark, application_form

TITLE = "社会保障卡补领申请表"
FIELDS = {
    "补领原因": {"field": "reason", "choose": ["遗失", "损坏"]},
    "申请方式": {"field": "manner", "choose": ["本人申请", "委托代办"]},
    "取件方式": {"field": "pickup", "choose": ["邮寄", "自取", "网格员送达"]},
    "姓名": "applicant_name",
}
MARKS = [Mark.TICK, Mark.CROSS, Mark.BLOT, Mark.PRINTED, Mark.FILLED]


def read(reader: Reader, seed: int, boxes: Mapping[str, Boxes], level: Level = Level.PHONE) -> Reading:
    form = application_form(TITLE, [("姓名", "王小明"), *boxes.items()], signature="王小明", seed=seed)
    data = photograph(form, level, seed, megapixels=3)
    labels = material("form", "application_form", fields=FIELDS).form_labels
    (made,) = reader.read(data, name="form", document="application_form", form_labels=labels)
    return made


def test_every_box_of_a_photographed_form_is_told(reader: Reader) -> None:
    made = read(
        reader,
        5,
        {
            "补领原因": Boxes(("遗失", "损坏"), ("损坏",)),
            "申请方式": Boxes(("本人申请", "委托代办"), ()),
            "取件方式": Boxes(("邮寄", "自取", "网格员送达"), ("邮寄", "自取"), Mark.CROSS, behind=True),
        },
    )
    assert made.marks["ticks"] == {
        "reason": {"ticked": ["损坏"], "empty": ["遗失"], "unsure": []},
        "manner": {"ticked": [], "empty": ["本人申请", "委托代办"], "unsure": []},
        "pickup": {"ticked": ["邮寄", "自取"], "empty": ["网格员送达"], "unsure": []},
    }
    assert (made.fields["reason"].value, made.fields["pickup"].value) == ("损坏", "邮寄、自取")
    assert made.marks["empty_fields"] == ["manner"]
    said = run({"filled_in": ["reason", "manner", "pickup"]}, made, document="application_form", fields=FIELDS)
    assert [(f.field, str(f.severity)) for f in said] == [("manner", "fixable"), ("pickup", "fixable")]
    assert "勾选了邮寄、自取，只能选一项" in said[1].message


@pytest.mark.thorough
@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("seed", range(60, 64))
def test_however_a_box_is_ticked(reader: Reader, mark: Mark, seed: int) -> None:
    for boxes in (Boxes(("遗失", "损坏"), ("遗失",), mark), Boxes(("遗失", "损坏"), ("损坏",), mark, behind=True)):
        (ticked,) = boxes.ticked
        assert read(reader, seed, {"补领原因": boxes}).marks["ticks"]["reason"]["ticked"] == [ticked]


SQUARES_WITHIN = {
    62: {"补领原因": Boxes(("遗失", "损坏"), ("损坏",), Mark.BLOT, behind=True)},
    108: {
        "补领原因": Boxes(("遗失", "损坏"), ("遗失",)),
        "申请方式": Boxes(("本人申请", "委托代办"), ("委托代办",), Mark.BLOT, behind=True),
        "取件方式": Boxes(("邮寄", "自取", "网格员送达"), ("邮寄",), Mark.BLOT, behind=True),
    },
    110: {
        "补领原因": Boxes(("遗失", "损坏"), ("损坏",), Mark.FILLED, behind=True),
        "申请方式": Boxes(("本人申请", "委托代办"), ("委托代办",), Mark.BLOT),
        "取件方式": Boxes(("邮寄", "自取", "网格员送达"), ("网格员送达",)),
    },
}


@pytest.mark.parametrize("seed", SQUARES_WITHIN)
def test_squares_within_characters_are_no_boxes(reader: Reader, seed: int) -> None:
    """On these forms a box behind its words was found as a part of them, and squares of 遗, 损 and 自 are nearer to where
    words begin than the boxes to where they end. They were read with the wrong boxes ticked, for certain."""
    form = SQUARES_WITHIN[seed]
    ticked = [ticks["ticked"] for ticks in read(reader, seed, form).marks["ticks"].values()]
    assert ticked == [list(boxes.ticked) for boxes in form.values()]


@pytest.mark.thorough
def test_a_reason_written_where_boxes_might_stand_is_read_as_written(reader: Reader) -> None:
    form = application_form(TITLE, [("姓名", "王小明"), ("补领原因", "遗失")], signature="王小明", seed=3)
    labels = material("form", "application_form", fields=FIELDS).form_labels
    (made,) = reader.read(photograph(form, Level.SCAN, 3), name="form", form_labels=labels)
    assert (made.fields["reason"].value, "ticks" in made.marks) == ("遗失", False)


@pytest.mark.parametrize(
    ("ticks", "severity", "says"),
    [
        ({"ticked": ["遗失"], "empty": ["损坏"], "unsure": []}, None, ""),
        ({"ticked": ["遗失", "损坏"], "empty": [], "unsure": []}, "fixable", "勾选了遗失、损坏，只能选一项"),
        ({"ticked": ["遗失"], "empty": [], "unsure": ["损坏"]}, "doubtful", "分不清是否勾选了损坏"),
        ({"ticked": [], "empty": ["遗失"], "unsure": ["损坏"]}, "doubtful", "分不清是否勾选了损坏"),
    ],
)
def test_one_box_is_right_several_go_back_and_a_doubtful_one_to_a_person(
    ticks: dict[str, list[str]], severity: str | None, says: str
) -> None:
    page = reading("application_form", {"reason": "遗失"}, marks={"ticks": {"reason": ticks}})
    findings = run({"filled_in": ["reason"]}, page, document="application_form", fields=FIELDS)
    assert [str(f.severity) for f in findings] == ([severity] if severity else [])
    assert all(says in f.message for f in findings)


def test_an_item_says_what_there_is_to_choose() -> None:
    spec = material("form", "application_form", fields=FIELDS)
    assert (spec.form_fields["补领原因"], spec.choices["reason"]) == ("reason", ("遗失", "损坏"))
    assert spec.form_labels["补领原因"] == "reason(遗失|损坏)"
    assert name_and_options("reason(遗失|损坏)") == ("reason", ("遗失", "损坏"))
    assert name_and_options("phone") == ("phone", ())
    for options in (["遗失"], ["遗失", "损坏|毁坏"]):
        with pytest.raises(ItemInvalid):
            material("form", "application_form", fields={"补领原因": {"field": "reason", "choose": options}})
