"""The linter of items: what an item file says that cannot be kept, cannot be checked, or may not be asked.

`lint(path)` never raises for what stands in the files: everything wrong is a `LintProblem` with file, line and the
name of the rule. `lint_definition(raw)` does the same with plain data that has no file. The rules are those of `preaudit.lint_rules`, `lint_bundles`, `lint_couriers`, `lint_promises` and `lint_routing`.
`warnings(path)` names what can be left so: texts without English.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cases.couriers import Ability
from cases.drafting import Misfit
from cases.errors import Refusal
from cases.items import Item, ItemInvalid, item_from
from preaudit import lint_bundles, lint_couriers, lint_promises, lint_routing
from preaudit.catalogue import ROOT, CatalogueInvalid, LoadedItem, item_files, load, parse_file
from preaudit.lint_english import untranslated
from preaudit.lint_rules import RULES, Scene
from preaudit.phrases import PHRASES, faults, load_phrases
from preaudit.region import RegionInvalid, region_of
from preaudit.yaml_lines import YamlInvalid

RULE_MODULES = (lint_bundles, lint_couriers, lint_promises, lint_routing)
"""Imported for the rules that they register."""


@dataclass(frozen=True, order=True)
class LintProblem:
    file: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}: {self.message}"


def lint(
    path: Path | None = None, *, regions: Path | None = None, carriers: Mapping[str, Ability] | None = None
) -> list[LintProblem]:
    """Every problem of a folder or file, in the order of files and lines. `carriers`: what each courier can do; the
    rules that need to know it are silent without."""
    problems: list[LintProblem] = []
    loaded: list[LoadedItem] = []
    for file in item_files(path):
        try:
            loaded.append(parse_file(file))
        except (CatalogueInvalid, YamlInvalid) as wrong:
            problems.append(_of_refusal(file, wrong))
    problems += _twice(loaded)
    others = _others(path, loaded)
    problems += [p for one in loaded for p in _rules(one, others, regions, carriers)]
    if path is None:
        problems += lint_phrases({one.item.name for one in loaded})
    return sorted(problems)


def warnings(path: Path | None = None) -> list[LintProblem]:
    """Every text that has no English. Raises nothing: a file that cannot be read is `lint`'s."""
    found: list[LintProblem] = []
    for file in item_files(path):
        with suppress(CatalogueInvalid, YamlInvalid):
            one = parse_file(file)
            found += [
                LintProblem(str(file), one.line(f"{ROOT}.{where}"), "english_missing", f"“{name}”没有英文")
                for where, name in untranslated(one.item)
            ]
    return found


def lint_definition(
    raw: Any, others: Mapping[str, Item], *, regions: Path | None = None, carriers: Mapping[str, Ability] | None = None
) -> tuple[Misfit, ...]:
    """Every problem of plain data, with its place, and then what it does not say in English. `others`: the items that
    `follow_ons` may name."""
    try:
        item = item_from(raw, ROOT)
    except ItemInvalid as wrong:
        path = str(wrong.details.get("path", ROOT))
        message = wrong.message.removeprefix(f"{path}: ")
        return (Misfit(path.removeprefix(ROOT).removeprefix("."), "not_an_item", message),)
    wrong_places = (Misfit(*each) for each in _misfits(item, {**others, item.code: item}, regions, carriers))
    english = (Misfit(where, "english_missing", f"{name}没有英文", warning=True) for where, name in untranslated(item))
    return (*wrong_places, *english)


def lint_phrases(names: Collection[str], file: Path | None = None) -> list[LintProblem]:
    """What residents say for items, against the names that there are."""
    file = file or PHRASES
    try:
        loaded = load_phrases(file)
    except (CatalogueInvalid, YamlInvalid) as wrong:
        return [_of_refusal(file, wrong, "not_phrases")]
    found = faults(loaded.phrases, names)
    return [LintProblem(str(file), loaded.line(where), rule, message) for rule, where, message in found]


def _of_refusal(file: Path, wrong: Refusal, otherwise: str = "not_an_item") -> LintProblem:
    rule = "not_yaml" if isinstance(wrong, YamlInvalid) else otherwise
    line = int(wrong.details.get("line", 1))
    return LintProblem(str(file), line, rule, wrong.message.removeprefix(f"{file}:{line}: "))


def _twice(loaded: list[LoadedItem]) -> Iterator[LintProblem]:
    first: dict[str, LoadedItem] = {}
    for one in loaded:
        earlier = first.setdefault(one.item.code, one)
        if earlier is not one:
            message = f"事项 {one.item.code} 已在 {earlier.file} 中"
            yield LintProblem(str(one.file), one.line(f"{ROOT}.code"), "code_twice", message)


def _others(path: Path | None, loaded: list[LoadedItem]) -> dict[str, Item]:
    """What `follow_ons` may name: the items linted, and those the package brings."""
    opens = path is not None and any(one.item.follow_ons for one in loaded)
    known = {code: one.item for code, one in load().items()} if opens else {}
    return known | {one.item.code: one.item for one in loaded}


def _rules(
    one: LoadedItem, others: Mapping[str, Item], regions: Path | None, carriers: Mapping[str, Ability] | None
) -> Iterator[LintProblem]:
    for where, name, message in _misfits(one.item, others, regions, carriers):
        yield LintProblem(str(one.file), one.line(f"{ROOT}.{where}"), name, message)


def _misfits(
    item: Item, others: Mapping[str, Item], regions: Path | None, carriers: Mapping[str, Ability] | None
) -> Iterator[tuple[str, str, str]]:
    """Place, rule, message."""
    try:
        region = region_of(item.region, regions)
    except (RegionInvalid, YamlInvalid) as wrong:
        yield "region", "region_unreadable", wrong.message
        region = None
    scene = Scene(item, region, others, carriers)
    for name, rule in RULES.items():
        for where, message in rule(scene):
            yield where, name, message
