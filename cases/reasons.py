"""Reasons 退回理由 to pick from when a material goes back: what the resident can mend, in the resident's words.

First what the machine said of this very paper, then what is usual for its kind, then what the item's own standard asks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cases.findings import CATALOGUE, Finding, FindingCode, Severity
from cases.items import MaterialSpec, OriginalUse
from cases.sentences import say

MOST = 9
"""As many as there are digits to pick them with."""
_C = FindingCode
_ANY = (_C.UNREADABLE, _C.CUT_OFF, _C.WRONG_DOCUMENT, _C.GLARE, _C.BLURRED)
_OF_CARDS = (_C.WRONG_SIDE, _C.EXPIRED, _C.COPY_NOT_ORIGINAL)
_OF_FORMS = (_C.NOT_FILLED_IN, _C.MISSING_SIGNATURE)
_OF_PAPERS = (_C.MISSING_SEAL, _C.MISSING_SIGNATURE)
_CARDS = frozenset({"id_card_front", "id_card_back", "driving_licence", "vehicle_licence", "bank_card"})
_BY_MESSAGE: Mapping[str, FindingCode] = {text.message: code for code, text in CATALOGUE.items()}


@dataclass(frozen=True)
class Reason:
    """`code`: of the findings' catalogue, where it is one of those."""

    message: str
    advice: str
    code: FindingCode | None = None


def reasons_for(spec: MaterialSpec, findings: Iterable[Finding]) -> tuple[Reason, ...]:
    """At most nine, the likeliest first, each once."""
    said = [Reason(f.message, f.advice, f.code) for f in sorted(findings, key=_fixable_first) if f.material == spec.key]
    usual = [_usual(code) for code in _codes(spec)]
    listed = dict[str, Reason]()
    for reason in (*said, *_standard(spec), *usual):
        listed.setdefault(reason.message, reason)
    return tuple(listed.values())[:MOST]


def _fixable_first(finding: Finding) -> tuple[bool, tuple[int, str, int]]:
    return finding.severity is not Severity.FIXABLE, finding.rank


def _codes(spec: MaterialSpec) -> tuple[FindingCode, ...]:
    if spec.document == "application_form":
        return (*_OF_FORMS, *_ANY)
    if spec.document in _CARDS:
        return (*_OF_CARDS, *_ANY)
    pages = (_C.MISSING_PAGE,) if spec.max_pages > 1 else ()
    copy = (_C.COPY_NOT_ORIGINAL,) if spec.original is not OriginalUse.NONE else ()
    return (*pages, *_OF_PAPERS, *copy, *_ANY)


def _usual(code: FindingCode) -> Reason:
    text = CATALOGUE[code]
    return Reason(text.message, text.advice, code)


def _standard(spec: MaterialSpec) -> tuple[Reason, ...]:
    """What the item says a good one is."""
    if not spec.accept:
        return ()
    standard = spec.accept.rstrip("。")
    return (
        Reason(
            say("不符合要求：{standard}", standard=standard), say("请按要求重新提交：{standard}。", standard=standard)
        ),
    )


def code_of(reason: str) -> FindingCode | None:
    """Of a reason that was picked from the catalogue; none of one's own words."""
    return _BY_MESSAGE.get(reason)
