"""English 英文 for all that the service says: data, found by code or by the Chinese pattern, composed at the door.

`codes.yaml` has the labels of every vocabulary, `findings.yaml` what each finding says and advises, `sentences.yaml` the
sentences by their Chinese pattern (`cases.sentences`), `terms.yaml` the names of things that stand in them. Nothing is
translated by a machine: what stands on none of these pages (somebody's name, an address, what a clerk wrote) is shown
as it is. A text that was kept without its values is recognised by the pattern that it has.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from cases.sentences import Sentence, day_of, english_day

Names = Mapping[str, str]
"""Chinese → English names of this item and its papers."""
NONE: Names = {}
HAN = re.compile(r"[\u3400-\u9fff]")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where the wheel has it: these pages are most of what is read when the doors are opened."""
_GAP = re.compile(r"\{(\w+)\}")


def _page(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(Path(__file__).with_name(f"{name}.yaml").read_text("utf-8"), _LOADER)
    return loaded


CODES: Mapping[str, Mapping[str, str]] = _page("codes")
FINDINGS: Mapping[str, Sequence[str]] = _page("findings")
SENTENCES: Mapping[str, str] = _page("sentences")
TERMS: Mapping[str, str] = _page("terms")


def in_english(text: str, names: Names = NONE) -> str | None:
    """The sentence, or nothing where there is none for it."""
    if isinstance(text, Sentence):
        pattern = SENTENCES.get(text.pattern)
        return None if pattern is None else _filled(pattern, text.values, names)
    known = names.get(text) or SENTENCES.get(text) or TERMS.get(text)
    return known or _recognised(text, names)


def _filled(pattern: str, values: Mapping[str, Any], names: Names) -> str:
    return pattern.format_map({name: value_in_english(value, names) for name, value in values.items()})


def value_in_english(value: Any, names: Names = NONE) -> str:
    """What stands in a sentence; what is nobody's word but a name is left as it is."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(value_in_english(each, names) for each in value)
    if isinstance(value, Sentence):
        return in_english(value, names) or str(value)
    day = day_of(value)
    if day is not None:
        return english_day(day)
    text = str(value)
    return names.get(text) or TERMS.get(text) or SENTENCES.get(text) or text


def _recognised(text: str, names: Names) -> str | None:
    """A text that is one of the patterns filled in. Only where every value in it is known: else somebody wrote it."""
    for shape, pattern in _shapes():
        found = shape.fullmatch(text)
        if found is None:
            continue
        values = {name: _part(value, names) for name, value in found.groupdict().items()}
        if not any(value is None for value in values.values()):
            return _filled(pattern, values, NONE)
    return None


def _part(text: str, names: Names) -> str | None:
    parts = [in_english(part, names) if HAN.search(part) else part for part in text.split("、")]
    return None if None in parts else ", ".join(part for part in parts if part)


@cache
def _shapes() -> Sequence[tuple[re.Pattern[str], str]]:
    """The longest words first: they say most."""
    patterns = sorted((p for p in SENTENCES if _GAP.search(p)), key=lambda p: -len(_GAP.sub("", p)))
    return [(_shape(p), SENTENCES[p]) for p in patterns if HAN.search(_GAP.sub("", p))]


def _shape(pattern: str) -> re.Pattern[str]:
    words = re.split(r"\{\w+\}", pattern)
    gaps = _GAP.findall(pattern)
    return re.compile(
        "".join(re.escape(w) + g for w, g in zip(words, (*(f"(?P<{g}>.+?)" for g in gaps), ""), strict=True))
    )
