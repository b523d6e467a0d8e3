"""An item as YAML text: written, and read from whoever pastes it. What is read is plain data and nothing else: no tags, no
aliases, no key twice. Comments do not survive."""

from collections.abc import Mapping
from typing import Any

import yaml

from cases.errors import InvalidRequest

MOST = 200_000
"""Characters. The longest item that ships has some 12,000."""
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WRITER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""libyaml where the wheel has it: many times faster."""


class _Plain(_WRITER):  # type: ignore[misc]  # one of the two
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  # the library's signature
        return True


def to_text(definition: Mapping[str, Any]) -> str:
    return yaml.dump(dict(definition), Dumper=_Plain, allow_unicode=True, sort_keys=False, width=110)


def inline(value: Any) -> str:
    """In one line, as parameters of a check are written: `{min: 16}`."""
    return yaml.dump(value, Dumper=_Plain, allow_unicode=True, default_flow_style=True, width=10_000).strip()


def value_from(text: str) -> Any:
    """Raises `InvalidRequest`."""
    return _read(text)[0]


def from_text(text: str) -> Mapping[str, Any]:
    """Raises `InvalidRequest` with the line."""
    if len(text) > MOST:
        raise InvalidRequest("文件过大，不像是一个事项。")
    value, _ = _read(text)
    if not isinstance(value, Mapping):
        raise InvalidRequest("应为一个事项：最外层是“字段: 内容”。", line=1)
    return {str(key): each for key, each in value.items()}


def lines_of(text: str) -> Mapping[str, int]:
    """The line of each place, as the linter writes places; the first is 1."""
    found: dict[str, int] = {}
    node = yaml.compose(text, Loader=_PARSER)
    if node is not None:
        _walk(node, "", found, set())
    return found


def _read(text: str) -> tuple[Any, Mapping[str, int]]:
    try:
        node = yaml.compose(text, Loader=_PARSER)
        lines: dict[str, int] = {}
        if node is not None:
            _walk(node, "", lines, set())
        return _plain(yaml.SafeLoader("").construct_document(node) if node else None), lines
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        what = getattr(wrong, "problem", None) or "无法识别"
        raise InvalidRequest(f"第{line}行不是有效的YAML：{what}", line=line) from None


def _walk(node: Any, here: str, lines: dict[str, int], walked: set[int]) -> None:
    if id(node) in walked:
        line = node.start_mark.line + 1
        raise InvalidRequest(f"第{line}行：不支持YAML锚点引用", line=line)
    walked.add(id(node))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            there, line = f"{here}.{key.value}".lstrip("."), key.start_mark.line + 1
            if there in lines:
                raise InvalidRequest(f"第{line}行：重复的字段 {key.value}", line=line)
            lines[there] = line
            _walk(value, there, lines, walked)
    elif isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            lines[f"{here}[{i}]"] = value.start_mark.line + 1
            _walk(value, f"{here}[{i}]", lines, walked)


def _plain(value: Any) -> Any:
    """Dates as text: JSON has none, and an item's dates are."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
