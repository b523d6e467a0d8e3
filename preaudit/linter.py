"""The linter of items: what an item file says that cannot be kept, cannot be checked, or may not be asked.

`lint(path)` never raises for what stands in the files: everything wrong is a `LintProblem` with file, line and the
name of the rule. The rules are `preaudit.lint_rules`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cases.errors import Refusal
from preaudit.catalogue import ROOT, CatalogueInvalid, LoadedItem, item_files, load, parse_file
from preaudit.lint_rules import RULES, Scene
from preaudit.region import RegionInvalid, region_of
from preaudit.yaml_lines import YamlInvalid


@dataclass(frozen=True, order=True)
class LintProblem:
    file: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}: {self.message}"


def lint(path: Path | None = None, *, regions: Path | None = None) -> list[LintProblem]:
    """Every problem of a folder or file, in the order of files and lines."""
    problems: list[LintProblem] = []
    loaded: list[LoadedItem] = []
    for file in item_files(path):
        try:
            loaded.append(parse_file(file))
        except (CatalogueInvalid, YamlInvalid) as wrong:
            problems.append(_of_refusal(file, wrong))
    problems += _twice(loaded)
    codes = _known_codes(path, loaded)
    problems += [p for one in loaded for p in _rules(one, codes, regions)]
    return sorted(problems)


def _of_refusal(file: Path, wrong: Refusal) -> LintProblem:
    rule = "not_yaml" if isinstance(wrong, YamlInvalid) else "not_an_item"
    line = int(wrong.details.get("line", 1))
    return LintProblem(str(file), line, rule, wrong.message.removeprefix(f"{file}:{line}: "))


def _twice(loaded: list[LoadedItem]) -> Iterator[LintProblem]:
    first: dict[str, LoadedItem] = {}
    for one in loaded:
        earlier = first.setdefault(one.item.code, one)
        if earlier is not one:
            message = f"事项 {one.item.code} 已在 {earlier.file} 中"
            yield LintProblem(str(one.file), one.line(f"{ROOT}.code"), "code_twice", message)


def _known_codes(path: Path | None, loaded: list[LoadedItem]) -> frozenset[str]:
    """Codes that `follow_ons` may name: those linted, and those the package brings."""
    codes = {one.item.code for one in loaded}
    return frozenset(codes | set(load() if path is not None else ()))


def _rules(one: LoadedItem, codes: frozenset[str], regions: Path | None) -> Iterator[LintProblem]:
    try:
        region = region_of(one.item.region, regions)
    except (RegionInvalid, YamlInvalid) as wrong:
        yield LintProblem(str(one.file), one.line(f"{ROOT}.region"), "region_unreadable", wrong.message)
        region = None
    scene = Scene(one.item, region, codes)
    for name, rule in RULES.items():
        for where, message in rule(scene):
            yield LintProblem(str(one.file), one.line(f"{ROOT}.{where}"), name, message)
