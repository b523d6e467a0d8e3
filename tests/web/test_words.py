"""Every word a resident reads stands on one page, and the page has them all."""

import ast
from collections.abc import Iterator
from pathlib import Path

import cases
from cases.lifecycle import CaseEvent
from web import words


def _actions() -> Iterator[str]:
    """Every action that the code of `cases` writes into a case's record."""
    for source in Path(cases.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Fact":
                said = node.args[0]
                if isinstance(said, ast.Constant):
                    yield str(said.value)
                else:
                    assert ast.unparse(said) == "f'case_{event}'", ast.unparse(said)
    yield from (f"case_{event}" for event in CaseEvent)


def test_every_action_of_the_domain_has_its_sentence() -> None:
    assert set(_actions()) - words.TIMELINE.keys() == set()


def test_internal_actions_are_actions() -> None:
    assert words.TIMELINE.keys() >= words.INTERNAL


def test_a_leg_that_moved_is_told_with_where_it_went() -> None:
    assert words.told("leg_moved", {"to": "picked_up"}) == "包裹有新进展：已取走"
    assert words.told("originals_handed_over", {"from": "resident", "to": "courier"}) == "原件交接：申请人→快递员"
    assert words.told("case_submit", {}) == "提交申请"


def test_numbers_are_masked() -> None:
    assert words.masked_id("440105199003070019") == "440105********0019"
    assert words.masked_id("A123") == "****"
    assert words.masked_phone("13812345678") == "138****5678"
    assert words.masked_phone("110") == "***"
