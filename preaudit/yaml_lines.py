"""YAML with line numbers: plain data, and the line on which each path stands.

Refuses what YAML would silently accept and nobody means: the same key twice. A path looks like
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


class YamlInvalid(Refusal):
    """Cannot be read as YAML. Details: `file`, `line`."""

    code = "yaml_invalid"


@dataclass(frozen=True)
class Lined:
    data: Any
    lines: Mapping[str, int]


def read_lined(path: Path, root: str) -> Lined:
    """The file's data; `root` names the outermost path. Raises `YamlInvalid` with file and line."""
    text = _text(path)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise YamlInvalid(
            f"{path}:{line}: {getattr(wrong, 'problem', None) or wrong}", file=str(path), line=line
        ) from None
    lines: dict[str, int] = {root: 1}
    if node is not None:
        _walk(node, root, lines, path)
    return Lined(data, lines)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise YamlInvalid(f"{path}:1: 文件超过{MAX_BYTES}字节", file=str(path), line=1)
        return path.read_text("utf-8")
    except OSError as wrong:
        raise YamlInvalid(f"{path}:1: 无法读取（{wrong.strerror}）", file=str(path), line=1) from None
    except UnicodeDecodeError:
        raise YamlInvalid(f"{path}:1: 应为UTF-8编码", file=str(path), line=1) from None


def _walk(node: yaml.Node, here: str, lines: dict[str, int], path: Path) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            there, line = f"{here}.{key.value}", key.start_mark.line + 1
            if there in lines:
                raise YamlInvalid(f"{path}:{line}: 重复的键 {key.value}", file=str(path), line=line)
            lines[there] = line
            _walk(value, there, lines, path)
    elif isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            lines[f"{here}[{i}]"] = value.start_mark.line + 1
            _walk(value, f"{here}[{i}]", lines, path)


def line_of(lines: Mapping[str, int], where: str) -> int:
    """The line of that path, or of the nearest thing around it that the file has."""
    while where not in lines:
        cut = max(where.rfind("."), where.rfind("["))
        if cut < 0:
            return 1
        where = where[:cut]
    return lines[where]
