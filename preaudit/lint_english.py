"""What an item does not say in English. Warnings, not problems: a resident who reads English is shown the Chinese."""

from collections.abc import Iterator, Mapping
from typing import Any

from cases.items import Fee, Item, MaterialSpec, Question, Result

Part = Item | Question | MaterialSpec | Result | Fee


def untranslated(item: Item) -> Iterator[tuple[str, str]]:
    """Path below the item and name of every text without English."""
    yield from _of("", item, "name", "summary", "in_person")
    for i, question in enumerate(item.questions):
        where = f"questions[{i}]"
        yield from _of(where, question, "ask", "if_yes", "if_no")
        yield from _each(where, question.choices, question.en.get("labels", {}))
        yield from _each(where, question.if_chosen, question.en.get("if_chosen", {}))
    for i, spec in enumerate(item.materials):
        yield from _of(f"materials[{i}]", spec, "name", "accept")
    yield from _of("result", item.result, "name")
    if item.fee:
        yield from _of("fee", item.fee, "basis")


def _of(where: str, part: Part, *names: str) -> Iterator[tuple[str, str]]:
    for name in names:
        if getattr(part, name) and not part.en.get(name):
            yield where or name, name


def _each(where: str, wanted: Any, said: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield from ((where, str(choice)) for choice in wanted if choice not in said)
