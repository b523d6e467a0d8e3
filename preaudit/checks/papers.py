"""Checks of a material as a paper: is it the right one, is all of it there, is it filled in?"""

from collections.abc import Iterator
from dataclasses import replace

from cases.findings import Finding, FindingCode, Severity, found
from preaudit.checks.outcomes import at_field
from preaudit.checks.params import Option, Params
from preaudit.checks.registry import Findings, check
from preaudit.checks.sight import Sheet, Sight
from preaudit.documents import FIELDS, NAMES, field_name
from preaudit.validators import normal_name

KIND_CERTAIN = 0.8
"""Above this a recognised kind is believed; below, "it is something else" goes to a person."""
HEAD = ("户主", "本人")
"""How the register calls its head on their own page."""
WRITTEN = 0.5
"""A value read with less is a scribble: something may stand there."""


@check("all_pages_present", Option("kinds", tuple, choices=frozenset(FIELDS)), whole=True)
def all_pages_present(sight: Sight, params: Params) -> Findings:
    """One page of each kind is there: a household register is its first page and the holder's own.

    Source: 居民户口簿 practice of all offices: 首页和本人页.
    Certain: all there; or one missing while every other page was recognised: the resident adds it.
    Doubtful: one is missing and another page was recognised weakly.
    Cannot tell: a page could not be used: silent, that has its own finding.
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


@check("heads_agree", reads=lambda _: ("head_name", "relation", "name"), whole=True)
def heads_agree(sight: Sight, _: Params) -> Findings:
    """Pages of a register belong together: who is 户主 on their own page is the head on a first page.

    Source: 户口登记条例 art. 5: one register for a household, with one head.
    Certain: the names are equal.
    Doubtful: they differ.
    Cannot tell: the head's own page, or the first page, is not among those asked for: nothing is compared.
    """
    heads = [at for at in sight.find("head_name") if at.value.strip()]
    named = {normal_name(at.value) for at in heads}
    of_heads = {at.spot.page for at in sight.find("relation") if at.value.strip() in HEAD}
    for at in sight.find("name"):
        if at.spot.page in of_heads and heads and at.value.strip() and normal_name(at.value) not in named:
            message = f"{sight.spec.name}中，户主的登记页与首页的户主姓名不一致"
            yield at_field(at, FindingCode.MISMATCH, message, compared=[at.spot, *(head.spot for head in heads)])


@check("filled_in", Option("fields", tuple), whole=True)
def filled_in(sight: Sight, params: Params) -> Findings:
    """Each of these blanks of the form holds something. What it says is other checks' business.

    Source: 行政许可法 art. 29 and 32: the form is complete, and what is not is told at once.
    Certain: written; or the label is there and nothing behind it (the reader's mark `empty_fields`): the resident
        fills it in.
    Doubtful: a scribble.
    Cannot tell: the label was not found.
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
