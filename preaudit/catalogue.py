"""The catalogue of items: YAML files in a folder, each one item. The package brings its own (`preaudit/items`).

A file that is not an item, a check that does not exist, or a code that two files claim is refused with file and line.
Whether an item contradicts itself is the linter's question.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cases.errors import NotFound, Refusal
from cases.items import Item, ItemInvalid, item_from
from preaudit.checks import CheckInvalid, cross_check_of, material_check
from preaudit.yaml_lines import line_of, read_lined

ITEMS = Path(__file__).parent / "items"
ROOT = "item"


class CatalogueInvalid(Refusal):
    """A file of the catalogue cannot be used. Details: `file`, `line`."""

    code = "catalogue_invalid"


@dataclass(frozen=True)
class LoadedItem:
    """`raw` is the file's data as it stands; `lines` the line of each path (`item.materials[0].key`)."""

    item: Item
    raw: Mapping[str, Any]
    file: Path
    lines: Mapping[str, int]

    def line(self, where: str) -> int:
        return line_of(self.lines, where)


def load(path: Path | None = None) -> dict[str, LoadedItem]:
    """Every item of a folder or file by its code. Raises `CatalogueInvalid` or `YamlInvalid`."""
    found: dict[str, LoadedItem] = {}
    for file in item_files(path):
        loaded = load_file(file)
        code = loaded.item.code
        if code in found:
            line = loaded.line(f"{ROOT}.code")
            message = f"{file}:{line}: 事项 {code} 已在 {found[code].file} 中"
            raise CatalogueInvalid(message, file=str(file), line=line)
        found[code] = loaded
    return found


def find(code: str, path: Path | None = None) -> LoadedItem:
    """One item. Raises `NotFound` naming the codes there are."""
    known = load(path)
    if code not in known:
        raise NotFound(f"没有事项 {code}；有 {', '.join(known)}", item=code)
    return known[code]


def item_files(path: Path | None = None) -> tuple[Path, ...]:
    where = ITEMS if path is None else path
    if where.is_dir():
        return tuple(sorted((*where.glob("*.yaml"), *where.glob("*.yml"))))
    return (where,)


def load_file(file: Path) -> LoadedItem:
    loaded = parse_file(file)
    for where, message in bad_calls(loaded.item):
        line = loaded.line(where)
        raise CatalogueInvalid(f"{file}:{line}: {message}", file=str(file), line=line)
    return loaded


def parse_file(file: Path) -> LoadedItem:
    """As `load_file`, without asking whether the checks exist: the linter reports those one by one."""
    lined = read_lined(file, ROOT)
    try:
        return LoadedItem(item_from(lined.data, ROOT), lined.data, file, lined.lines)
    except ItemInvalid as wrong:
        line = line_of(lined.lines, str(wrong.details.get("path", ROOT)))
        raise CatalogueInvalid(f"{file}:{line}: {wrong.message}", file=str(file), line=line) from None


def bad_calls(item: Item) -> Iterator[tuple[str, str]]:
    """Path and message of every check that does not exist or is called wrongly."""
    for i, spec in enumerate(item.materials):
        for j, call in enumerate(spec.checks):
            try:
                material_check(call)
            except CheckInvalid as wrong:
                yield f"{ROOT}.materials[{i}].checks[{j}]", wrong.message
    for j, call in enumerate(item.cross_checks):
        try:
            cross_check_of(call)
        except CheckInvalid as wrong:
            yield f"{ROOT}.cross_checks[{j}]", wrong.message
