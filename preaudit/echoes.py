"""One cause, one finding: what merely repeats another finding is left out."""

from collections.abc import Iterable
from dataclasses import replace

from cases.findings import Finding, FindingCode
from preaudit.checks.outcomes import unread_on

_CANNOT_TELL = frozenset({FindingCode.FIELD_MISSING, FindingCode.FIELD_DOUBTFUL})
_OF_A_DOUBLED_PAGE = frozenset({FindingCode.WRONG_DOCUMENT, FindingCode.MISMATCH})
"""What a page uploaded in place of another naturally is."""


def without_echoes(findings: Iterable[Finding]) -> list[Finding]:
    """The same code at the same place once, and no consequence beside its cause."""
    once: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        once.setdefault(
            (finding.code, finding.material, finding.page, finding.field, finding.evidence.get("kind")), finding
        )
    kept = list(once.values())
    return _together([f for f in kept if not any(_echoes(f, cause) for cause in kept if cause is not f)])


def _together(findings: list[Finding]) -> list[Finding]:
    """What was not read of one page is one thing to say, at the place of the first."""
    missing: dict[tuple[str | None, int | None], list[Finding]] = {}
    for finding in findings:
        if finding.code is FindingCode.FIELD_MISSING and "label" in finding.evidence:
            missing.setdefault((finding.material, finding.page), []).append(finding)
    firsts = {id(several[0]): _all_missing(several) for several in missing.values()}
    rest = {id(f) for several in missing.values() for f in several[1:]}
    return [firsts.get(id(f), f) for f in findings if id(f) not in rest]


def _all_missing(several: list[Finding]) -> Finding:
    first = several[0]
    labels = list(dict.fromkeys(f.evidence["label"] for f in several))
    message = unread_on(first.evidence["paper"], labels)
    return replace(first, message=message, evidence={"fields": [f.field for f in several]})


def _echoes(finding: Finding, cause: Finding) -> bool:
    """Whether `finding` only says again, or follows from, what `cause` says."""
    if finding.material != cause.material:
        return False
    if finding.code is FindingCode.FIELD_DOUBTFUL and cause.code is FindingCode.MISMATCH and _is_about(cause, finding):
        return True
    if finding.code in _CANNOT_TELL and _same_field(finding, cause):
        return _tells_more(cause, finding)
    if cause.code is FindingCode.DUPLICATE_PAGE and finding.code in _OF_A_DOUBLED_PAGE and finding.field is None:
        return finding.page == cause.page
    match finding.code:
        case FindingCode.FIELD_MISSING:
            return cause.code is FindingCode.MISSING_PAGE
        case FindingCode.MISSING_PAGE:  # "two pages wanted" beside "the holder's page is missing"
            return (
                cause.code is FindingCode.MISSING_PAGE and "kind" in cause.evidence and "kind" not in finding.evidence
            )
        case FindingCode.MISMATCH:
            return cause.code is FindingCode.ID_NUMBER_INVALID and _same_field(finding, cause)
        case FindingCode.AGE_OUT_OF_RANGE:  # the age of somebody else
            return cause.code is FindingCode.MISMATCH and _is_about(cause, finding)
        case FindingCode.LOW_CONFIDENCE:
            return finding.page == cause.page
        case _:
            return False


def _tells_more(cause: Finding, finding: Finding) -> bool:
    """Any real finding about the field; of "not read" and "not sure", the first."""
    if cause.code not in _CANNOT_TELL:
        return True
    return cause.code is FindingCode.FIELD_MISSING and finding.code is FindingCode.FIELD_DOUBTFUL


def _is_about(cause: Finding, finding: Finding) -> bool:
    """One finding may be about several fields of its page: those it was compared by."""
    return finding.page == cause.page and f"{finding.material}.{finding.field}" in cause.evidence.get("between", ())


def _same_field(one: Finding, other: Finding) -> bool:
    same_page = one.page == other.page or None in (one.page, other.page)
    return one.field is not None and one.field == other.field and same_page
