"""Changing one field or line of an item's plain data, as the form asks for it. Pure: the data it is given stays as it was.

Refuses a place that the form does not have. A value that does not fit (letters for a number) is kept as it was typed:
the linter says so beside the field.
"""

import copy
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from itertools import pairwise
from typing import Any

from cases.errors import InvalidRequest
from web.desk.catalogue import fields
from web.desk.catalogue.fields import Control, Empty, FormField, field_at, without_numbers
from web.desk.catalogue.yaml_text import value_from

Plain = dict[str, Any]
Steps = tuple[str | int, ...]
MOST_LINES = 100


class LineChange(StrEnum):
    ADD = "add"
    REMOVE = "remove"
    UP = "up"
    DOWN = "down"


def steps(place: str) -> Steps:
    """`materials[0].pages.min` → ("materials", 0, "pages", "min")"""
    return tuple(int(number) if number else name for name, number in re.findall(r"([^.\[\]]+)|\[(\d+)\]", place))


def at(raw: Any, place: str, otherwise: Any = None) -> Any:
    for step in steps(place):
        try:
            raw = raw[step]
        except (KeyError, IndexError, TypeError):
            return otherwise
    return raw


def put(raw: Mapping[str, Any], place: str, typed: Sequence[str]) -> Plain:
    """Raises `InvalidRequest`, also for a line that is not there."""
    known = field_at(place)
    if known is None:
        raise InvalidRequest("表单中没有这个字段。", place=place)
    made: Plain = copy.deepcopy(dict(raw))
    value = _value(known, [text.replace("\r\n", "\n") for text in typed])
    if value in ("", []):
        _put_empty(made, steps(place), known)
    else:
        _put(made, steps(place), value)
    return made


def change_line(raw: Mapping[str, Any], place: str, change: LineChange, index: int) -> Plain:
    """Adds at the end, takes out, moves. Raises `InvalidRequest`."""
    if without_numbers(place) not in fields.LISTS:
        raise InvalidRequest("表单中没有这个列表。", place=place)
    made: Plain = copy.deepcopy(dict(raw))
    lines = list(at(made, place, ()) or ())
    if change is LineChange.ADD:
        lines.append(_new_line(place, lines))
    elif not 0 <= index < len(lines):
        raise InvalidRequest("该行已不存在，请刷新。", place=place)
    elif change is LineChange.REMOVE:
        del lines[index]
    else:
        other = index + (-1 if change is LineChange.UP else 1)
        if 0 <= other < len(lines):
            lines[index], lines[other] = lines[other], lines[index]
    _put(made, steps(place), lines)
    return made


def _new_line(place: str, lines: Sequence[Any]) -> Any:
    if len(lines) >= MOST_LINES:
        raise InvalidRequest("行数过多。", place=place)
    new = copy.deepcopy(fields.LISTS[without_numbers(place)])
    if isinstance(new, dict) and "key" in new:
        taken = {line.get("key") for line in lines if isinstance(line, Mapping)}
        new["key"] = next(k for n in range(1, MOST_LINES + 2) if (k := f"{new['key']}_{n}") not in taken)
    return new


def _value(known: FormField, typed: Sequence[str]) -> Any:
    text = typed[0].strip() if typed else ""
    match known.control:
        case Control.NUMBER:
            return int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else text
        case Control.MONEY:
            return _fen(text)
        case Control.SWITCH:
            return "true" in typed
        case Control.MANY:
            return [word for word in typed if word]
        case Control.WORDS:
            return [word.strip() for word in re.split(r"[、,，;；\n]", text) if word.strip()]
        case Control.WHEN:
            return _wanted([word for word in typed if word])
        case Control.CHECK:
            return _check(text, typed[1].strip() if len(typed) > 1 else "")
    return text


def _fen(text: str) -> Any:
    try:
        fen = Decimal(text) * 100
    except InvalidOperation:
        return text
    return int(fen) if fen == fen.to_integral_value() and abs(fen) < 10**11 else text


def _wanted(words: Sequence[str]) -> Any:
    plain = [{"true": True, "false": False}.get(word, word) for word in words]
    return plain[0] if len(plain) == 1 else plain


def _check(name: str, params: str) -> Any:
    return {name: value_from(params)} if params else name


def _put(raw: Any, way: Steps, value: Any) -> None:
    holder = _holder(raw, way)
    holder[way[-1]] = value


def _put_empty(raw: Any, way: Steps, known: FormField) -> None:
    match known.empty:
        case Empty.NULL:
            _put(raw, way, None)
        case Empty.WHOLE:
            _put(raw, way[:-1], None)
        case Empty.LEFT_OUT:
            _leave_out(raw, way)
        case Empty.KEPT if known.control is Control.WHEN:
            _leave_out(raw, way)
        case Empty.KEPT:
            _put(raw, way, [] if known.control in (Control.MANY, Control.WORDS) else "")


def _leave_out(raw: Any, way: Steps) -> None:
    holder = _holder(raw, way)
    holder.pop(way[-1], None)
    if not holder and len(way) > 1 and way[-2] in ("en", "when"):
        _holder(raw, way[:-1]).pop(way[-2], None)


def _holder(raw: Any, way: Steps) -> Any:
    """What holds the last step; mappings on the way are made where there are none."""
    for step, then in pairwise(way):
        if isinstance(step, int):
            if not isinstance(raw, list) or not 0 <= step < len(raw):
                raise InvalidRequest("该行已不存在，请刷新。")
            if not isinstance(raw[step], dict | list) and not isinstance(then, int):
                raw[step] = {}
        elif not isinstance(raw.get(step), dict | list):
            raw[step] = [] if isinstance(then, int) else {}
        raw = raw[step]
    if isinstance(way[-1], int) and not (isinstance(raw, list) and 0 <= way[-1] < len(raw)):
        raise InvalidRequest("该行已不存在，请刷新。")
    return raw
