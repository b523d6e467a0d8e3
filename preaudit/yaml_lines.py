"""YAML with line numbers: plain data, and the line on which each path stands.

Refuses what YAML would silently accept and nobody means: the same key twice, and aliases. A path looks like
`item.materials[0].checks[1]`, as in `cases.items.ItemInvalid`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from cases.errors import Refusal

MAX_BYTES = 1_000_000
"""An item file is some 5 KB; a hundred times that is somebody's mistake."""


_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where the wheel has it: fifteen times faster."""


class YamlInvalid(Refusal):
    """Cannot be read as YAML. Details: `file`, `line`."""

    code = "yaml_invalid"


@dataclass(frozen=True)
class Lined:
    data: Any
    lines: Mapping[str, int]


def read_lined(path: Path, root: str) -> Lined:
    """The file's data; `root` names the outermost path. Raises `YamlInvalid` with file and line."""
    try:
        node = yaml.compose(_text(path), Loader=_PARSER)
        lines = {root: 1}
        _walk(node, root, lines, set(), path)
        return Lined(yaml.SafeLoader("").construct_document(node) if node else None, lines)
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        raise _invalid(path, mark.line + 1 if mark else 1, getattr(wrong, "problem", None) or str(wrong)) from None


def _invalid(path: Path, line: int, message: str) -> YamlInvalid:
    return YamlInvalid(f"{path}:{line}: {message}", file=str(path), line=line)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _invalid(path, 1, f"文件超过{MAX_BYTES}字节")
        return path.read_text("utf-8")
    except OSError as wrong:
        raise _invalid(path, 1, f"无法读取（{wrong.strerror}）") from None
    except UnicodeDecodeError:
        raise _invalid(path, 1, "应为UTF-8编码") from None


def _walk(node: Any, here: str, lines: dict[str, int], walked: set[int], path: Path) -> None:
    """Notes the line of every path. An alias brings a node a second time; a few of them make a file endless."""
    if node is None:
        return
    if id(node) in walked:
        raise _invalid(path, node.start_mark.line + 1, "不支持YAML锚点引用")
    walked.add(id(node))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            there, line = f"{here}.{key.value}", key.start_mark.line + 1
            if there in lines:
                raise _invalid(path, line, f"重复的键 {key.value}")
            lines[there] = line
            _walk(value, there, lines, walked, path)
    elif isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            lines[f"{here}[{i}]"] = value.start_mark.line + 1
            _walk(value, f"{here}[{i}]", lines, walked, path)


def line_of(lines: Mapping[str, int], where: str) -> int:
    """The line of that path, or of the nearest thing around it that the file has."""
    while where not in lines:
        cut = max(where.rfind("."), where.rfind("["))
        if cut < 0:
            return 1
        where = where[:cut]
    return lines[where]
