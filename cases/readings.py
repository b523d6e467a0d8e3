"""A reading 识读: what the machine read off one page. Made by `preaudit`, kept by `storage`, judged with the others.

Plain values with a JSON form that is the contract's (`zerotrip read --json`), so that a reading kept in the database,
printed on a terminal or judged from files is one and the same thing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from cases.findings import Box, Finding, FindingCode, Severity
from cases.sentences import sentence_from_json, sentence_to_json


class Confirmed(StrEnum):
    """How a field's value was made certain, strongest last."""

    ONE_READER = "one_reader"
    DISAGREEMENT = "disagreement"
    TWO_READERS = "two_readers"
    CHECKSUM = "checksum"
    TEXT_LAYER = "text_layer"
    PERSON = "person"
    DATA_SOURCE = "data_source"


CERTAIN = frozenset(
    {Confirmed.TWO_READERS, Confirmed.CHECKSUM, Confirmed.TEXT_LAYER, Confirmed.PERSON, Confirmed.DATA_SOURCE}
)


@dataclass(frozen=True)
class Line:
    text: str
    confidence: float
    box: Box


@dataclass(frozen=True)
class Field:
    """One value read. `alternative` is what the second reader saw where the two disagree, `by_resident` what the resident
    says stands there: shown beside the value, never in its place, and no proof of it."""

    value: str
    confidence: float
    confirmed: Confirmed
    box: Box | None = None
    alternative: str | None = None
    by_resident: str | None = None

    @property
    def certain(self) -> bool:
        return self.confirmed in CERTAIN


@dataclass(frozen=True)
class QualityProblem:
    """A measure past its threshold: `code` is one of the quality codes of `FindingCode`."""

    code: FindingCode
    measure: float
    threshold: float
    blocking: bool = True
    box: Box | None = None


@dataclass(frozen=True)
class Reading:
    """One page as read. `width`/`height` in pixels of the upright picture; `seconds` of wall clock; `failure` is the
    finding that says why nothing could be read (damaged, password, unsupported, ...), in which case lines are empty."""

    file: str
    page: int
    seconds: float
    engine: str
    rotation: int
    width: int
    height: int
    problems: tuple[QualityProblem, ...]
    kind: str
    kind_confidence: float
    fields: Mapping[str, Field]
    lines: tuple[Line, ...]
    sha256: str = ""
    perceptual_hash: str = ""
    pages_in_file: int = 1
    failure: Finding | None = None
    marks: Mapping[str, Any] = field(default_factory=dict)
    """What is neither text nor field: seals, signatures, ticked boxes, the text layer's presence.

    Where the page shows several documents (both sides of a card on one photocopy), `kind` and `fields` are those of the
    one that was asked for, else of the first; `box` is its place, and `also` lists the others, each
    `{kind, confidence, box, fields, empty_fields}`. `lines` are the whole page's. `documents_on` gives them one by one.
    """

    picture: bytes = field(default=b"", compare=False, repr=False)
    """A small upright copy (JPEG) for showing, where the reader made one; kept apart, in no JSON."""

    @property
    def acceptable(self) -> bool:
        return self.failure is None and not any(p.blocking for p in self.problems)


def documents_on(reading: Reading) -> tuple[Reading, ...]:
    """Every document that the page shows, as if each had been alone on it: its own kind, fields and lines. Usually the
    reading itself."""
    also = reading.marks.get("also") or ()
    if not also:
        return (reading,)
    shared = {name: mark for name, mark in reading.marks.items() if name not in ("also", "empty_fields")}
    first = {"box": reading.marks["box"], "empty_fields": reading.marks.get("empty_fields", ())}
    main = _alone(reading, first, shared)
    return (main, *(_alone(_named(reading, raw), raw, shared) for raw in also))


def _named(reading: Reading, raw: Mapping[str, Any]) -> Reading:
    fields = {name: _field_from_json(each) for name, each in raw["fields"].items()}
    return replace(reading, kind=raw["kind"], kind_confidence=raw["confidence"], fields=fields)


def _alone(reading: Reading, raw: Mapping[str, Any], shared: Mapping[str, Any]) -> Reading:
    """Lines and problems that lie elsewhere on the page left out."""
    box = _box(raw["box"])
    marks = {**shared, "box": box, "empty_fields": list(raw["empty_fields"])}
    return replace(
        reading,
        lines=tuple(line for line in reading.lines if _within(line.box, box)),
        problems=tuple(each for each in reading.problems if each.box is None or _within(each.box, box)),
        marks=marks,
    )


def _within(inner: Box, outer: Box | None) -> bool:
    """Whether its middle lies within the upright bounds of the other."""
    if outer is None:
        return True
    x, y = sum(x for x, _ in inner) / 4, sum(y for _, y in inner) / 4
    xs, ys = [x for x, _ in outer], [y for _, y in outer]
    return min(xs) <= x <= max(xs) and min(ys) <= y <= max(ys)


