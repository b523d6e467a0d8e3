"""The use-cases by name, as the simulator calls them. A test hands in a broken one to see that it is found out."""

import inspect
import pkgutil
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import cases.actions
from cases import consolidation
from cases.care import Step
from cases.effects import Outcome

Rule = Callable[..., Any]
Rules = Mapping[str, Rule]


def _modules() -> list[Any]:
    named = sorted(m.name for m in pkgutil.iter_modules(cases.actions.__path__))
    return [*(import_module(f"cases.actions.{name}") for name in named), consolidation]


def _public(module: Any) -> dict[str, Rule]:
    short = module.__name__.rpartition(".")[2]
    return {
        f"{short}.{name}": each
        for name, each in vars(module).items()
        if inspect.isfunction(each) and each.__module__ == module.__name__ and not name.startswith("_")
    }


RULES: Rules = {name: rule for module in _modules() for name, rule in _public(module).items()}
"""`module.function`, of everything public under `cases/actions`, and of consolidated pickups."""


def is_use_case(rule: Rule) -> bool:
    """Of a case (file, … → effects) or of a complaint, a rectification, a follow-up; not a question or a helper."""
    answer = inspect.get_annotations(rule).get("return")
    first = next(iter(inspect.signature(rule).parameters), "")
    return answer in (Outcome, Step, Step | None) and first in ("file", "parent", "c", "r", "f")


PARTS_OF_OTHERS = frozenset(
    {
        "decisions.case_decided",
        "decisions.nobody_works_on",
        "deciding.deliver_by_hand",
        "deferring.kept",
        "demanding.sent_back",
        "judging.at_once",
        "judging.passed",
        "judging.returned",
        "noticing.send",
        "opening.judge_when_read",
        "ordering.case_back",
        "ordering.case_moves_on_booking",
        "ordering.next_attempt",
        "receiving.received_now",
        "recipients.delivered",
        "ruled.not_accepted",
        "ruled.rule_material",
        "seconding.propose",
        "seconding.withdrawn",
    }
)
"""Public, because other use-cases are made of them; nobody calls them from outside."""
USE_CASES = tuple(name for name, rule in RULES.items() if is_use_case(rule) and name not in PARTS_OF_OTHERS)
