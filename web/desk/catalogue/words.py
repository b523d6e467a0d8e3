"""An item's plain data in words: every value as a person reads it, and where two versions differ, field by field.

Made for data that may still contradict itself: nothing is refused, what is not understood is shown as YAML.
"""

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from web.desk.catalogue.checks import CHECKS
from web.desk.catalogue.fields import FIELDS, Control, FormField, without_numbers
from web.desk.catalogue.yaml_text import inline, to_text

Names = Callable[[str], str]
"""A department's code as its name."""
NOTHING = "—"
LABELS: Mapping[str, str] = {
    "code": "实施编码", "region": "地区", "questions": "情形问题", "materials": "申请材料", "routing": "流转环节",
    "follow_ons": "办成后接着办", "cross_checks": "材料之间的核对", "checks": "核对", "when": "什么情形需要", "fields": "表单栏目",
    "sources": "可替代的数据来源", "supersedes": "办理后作废的旧材料", "fee": "收费", "courier": "寄递要求", "visits": "线下办理耗时",
    "national": "国家交换字段", "result": "结果", "limits": "时限", "pages": "页数", "en": "英文", "if_chosen": "选中后说成",
    "choices": "选项", "labels": "选项名称", "accepting": "可受理的窗口", "clocks": "时限计算", "key": "代号",
    "courier.declared_value_fen": "保价金额（分）", "visits.without_us": "原来要跑的趟数", "visits.hours_each": "每趟小时数",
    "defer_days": "最多容缺天数",
}  # fmt: skip
ENTRIES: Mapping[str, tuple[str, str]] = {
    "questions": ("key", "ask"), "materials": ("key", "name"), "routing": ("key", "task"), "follow_ons": ("item", "item"),
}  # fmt: skip
"""Lists whose entries are known by a key, and what an entry is called by."""
UNSAID = frozenset({"version"})


@dataclass(frozen=True)
class Difference:
    """`before` or `after` None: it was not there. `place`: in the newer one, else in the older."""

    place: str
    head: str
    """What it belongs to: 申请材料 · 居民身份证（人像面）."""
    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Piece:
    """`how`: same | gone | new."""

    how: str
    text: str


@dataclass(frozen=True)
class _Leaf:
    place: str
    head: str
    label: str
    text: str


def check_in_words(call: Any) -> str:
    """年龄在范围内（最小16）; the parameters stay as they are written."""
    if isinstance(call, Mapping) and len(call) == 1:
        ((name, params),) = call.items()
        return f"{CHECKS.get(str(name), str(name))} {inline(params)}"
    return CHECKS.get(str(call), str(call))


def value_in_words(known: FormField | None, value: Any, names: Names = str) -> str:
    value = list(value) if isinstance(value, tuple) else value
    if value is None or value in ("", []):
        return NOTHING
    if isinstance(value, bool):
        return "是" if value else "否"
    if known is not None and known.control is Control.MONEY and isinstance(value, int):
        return f"{value / 100:.2f}元"
    options = dict(known.options) if known is not None else {}
    if isinstance(value, list):
        return "、".join(options.get(str(one), str(one)) for one in value) if _plain_words(value) else inline(value)
    if isinstance(value, Mapping):
        return inline(value)
    return options.get(str(value), names(str(value)) if known in _DEPARTMENTS else str(value))


_DEPARTMENTS = (FIELDS["department"], FIELDS["routing[].department"])


def _plain_words(values: Sequence[Any]) -> bool:
    return all(isinstance(one, str | int | float) for one in values)


def when_in_words(raw: Mapping[str, Any], when: Any) -> str:
    """持卡人未满16周岁，并且有代办人; the item's own clauses where it has them."""
    if not isinstance(when, Mapping) or not when:
        return ""
    known = {q.get("key"): q for q in _list(raw.get("questions")) if isinstance(q, Mapping)}
    return "，并且".join(_clause(known.get(key, {}), str(key), wanted) for key, wanted in when.items())


def _clause(question: Mapping[str, Any], key: str, wanted: Any) -> str:
    answers = wanted if isinstance(wanted, list) else [wanted]
    return "，或者".join(_answered(question, key, answer) for answer in answers)


def _answered(question: Mapping[str, Any], key: str, answer: Any) -> str:
    asked = question.get("ask", key)
    if isinstance(answer, bool):
        own, said = question.get("if_yes" if answer else "if_no"), "是" if answer else "否"
    else:
        own, said = (question.get("if_chosen") or {}).get(str(answer)), str(answer)
    return str(own or f"“{asked}”答“{said}”")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


