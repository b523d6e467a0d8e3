"""An item from plain data: what is accepted, and that every mistake is named with its path."""

from typing import Any

import pytest

from cases.findings import CATALOGUE, FindingCode
from cases.items import ItemInvalid, applies, item_from
from cases.readings import reading_from_json, reading_to_json
from tests.cases.world import ITEM


def test_a_complete_item_is_read() -> None:
    item = item_from(ITEM)
    assert item.limits.promised_days == 5
    assert [m.key for m in item.materials] == ["id_front", "register", "form", "photo"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"code": 5}, "item.code"),
        ({"colour": "red"}, "item.colour"),
        ({"kind": "slow"}, "item.kind"),
        ({"limits": {"statutory_days": True, "promised_days": 5}}, "item.limits.statutory_days"),
        ({"materials": [{"key": "a"}]}, "item.materials[0].name"),
        ({"materials": ["a"]}, "item.materials[0]"),
        ({"cross_checks": [{"a": 1, "b": 2}]}, "item.cross_checks[0]"),
        ({"result": {"name": "x"}}, "item.result.form"),
    ],
)
def test_a_mistake_is_named_with_its_path(change: dict[str, Any], path: str) -> None:
    with pytest.raises(ItemInvalid) as invalid:
        item_from({**ITEM, **change})
    assert invalid.value.details["path"] == path


def test_an_item_opens_others_where_the_answers_say_so() -> None:
    follow = {"item": "440105-YSGH", "inherits": ["id_front"], "when": {"linked": True}}
    (made,) = item_from({**ITEM, "follow_ons": [follow]}).follow_ons
    assert (made.item, made.inherits, dict(made.when)) == ("440105-YSGH", ("id_front",), {"linked": True})
    (always,) = item_from({**ITEM, "follow_ons": [{"item": "440105-YSGH"}]}).follow_ons
    assert applies(always.when, {})


def test_conditions_match_answers() -> None:
    assert applies({}, {})
    assert applies({"under_16": False}, {})
    assert applies({"proof": ["lease", "deed"]}, {"proof": "deed"})
    assert not applies({"under_16": False}, {"under_16": True})


def test_every_finding_code_has_its_texts() -> None:
    assert set(CATALOGUE) == set(FindingCode)
    assert all(t.message and t.advice for t in CATALOGUE.values())


def test_a_reading_survives_its_json_form() -> None:
    raw = {
        "file": "a.jpg", "page": 1, "seconds": 0.5, "engine": "ppocr", "rotation": 90,
        "quality": {"acceptable": False, "problems": [
            {"code": "blurred", "measure": 41.2, "threshold": 60.0, "blocking": True, "box": None}]},
        "document": {"kind": "id_card_front", "confidence": 0.98},
        "fields": {"name": {"value": "王样本", "confidence": 0.99, "confirmed": "two_readers",
                            "box": ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))}},
        "lines": [{"text": "姓名王样本", "confidence": 0.98, "box": ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))}],
        "size": [1000, 600], "sha256": "ab", "perceptual_hash": "cd", "pages_in_file": 1, "failure": None, "marks": {},
    }  # fmt: skip
    assert reading_to_json(reading_from_json(raw)) == raw