def _box(raw: Any) -> Box | None:
    if raw is None:
        return None
    a, b, c, d = ((float(x), float(y)) for x, y in raw)
    return (a, b, c, d)


def finding_to_json(finding: Finding) -> dict[str, Any]:
    """`said`, only where there is something in it: what message and advice are made of."""
    said = {"message": sentence_to_json(finding.message), "advice": sentence_to_json(finding.advice)}
    patterns = {name: made for name, made in said.items() if made is not None}
    made = {
        "code": str(finding.code),
        "severity": str(finding.severity),
        "material": finding.material,
        "page": finding.page,
        "field": finding.field,
        "box": finding.box,
        "message": finding.message,
        "advice": finding.advice,
        "evidence": dict(finding.evidence),
    }
    return {**made, "said": patterns} if patterns else made


def finding_from_json(raw: Mapping[str, Any]) -> Finding:
    said = raw.get("said") or {}
    return Finding(
        FindingCode(raw["code"]),
        Severity(raw["severity"]),
        sentence_from_json(raw["message"], said.get("message")),
        sentence_from_json(raw["advice"], said.get("advice")),
        raw.get("material"),
        raw.get("page"),
        raw.get("field"),
        _box(raw.get("box")),
        raw.get("evidence") or {},
    )


def field_to_json(field: Field) -> dict[str, Any]:
    made: dict[str, Any] = {
        "value": field.value,
        "confidence": round(field.confidence, 4),
        "confirmed": str(field.confirmed),
        "box": field.box,
    }
    beside = {"alternative": field.alternative, "by_resident": field.by_resident}
    return made | {name: value for name, value in beside.items() if value is not None}


def _field_from_json(raw: Mapping[str, Any]) -> Field:
    return Field(
        raw["value"],
        raw["confidence"],
        Confirmed(raw["confirmed"]),
        _box(raw.get("box")),
        raw.get("alternative"),
        raw.get("by_resident"),
    )


def fields_from_json(raw: Mapping[str, Any]) -> dict[str, Field]:
    """Of a reading's JSON only the fields, where nobody asks for its lines."""
    return {name: _field_from_json(each) for name, each in raw["fields"].items()}


def reading_to_json(reading: Reading) -> dict[str, Any]:
    """The contract's object (`file … lines`) and, after it, what only we need."""
    return {
        "file": reading.file,
        "page": reading.page,
        "seconds": round(reading.seconds, 3),
        "engine": reading.engine,
        "rotation": reading.rotation,
        "quality": {
            "acceptable": reading.acceptable,
            "problems": [
                {
                    "code": str(p.code),
                    "measure": p.measure,
                    "threshold": p.threshold,
                    "blocking": p.blocking,
                    "box": p.box,
                }
                for p in reading.problems
            ],
        },
        "document": {"kind": reading.kind, "confidence": round(reading.kind_confidence, 4)},
        "fields": {name: field_to_json(f) for name, f in reading.fields.items()},
        "lines": [{"text": x.text, "confidence": round(x.confidence, 4), "box": x.box} for x in reading.lines],
        "size": [reading.width, reading.height],
        "sha256": reading.sha256,
        "perceptual_hash": reading.perceptual_hash,
        "pages_in_file": reading.pages_in_file,
        "failure": finding_to_json(reading.failure) if reading.failure else None,
        "marks": _as_json(reading.marks),
    }


def _as_json(value: Any) -> Any:
    """As JSON gives it back: the corners of a mark's box are lists there."""
    if isinstance(value, Mapping):
        return {name: _as_json(each) for name, each in value.items()}
    return [_as_json(each) for each in value] if isinstance(value, tuple | list) else value


def reading_from_json(raw: Mapping[str, Any]) -> Reading:
    return Reading(
        file=raw["file"],
        page=raw["page"],
        seconds=raw["seconds"],
        engine=raw["engine"],
        rotation=raw["rotation"],
        width=raw["size"][0],
        height=raw["size"][1],
        problems=tuple(
            QualityProblem(FindingCode(p["code"]), p["measure"], p["threshold"], p["blocking"], _box(p.get("box")))
            for p in raw["quality"]["problems"]
        ),
        kind=raw["document"]["kind"],
        kind_confidence=raw["document"]["confidence"],
        fields={name: _field_from_json(f) for name, f in raw["fields"].items()},
        lines=tuple(Line(x["text"], x["confidence"], _box(x["box"]) or ((0, 0),) * 4) for x in raw["lines"]),
        sha256=raw.get("sha256", ""),
        perceptual_hash=raw.get("perceptual_hash", ""),
        pages_in_file=raw.get("pages_in_file", 1),
        failure=finding_from_json(raw["failure"]) if raw.get("failure") else None,
        marks=raw.get("marks") or {},
    )