# ── where two differ ──


def differences(before: Mapping[str, Any], after: Mapping[str, Any], names: Names = str) -> list[Difference]:
    """What the item says of itself first, then its parts, in the order of the newer one; what is gone stands at the end."""
    old, new = dict(_leaves(before, names)), dict(_leaves(after, names))
    changed = [
        _difference(old.get(key), leaf) for key, leaf in new.items() if key not in old or old[key].text != leaf.text
    ]
    gone = [_difference(leaf, None) for key, leaf in old.items() if key not in new]
    return sorted(changed + gone, key=lambda each: bool(each.head))


def _difference(old: _Leaf | None, new: _Leaf | None) -> Difference:
    one = new or old
    assert one is not None, "one of them is there"
    return Difference(one.place, one.head, one.label, old.text if old else None, new.text if new else None)


def _leaves(raw: Mapping[str, Any], names: Names) -> Iterator[tuple[str, _Leaf]]:
    """Each value by what it is, not by where it stands: a material that moved up is the same material."""
    for name, value in raw.items():
        if name in ENTRIES and all(isinstance(entry, Mapping) for entry in _list(value)):
            yield from _entries(raw, str(name), _list(value), names)
        elif name not in UNSAID:
            yield from _under(raw, str(name), str(name), value, names)


def _entries(raw: Mapping[str, Any], name: str, entries: list[Any], names: Names) -> Iterator[tuple[str, _Leaf]]:
    key, called = ENTRIES[name]
    for i, entry in enumerate(entries):
        head = f"{LABELS[name]} · {entry.get(called) or entry.get(key) or i + 1}"
        for part, value in entry.items():
            for same, leaf in _under(raw, f"{name}[{i}].{part}", f"{name}<{entry.get(key)}>.{part}", value, names):
                yield same, _Leaf(leaf.place, head, leaf.label, leaf.text)
    order = "、".join(str(entry.get(called) or entry.get(key)) for entry in entries)
    if order:
        yield f"{name}<>", _Leaf(name, LABELS[name], "清单与顺序", order)


def _under(raw: Mapping[str, Any], place: str, same: str, value: Any, names: Names) -> Iterator[tuple[str, _Leaf]]:
    last = place.rsplit(".", 1)[-1]
    if isinstance(value, Mapping) and value and last not in ("when", "fields", "national", "if_chosen", "labels"):
        for part, one in value.items():
            yield from _under(raw, f"{place}.{part}", f"{same}.{part}", one, names)
    elif value is not None and value not in ("", [], {}):
        yield same, _Leaf(place, "", label_of(place), _text(raw, place, last, value, names))


def _text(raw: Mapping[str, Any], place: str, last: str, value: Any, names: Names) -> str:
    if last in ("checks", "cross_checks") and isinstance(value, list):
        return "\n".join(map(check_in_words, value))
    if last == "when":
        return when_in_words(raw, value)
    if isinstance(value, Mapping):
        return to_text(value).strip()
    return value_in_words(FIELDS.get(without_numbers(place)), value, names)


def label_of(place: str) -> str:
    """As the form calls it; else by its last word; else as YAML calls it."""
    plain = without_numbers(place)
    if plain in FIELDS:
        return FIELDS[plain].label
    if ".en." in f".{plain}" and (own := FIELDS.get(plain.replace(".en.", ".").removeprefix("en."))):
        return f"{own.label}（英文）"
    last = plain.rsplit(".", 1)[-1].removesuffix("[]")
    return LABELS.get(plain, LABELS.get(last, last))


def pieces(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts cut where they differ, for colouring."""
    if len(before) * len(after) > 250_000:
        return [Piece("gone", before)], [Piece("new", after)]
    old, new = list[Piece](), list[Piece]()
    for how, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if b > a:
            old.append(Piece("same" if how == "equal" else "gone", before[a:b]))
        if d > c:
            new.append(Piece("same" if how == "equal" else "new", after[c:d]))
    return old, new


def unified(before: Mapping[str, Any], after: Mapping[str, Any], titles: tuple[str, str]) -> str:
    """As `diff -u` of the two YAML texts."""
    lines = difflib.unified_diff(to_text(before).splitlines(), to_text(after).splitlines(), *titles, lineterm="", n=3)
    return "\n".join(lines)
