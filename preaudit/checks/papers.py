"""Checks of a material as a paper: is it the right one, is all of it there, is it filled in?"""

from collections.abc import Iterator
from dataclasses import replace

from cases.findings import Finding, FindingCode, Severity, found
from preaudit.checks.outcomes import at_field
from preaudit.checks.params import Option, Params
from preaudit.checks.registry import Findings, check
from preaudit.checks.sight import Sheet, Sight
from preaudit.documents import FIELDS, NAMES, SIDES, field_name

KIND_CERTAIN = 0.8
"""Above this a recognised kind is believed; below, "it is something else" goes to a person."""
WRITTEN = 0.5
"""A value read with less is a scribble: something may stand there."""


@check("document_is", Option("kinds", tuple, choices=frozenset(FIELDS)))
def document_is(sight: Sight, params: Params) -> Findings:
    """Every page is of one of these kinds. Another kind for certain: photograph the right one. Unsure: doubtful."""
    wanted = "、".join(NAMES[k] for k in params["kinds"])
    for sheet in sight.sheets:
        if sheet.reading.kind not in params["kinds"]:
            yield _not_the_page(sheet, FindingCode.WRONG_DOCUMENT, f"这一页不是{wanted}")


@check("side_is", Option("side", str, choices=frozenset(SIDES.values())))
def side_is(sight: Sight, params: Params) -> Findings:
    """Identity card: 人像面 front, 国徽面 back. The other side for certain: turn it over. Unsure: doubtful."""
    for sheet in sight.sheets:
        if SIDES.get(sheet.reading.kind) != params["side"]:
            yield _not_the_page(sheet, FindingCode.WRONG_SIDE, None)


def _not_the_page(sheet: Sheet, code: FindingCode, message: str | None) -> Finding:
    certain = sheet.reading.kind != "unknown" and sheet.reading.kind_confidence >= KIND_CERTAIN
    return found(
        code,
        material=sheet.material,
        page=sheet.page,
        message=message,
        severity=Severity.FIXABLE if certain else Severity.DOUBTFUL,
        kind=sheet.reading.kind,
    )


@check("all_pages_present", Option("kinds", tuple, choices=frozenset(FIELDS)), whole=True)
def all_pages_present(sight: Sight, params: Params) -> Findings:
    """One page of each kind is there: a household register is its first page and the holder's own (居民户口簿 practice).

    A missing kind is the resident's to add, if all pages that are there were recognised; otherwise doubtful.
    """
    seen = {s.reading.kind for s in sight.sheets}
    unsure = sight.blocked or any(s.reading.kind_confidence < KIND_CERTAIN for s in sight.sheets)
    for kind in params["kinds"]:
        if kind not in seen and not sight.blocked:
            yield found(
                FindingCode.MISSING_PAGE,
                material=sight.spec.key,
                message=f"{sight.spec.name}缺少{NAMES[kind]}",
                severity=Severity.DOUBTFUL if unsure else Severity.FIXABLE,
                kind=kind,
            )


@check("filled_in", Option("fields", tuple), whole=True)
def filled_in(sight: Sight, params: Params) -> Findings:
    """Each of these blanks of the form holds something. What it says is other checks' business.

    Written: certain. The label read and nothing behind it (the reader's mark `empty_fields`): the resident fills it
    in. Label not found, or a scribble: doubtful.
    """
    for name in params["fields"]:
        yield from blank(sight, name)


def blank(sight: Sight, name: str) -> Iterator[Finding]:
    """What is to be said of one blank of a form."""
    written = [at for at in sight.find(name) if at.value.strip()]
    if any(at.sure or at.field.confidence >= WRITTEN for at in written):
        return
    label = field_name(name, sight.spec)
    if written:
        message = f"{sight.spec.name}的“{label}”字迹无法识读"
        yield replace(at_field(written[0], FindingCode.NOT_FILLED_IN, message), severity=Severity.DOUBTFUL)
        return
    empty_on = next((s.page for s in sight.sheets if _marked_empty(s, name)), None)
    if empty_on is None and sight.blocked:
        return
    yield found(
        FindingCode.NOT_FILLED_IN,
        material=sight.spec.key,
        page=empty_on or sight.only_page,
        field=name,
        message=f"{sight.spec.name}的“{label}”未填写" if empty_on else f"没有识读到{sight.spec.name}的“{label}”",
        severity=None if empty_on else Severity.DOUBTFUL,
    )


def _marked_empty(sheet: Sheet, name: str) -> bool:
    """The reader names empty blanks by field or, as printed, by label."""
    blank = sheet.fields.get(name)
    return name in sheet.empty or (blank is not None and not blank.value.strip() and blank.certain)
