"""What an item asks of a courier, and whether anybody in its region can do it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from cases.couriers import Ability
from cases.items import PaidBy
from cases.model import Direction
from preaudit.linter import LintProblem, lint
from tests.preaudit.builders import raw_item, raw_material

OFFICE = {(d, PaidBy.OFFICE) for d in Direction}
SENDS = OFFICE | {(Direction.COLLECTION, PaidBy.RESIDENT)}
ALL = SENDS | {(Direction.DELIVERY, PaidBy.RESIDENT)}
CARRIERS = {
    "plain": Ability(frozenset(SENDS), tells_code=False, checks_identity=False, declares_value=False),
    "checks": Ability(frozenset(ALL), tells_code=False, checks_identity=True, declares_value=True),
    "grid": Ability(frozenset(OFFICE), tells_code=True, checks_identity=False, declares_value=False),
}
RULES_TESTED = {"region_couriers_wrong", "courier_terms_idle", "courier_terms_impossible"}
IN = [raw_material(original="collect")]


def problems(folder: Path, couriers: list[str], carriers: Any = CARRIERS, **more: Any) -> list[LintProblem]:
    regions = folder / "regions"
    regions.mkdir()
    region = {"region": "440105", "name": "示例区", "departments": {"rsj": "人社局"}, "retained_proofs": []}
    (regions / "440105.yaml").write_text(yaml.safe_dump(region | {"couriers": couriers}, allow_unicode=True))
    path = folder / "item.yaml"
    path.write_text(yaml.safe_dump(raw_item(**more), allow_unicode=True, sort_keys=False))
    return lint(path, regions=regions, carriers=carriers)


IMPOSSIBLE = "courier_terms_impossible"


@pytest.mark.parametrize(
    ("rule", "couriers", "change", "line"),
    [
        ("region_couriers_wrong", ["plain", "plain"], {}, "region:"),
        ("region_couriers_wrong", ["plain", "pigeon"], {}, "region:"),
        ("courier_terms_idle", ["checks"], {"courier": {"declared_value_fen": -1}}, "declared_value_fen:"),
        (
            "courier_terms_idle",
            ["checks"],
            {"courier": {"addressee_only": True}, "result": {"name": "证", "form": "electronic", "delivery": []}},
            "courier:",
        ),
        ("courier_terms_idle", ["checks"], {"courier": {"payer": {"collection": "resident"}}}, "payer:"),
        (
            "courier_terms_idle",
            ["checks"],
            {
                "courier": {"declared_value_fen": 100},
                "result": {"name": "证", "form": "electronic", "delivery": []},
            },
            "declared_value_fen:",
        ),
        (IMPOSSIBLE, ["plain"], {"courier": {"payer": {"delivery": "resident"}}}, "payer:"),
        (IMPOSSIBLE, ["plain"], {"courier": {"declared_value_fen": 100}}, "declared_value_fen:"),
        (IMPOSSIBLE, ["plain"], {"courier": {"addressee_only": True}}, "addressee_only:"),
        (
            IMPOSSIBLE,
            ["checks"],
            {"courier": {"addressee_only": True}, "applicants": ["organisation"]},
            "addressee_only:",
        ),
        (IMPOSSIBLE, ["plain"], {"result": {"name": "证", "form": "paper", "delivery": ["grid"]}}, "delivery:"),
    ],
)
def test_the_rule_says_so_where_it_stands(
    tmp_path: Path, rule: str, couriers: list[str], change: dict[str, Any], line: str
) -> None:
    said = [p for p in problems(tmp_path, couriers, **change) if p.rule == rule]
    text = (tmp_path / "item.yaml").read_text("utf-8").splitlines()
    assert said, f"{rule} says nothing"
    assert line in text[said[0].line - 1]


@pytest.mark.parametrize(
    ("couriers", "change"),
    [
        (["plain"], {}),
        ([], {"courier": {"addressee_only": True}}),
        (["plain", "checks"], {"courier": {"addressee_only": True, "payer": {"delivery": "resident"}}}),
        (["plain"], {"materials": IN, "courier": {"payer": {"collection": "resident"}}}),
        (["plain", "grid"], {"result": {"name": "证", "form": "paper", "delivery": ["grid"]}}),
    ],
)
def test_terms_that_one_partner_of_the_region_can_keep_are_left_alone(
    tmp_path: Path, couriers: list[str], change: dict[str, Any]
) -> None:
    assert problems(tmp_path, couriers, **change) == []


def test_without_knowing_what_couriers_can_do_nothing_is_said_about_it(tmp_path: Path) -> None:
    change = {"courier": {"declared_value_fen": 100, "addressee_only": True}}
    assert problems(tmp_path, ["pigeon"], carriers=None, **change) == []


def test_a_payer_who_is_nobody_is_no_item(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, ["plain"], courier={"payer": {"delivery": "uncle"}})
    assert (problem.rule, "'uncle' 不在 office, resident 之中" in problem.message) == ("not_an_item", True)
