"""One cause, one finding, across papers: a stranger's card contradicts the form, the contract and the receipt, and is
still one card.

A comparison that fails leaves in its evidence, under `COMPARED`, every spot that took part. A spot whose value another source
confirms is not to blame; of the others, the paper that most failed comparisons have in common is, and one finding names
it and all that it disagrees with. A value that is wrong by itself, or whose page is missing, has its own finding, and its
comparisons are not told beside it. Nothing is lost: `between` in the evidence keeps every reference.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cases.findings import Finding, FindingCode
from cases.sentences import say
from preaudit.checks.across import FORM, TYPED, differ, on
from preaudit.checks.outcomes import COMPARED, OF_THE_PAGE
from preaudit.checks.sight import Spot, Whole
from preaudit.documents import field_name

_WRONG_IN_ITSELF = frozenset(
    {
        FindingCode.ID_NUMBER_INVALID,
        FindingCode.CODE_INVALID,
        FindingCode.DATE_INVALID,
        FindingCode.MISMATCH,
        FindingCode.FIELD_DOUBTFUL,
    }
)
_OF_SEVERAL_PEOPLE = frozenset({"application_form", "marriage_certificate", "birth_certificate"})
"""Papers on which one person may be wrong and another right. Any other page is about one person or thing."""
_VEHICLE = frozenset({"plate", "vin"})


@dataclass(frozen=True)
class _Subject:
    """Somebody or something as one page has it."""

    material: str
    page: int
    who: str


def by_cause(whole: Whole, findings: Iterable[Finding], confirmed: frozenset[Spot]) -> list[Finding]:
    """`confirmed`: spots whose values two sources agree on; those of `form.` have page 0."""
    made = list(findings)
    alone = [f for f in made if COMPARED not in f.evidence]
    open_ones = [f for f in made if COMPARED in f.evidence and not any(_explains(whole, cause, f) for cause in alone)]
    while open_ones:
        subject, mine = _most_shared(whole, open_ones, confirmed)
        alone.append(_merged(whole, subject, mine, confirmed) if len(mine) > 1 else _plain(mine[0]))
        open_ones = [f for f in open_ones if f not in mine]
    return alone


def _spots(finding: Finding) -> list[Spot]:
    return [Spot(*each) for each in finding.evidence[COMPARED]]


def _explains(whole: Whole, cause: Finding, failed: Finding) -> bool:
    spots = _spots(failed)
    if cause.code is FindingCode.MISSING_PAGE:
        return any(s.material == cause.material for s in spots)
    if cause.code not in _WRONG_IN_ITSELF or cause.field is None:
        return False
    if cause.evidence.get(OF_THE_PAGE):
        at = _subject(whole, Spot(cause.material or FORM, cause.page or 0, cause.field))
        return at in {_subject(whole, s) for s in spots}
    if cause.code is FindingCode.FIELD_DOUBTFUL and "between" not in cause.evidence:
        return False  # not sure of itself: the other papers say more
    return Spot(cause.material or FORM, cause.page or 0, cause.field) in spots


def _subject(whole: Whole, spot: Spot) -> _Subject:
    sight = whole.sights.get(spot.material)
    if sight is None or sight.spec.document in _OF_SEVERAL_PEOPLE:
        return _Subject(spot.material, spot.page, _who(spot.field))
    return _Subject(spot.material, spot.page, "")


def _who(field: str) -> str:
    """buyer_name and buyer_id_number → buyer; name_1 → _1; the applicant's own → nothing."""
    if field in _VEHICLE:
        return "vehicle"
    person = re.fullmatch(r"(.*?)_?(?:name|id_number|credit_code)(_\d)?", field)
    return field if person is None else person[1].removeprefix("applicant") + (person[2] or "")


def _most_shared(
    whole: Whole, failed: Sequence[Finding], confirmed: frozenset[Spot]
) -> tuple[_Subject, Sequence[Finding]]:
    """Whom most of the failed comparisons have in common; of equals, whom the findings point at, a paper before the form."""
    shared: dict[_Subject, list[Finding]] = {}
    for finding in failed:
        spots = _spots(finding)
        to_blame = [s for s in spots if s not in confirmed] or spots
        for subject in dict.fromkeys(_subject(whole, s) for s in to_blame):
            shared.setdefault(subject, []).append(finding)

    def weight(subject: _Subject) -> tuple[int, int, bool]:
        pointed = sum(f.material == subject.material for f in shared[subject])
        return len(shared[subject]), pointed, subject.material != FORM

    best = max(shared, key=weight)
    return best, shared[best]


def _plain(finding: Finding) -> Finding:
    return replace(finding, evidence={k: v for k, v in finding.evidence.items() if k != COMPARED})


def _merged(whole: Whole, subject: _Subject, mine: Sequence[Finding], confirmed: frozenset[Spot]) -> Finding:
    spots = list(dict.fromkeys(s for f in mine for s in _spots(f)))
    own = [s for s in spots if _subject(whole, s) == subject]
    to_blame = [s for s in own if s not in confirmed] or own
    there = next((f for f in mine if f.material == subject.material and f.page == (subject.page or None)), None)
    others = [s for s in spots if s not in own]
    evidence: Mapping[str, Any] = {
        "between": list(dict.fromkeys(ref for f in mine for ref in f.evidence.get("between", ())))
    }
    return replace(
        there or next((f for f in mine if f.code is FindingCode.MISMATCH), mine[0]),
        material=None if subject.material == FORM else subject.material,
        page=subject.page or None,
        field=_field(to_blame[0]),
        box=_box(whole, to_blame[0]),
        message=_message(whole, subject, to_blame, others),
        evidence=evidence,
    )


def _field(spot: Spot) -> str | None:
    if spot.material == FORM:
        return f"{FORM}.{spot.field}"
    return spot.field or None


def _box(whole: Whole, spot: Spot) -> Any:
    sight = whole.sights.get(spot.material)
    located = [at for at in sight.find(spot.field) if at.spot == spot] if sight else []
    return located[0].field.box if located else None


def _message(whole: Whole, subject: _Subject, own: Sequence[Spot], others: Sequence[Spot]) -> str:
    name = _place(whole, subject.material)
    if any(s.field for s in own):
        return differ(on(name, _labels(whole, own)), _places(whole, _elsewhere(subject, others)))
    values = [
        on(_place(whole, m), _labels(whole, [s for s in others if s.material == m]))
        for m in dict.fromkeys(s.material for s in others)
    ]
    return say("没有在{paper}上找到{values}", paper=name, values=values)


def _labels(whole: Whole, spots: Sequence[Spot]) -> list[str]:
    return list(dict.fromkeys(_label(whole, s) for s in spots if s.field))


def _label(whole: Whole, spot: Spot) -> str:
    sight = whole.sights.get(spot.material)
    return field_name(spot.field, sight.spec if sight else None)


def _places(whole: Whole, spots: Sequence[Spot]) -> list[str]:
    return list(dict.fromkeys(_place(whole, s.material) for s in spots))


def _elsewhere(subject: _Subject, others: Sequence[Spot]) -> Sequence[Spot]:
    """Without other pages of the same paper, unless they are all there is."""
    return [s for s in others if s.material != subject.material] or others


def _place(whole: Whole, material: str) -> str:
    return TYPED if material == FORM else whole.sights[material].spec.name
