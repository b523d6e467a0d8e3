"""Between the domain's frozen values and plain JSON values: what is sealed, hashed or answered is plain first.

Structural: a dataclass becomes its fields, an enum its word, a time its ISO form. Coming back needs the type, because
JSON has forgotten it; inside `Mapping[str, Any]` it stays forgotten and a time stays a string.
"""

import dataclasses
import json
import types
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from cases.findings import Finding
from cases.readings import finding_from_json, finding_to_json


def to_plain(value: Any) -> Any:
    if isinstance(value, Finding):
        return finding_to_json(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(k): to_plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_plain(v) for v in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, StrEnum) else value


def from_plain(hint: Any, value: Any) -> Any:
    """`value` as `hint` says it was."""
    hint = _without_none(hint)
    if value is None or hint is Any:
        return value
    if get_origin(hint) is tuple:
        return tuple(from_plain(get_args(hint)[0], v) for v in value)
    if not isinstance(hint, type):
        return value
    if hint is Finding:
        return finding_from_json(value)
    if dataclasses.is_dataclass(hint):
        hints = hints_of(hint)
        return hint(**{name: from_plain(hints[name], v) for name, v in value.items()})
    if issubclass(hint, StrEnum):
        return hint(value)
    if issubclass(hint, date) and isinstance(value, str):
        return hint.fromisoformat(value)
    return value


@cache
def hints_of(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


@cache
def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        rest = [a for a in get_args(hint) if a is not type(None)]
        return rest[0] if len(rest) == 1 else Any
    return hint


def dumps(value: Any) -> bytes:
    return json.dumps(to_plain(value), ensure_ascii=False, separators=(",", ":")).encode()


def loads(raw: bytes) -> Any:
    return json.loads(raw)
