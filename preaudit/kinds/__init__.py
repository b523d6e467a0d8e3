"""Kinds of documents as data: `KIND.yaml` beside this file says by which printed words a kind is known, and where its
fields stand.

`kind_of(texts, …)` names the kind and how sure that is. A kind nobody described is `unknown`, never a guess.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

import yaml

UNKNOWN = "unknown"
FORM = "application_form"
TITLE_LINES = 5  # from the top: a letterhead and a number may stand above the title
FORM_SHARE = 0.5  # of the labels that the item names: with so many on the page, it is that form


class Where(StrEnum):
    """Where the value stands by its label."""

    ROW = "row"
    """after the label, on its row"""
    BLOCK = "block"
    """from the label's row downwards, until the next label"""
    CELL = "cell"
    """in the table cell right of the label, else below it"""


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where the wheel has it: fifteen times faster."""


@dataclass(frozen=True)
class FieldSpec:
    name: str
    type: str
    labels: tuple[str, ...]
    where: Where = Where.ROW
    pattern: str = ""
    """Where no label was read: what the value looks like anywhere on the page."""
    above: tuple[str, ...] = ()
    """Where neither helps: the value is the row above these labels."""
    second_reader: bool = False
    reach: float = 0.0
    """Heights right of the label within which to look again where the detector saw nothing; 0: do not."""
    nth: int = 1
    of: int = 1
    """Which of several fields with the same label, in reading order: a marriage certificate names two people."""
    width: float = float("inf")
    """Heights of the label that a block's column is wide at most: behind it a portrait stands."""
    options: tuple[str, ...] = ()
    """Boxes to tick stand in its place, each beside one of these words."""


@dataclass(frozen=True)
class KindSpec:
    kind: str
    anchors: Mapping[str, float]
    """Printed words → weight; a page is of the kind when the weights found sum up to 1."""
    fields: tuple[FieldSpec, ...]
    against: tuple[str, ...] = ()
    """Words that never stand on this kind: a form asks for the same things that a card shows."""
    expects: tuple[str, ...] = ()
    """Fields that a readable page of this kind always shows."""
    stops: tuple[str, ...] = ()
    """Labels of what we do not ask for: values end where they begin."""
    captions: tuple[str, ...] = ()
    """Translations printed beside the labels: left out."""
    titles: tuple[str, ...] = ()
    """Patterns of a whole line, one of the first on the page, that alone makes it this kind."""
    looks: Mapping[str, float] = field(default_factory=dict)
    """Patterns within a line → weight, for papers without labels."""
    most_lines: int = 10_000
    light: bool = False
    """A kind without a fixed face: taken only when no other fits."""


def folded(text: str) -> str:
    """For comparison: half-width, no white space, no colons or dashes around labels."""
    return re.sub(r"[\s:：_—·.。,，]+", "", unicodedata.normalize("NFKC", text))


@cache
def all_kinds() -> Mapping[str, KindSpec]:
    here = resources.files(__package__)
    made = (_kind(yaml.load(f.read_text("utf-8"), _LOADER)) for f in here.iterdir() if f.name.endswith(".yaml"))
    return {spec.kind: spec for spec in sorted(made, key=lambda spec: spec.kind)}


def _kind(raw: Mapping[str, Any]) -> KindSpec:
    return KindSpec(
        raw["kind"],
        _weights(raw.get("anchors")),
        tuple(_field(name, each) for name, each in (raw.get("fields") or {}).items()),
        tuple(raw.get("against", ())),
        tuple(raw.get("expects", ())),
        tuple(raw.get("stops", ())),
        tuple(raw.get("captions", ())),
        tuple(raw.get("titles", ())),
        _weights(raw.get("looks")),
        int(raw.get("most_lines", 10_000)),
        bool(raw.get("light", False)),
    )


def _weights(raw: Mapping[Any, Any] | None) -> dict[str, float]:
    return {str(words): float(weight) for words, weight in (raw or {}).items()}


def _field(name: str, raw: Mapping[str, Any]) -> FieldSpec:
    return FieldSpec(
        name,
        raw["type"],
        tuple(raw.get("labels", ())),
        Where(raw.get("where", "row")),
        raw.get("pattern", ""),
        tuple(raw.get("above", ())),
        bool(raw.get("second_reader", False)),
        float(raw.get("reach", 0.0)),
        int(raw.get("nth", 1)),
        int(raw.get("of", 1)),
        float(raw.get("width", "inf")),
        tuple(raw.get("options", ())),
    )


def kind_of(texts: Sequence[str], form_labels: Iterable[str] = (), hint: str | None = None) -> tuple[str, float]:
    """The kind and the confidence, 0 to 1. `hint` (what the checklist expects) decides only between equals."""
    page = [folded(text) for text in texts]
    scores = {kind: min(1.0, _score(spec, page)) for kind, spec in all_kinds().items()}
    scores[FORM] = max(scores.get(FORM, 0.0), _form_score(page, [folded(label) for label in form_labels]))
    if any(score >= 1.0 for kind, score in scores.items() if not all_kinds()[kind].light):
        scores = {kind: score for kind, score in scores.items() if not all_kinds()[kind].light}
    best = hint if hint is not None and scores.get(hint, 0.0) >= 1.0 else max(scores, key=lambda kind: scores[kind])
    return (best, scores[best]) if scores[best] >= 1.0 or _nearly(scores, best, hint) else (UNKNOWN, 1.0 - scores[best])


def _nearly(scores: Mapping[str, float], best: str, hint: str | None) -> bool:
    """Three quarters of the words of the very kind that was asked for."""
    return best == hint and scores[best] >= 0.75


def _score(spec: KindSpec, page: Sequence[str]) -> float:
    if len(page) > spec.most_lines or any(words in line for words in spec.against for line in page):
        return 0.0
    if any(re.fullmatch(title, line) for title in spec.titles for line in page[:TITLE_LINES]):
        return 1.0
    anchors = [(folded(anchor), weight) for anchor, weight in spec.anchors.items()]
    words = [weight for anchor, weight in anchors if any(shows(line, anchor) for line in page)]
    looks = [weight for look, weight in spec.looks.items() if any(re.search(look, line) for line in _runs(page))]
    return round(sum(words + looks), 6)


def _runs(page: Sequence[str]) -> list[str]:
    """The lines, and digits that were read group by group made one number again."""
    return [*page, "".join(line if line.isdecimal() else " " for line in page)]


def _form_score(page: Sequence[str], labels: Sequence[str]) -> float:
    if len(labels) < 2:
        return 0.0
    seen = sum(any(shows(line, label) for line in page) for label in labels)
    return min(1.0, seen / len(labels) / FORM_SHARE)


def shows(line: str, words: str) -> bool:
    """Whether `words` stand in `line`; from four characters on one may be misread."""
    if words in line:
        return True
    return len(words) >= 4 and place_of(line, words) is not None


def place_of(line: str, words: str) -> tuple[int, int] | None:
    """Start and end of `words` in `line`, one character misread allowed from four characters on."""
    at = line.find(words)
    if at >= 0:
        return at, at + len(words)
    half = len(words) // 2
    if len(words) < 4 or (words[:half] not in line and words[half:] not in line):
        return None  # with one character misread, one half is whole: most lines are done with here
    for start in range(len(line) - len(words) + 1):
        if sum(a != b for a, b in zip(line[start : start + len(words)], words, strict=True)) <= 1:
            return start, start + len(words)
    return None
