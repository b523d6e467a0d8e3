"""A form filled in and signed on the phone, where the item takes one: in place of printing, signing and photographing.

The program prints what was typed and checked, with the signature as it was drawn, and that page is read and judged like any
other. When it was signed, and the digest of what was signed, stand in the record. There is no paper behind it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cases.actions.checking import TYPED
from cases.actions.opening import Upload, attach_page
from cases.deferrals import may_supplement
from cases.documents import document
from cases.effects import Add, Fact, Outcome, move_page
from cases.errors import InvalidRequest, NotFound, TransitionRefused
from cases.items import MaterialSpec
from cases.lifecycle import CASE, CaseEvent, PageEvent, PageState
from cases.model import CaseFile, Document, Page
from cases.moment import Moment
from cases.sentences import say

FORM = "form"
Stroke = tuple[tuple[float, float], ...]
LEAST_POINTS = 8
LEAST_SHARE = 0.2
"""Of the frame's width and of its height: smaller is a dot or a slip of the finger, not a name."""


@dataclass(frozen=True)
class Filled:
    """`values` by field; `strokes` as drawn, in shares of the frame (twice as wide as high)."""

    values: Mapping[str, str]
    strokes: tuple[Stroke, ...]


def sign_form(file: CaseFile, key: str, filled: Filled, now: Moment) -> Outcome:
    """Raises `TransitionRefused`, `NotFound`, `InvalidRequest`. What was typed when the case was opened is taken from there."""
    spec = _form_of(file, key)
    values = {**filled.values, **_typed(file, spec)}
    _refuse_unfilled(spec, values)
    if too_small(filled.strokes):
        raise InvalidRequest("签名太小，请重新签名，写满整个框。", field="signature", code_hint="signature_too_small")
    content = {
        "material": key,
        "title": spec.name,
        "rows": [[label, values[field].strip()] for label, field in spec.form_fields.items()],
        "strokes": [[list(point) for point in stroke] for stroke in filled.strokes],
        "signed_at": now.at.isoformat(),
    }
    signed = {"material": key, "sha256": digest(content), "at": now.at.isoformat()}
    return (*document(file, FORM, now, [], **content), Fact("form_signed", signed))


def digest(content: Mapping[str, Any]) -> str:
    """Of everything that was signed."""
    said = {name: content[name] for name in ("material", "title", "rows", "strokes", "signed_at")}
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _form_of(file: CaseFile, key: str) -> MaterialSpec:
    if not _may_sign(file, key):
        state, allowed = file.case.state, CASE.allowed(file.case.state)
        raise TransitionRefused("case", state, CASE.labels[state], "sign", [str(e) for e in allowed])
    spec = file.spec(key)
    if spec is None or file.material(key) is None:
        raise NotFound("该事项没有这份材料。", materials=[m.key for m in file.materials])
    if not spec.fill_online:
        raise InvalidRequest(say("“{paper}”须在纸上签名，请填写后拍照上传。", paper=spec.name), material=key)
    return spec


def _may_sign(file: CaseFile, key: str) -> bool:
    return CaseEvent.SUBMIT in CASE.allowed(file.case.state) or may_supplement(file, key)


def _typed(file: CaseFile, spec: MaterialSpec) -> dict[str, str]:
    names = set(spec.form_fields.values())
    return {field: str(getattr(file.case.applicant, where)) for field, where in TYPED.items() if field in names}


def _refuse_unfilled(spec: MaterialSpec, values: Mapping[str, str]) -> None:
    empty = [label for label, field in spec.form_fields.items() if not _is_filled(spec, field, values.get(field, ""))]
    if empty:
        raise InvalidRequest(say("请填写：{fields}", fields=empty), fields=[spec.form_fields[label] for label in empty])


def _is_filled(spec: MaterialSpec, field: str, value: str) -> bool:
    return value in spec.choices[field] if field in spec.choices else bool(value.strip())


def too_small(strokes: Sequence[Stroke]) -> bool:
    points = [point for stroke in strokes for point in stroke]
    if len(points) < LEAST_POINTS:
        return True
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return max(xs) - min(xs) < LEAST_SHARE or max(ys) - min(ys) < LEAST_SHARE


def attach_form(file: CaseFile, signed: Document, upload: Upload, page_id: str, now: Moment) -> Outcome:
    """The printed form becomes the page of its material, in place of what was there. A case that was handed in meanwhile
    stays as it is."""
    if not _may_sign(file, signed.content["material"]):
        return (Fact("late_form_dropped", {"material": signed.content["material"]}),)
    old = file.pages_of(signed.content["material"])
    gone = tuple(replace(p, state=PageState.REMOVED) if p in old else p for p in file.pages)
    attached = attach_page(replace(file, pages=gone), signed.content["material"], upload, page_id, now)
    return (*(move_page(p, PageEvent.REMOVE) for p in old), *(_signed(each, signed) for each in attached))


def _signed(effect: Any, signed: Document) -> Any:
    if isinstance(effect, Add) and isinstance(effect.entity, Page):
        return Add(replace(effect.entity, signed_at=signed.made_at))
    return effect
