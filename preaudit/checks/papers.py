"""Checks of a material as a paper: is it the right one, is all of it there, is it filled in?"""

import re
from collections.abc import Iterator
from dataclasses import replace

from cases.findings import Finding, FindingCode, Severity, found
from cases.sentences import say
from preaudit.checks.across import normal
from preaudit.checks.outcomes import at_field, clearly, doubtful, missing, pages_of_others, unread
from preaudit.checks.params import Option, Params
from preaudit.checks.registry import Findings, check
from preaudit.checks.sight import Located, Sheet, Sight
from preaudit.documents import FIELDS, NAMES, field_name

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
                message=say("{paper}缺少{page}", paper=sight.spec.name, page=NAMES[kind]),
                severity=Severity.DOUBTFUL if unsure else Severity.FIXABLE,
                kind=kind,
            )


@check("heads_agree", reads=lambda _: ("head_name", "relation", "name"), whole=True)
def heads_agree(sight: Sight, _: Params) -> Findings:
    """Pages of a register belong together: who is 户主 on their own page is the head on a first page.

    Source: 户口登记条例 art. 5: one register for a household, with one head.
    Certain: the names are equal; or the page is of somebody else: 妻, 子 and the like.
    Doubtful: they differ.
    Cannot tell: no head was read on a first page, or not how the bearer of another name is related. Where the head's own
        page is not among those asked for, nothing is compared.
    """
    heads = [at for at in sight.find("head_name") if at.value.strip()]
    yield from unread(sight, "head_name")
    named = {normal("name", at.value) for at in heads}
    for at in sight.find("name"):
        if heads and at.value.strip() and normal("name", at.value) not in named:
            yield from _is_no_head(sight, at, heads)


_RELATIVE = re.compile(r"[\u4e00-\u9fff]{0,3}[妻夫偶子女父母孙媳婿兄弟姐妹]")


def _is_no_head(sight: Sight, at: Located, heads: list[Located]) -> Iterator[Finding]:
    """Of somebody whose name is no head's: what their page says they are to the head."""
    relation = next((r for r in sight.find("relation") if r.spot.page == at.spot.page and r.value.strip()), None)
    if relation is not None and relation.value.strip() in HEAD:
        message = say("{paper}中，户主的登记页与首页的户主姓名不一致", paper=sight.spec.name)
        yield at_field(at, FindingCode.MISMATCH, message, compared=[at.spot, *(head.spot for head in heads)])
    elif at.spot.page not in pages_of_others(sight):
        if relation is None:
            yield missing(sight, "relation", at.spot.page)
        elif not (relation.sure or (clearly(relation) and _RELATIVE.fullmatch(relation.value.strip()))):
            yield doubtful(sight, relation)


@check("filled_in", Option("fields", tuple), whole=True)
def filled_in(sight: Sight, params: Params) -> Findings:
    """Each of these blanks of the form holds something; of boxes to tick, one is ticked. What it says is other checks'
    business.

    Source: 行政许可法 art. 29 and 32: the form is complete, and what is not is told at once.
    Certain: written, or one box ticked; or the label is there and nothing behind it (the reader's mark `empty_fields`), or
        several boxes are ticked: the resident fills it in.
    Doubtful: a scribble.
    Cannot tell: the label was not found, or there is hardly any ink in a box.
    """
    for name in params["fields"]:
        yield from blank(sight, name)


def blank(sight: Sight, name: str) -> Iterator[Finding]:
    """What is to be said of one blank of a form."""
    ticked = next((s for s in sight.sheets if _ticks(s, name, "ticked") or _ticks(s, name, "unsure")), None)
    if ticked is not None:
        yield from _by_ticks(sight, ticked, name)
        return
    written = [at for at in sight.find(name) if at.value.strip()]
    if any(at.sure or at.field.confidence >= WRITTEN for at in written):
        return
    label = field_name(name, sight.spec)
    if written:
        message, advice = (
            say("{paper}的“{field}”看不清", paper=sight.spec.name, field=label),
            "请把这一栏写清楚后重新拍摄；字迹清楚的，不用您做什么，工作人员会核对。",
        )
        scribble = at_field(written[0], FindingCode.NOT_FILLED_IN, message)
        yield replace(scribble, severity=Severity.DOUBTFUL, advice=advice)
        return
    empty_on = next((s.page for s in sight.sheets if _marked_empty(s, name)), None)
    if empty_on is None and sight.blocked:
        return
    yield found(
        FindingCode.NOT_FILLED_IN,
        material=sight.spec.key,
        page=empty_on or sight.only_page,
        field=name,
        message=say(
            "{paper}的“{field}”未填写" if empty_on else "没有找到{paper}的“{field}”",
            paper=sight.spec.name,
            field=label,
        ),
        severity=None if empty_on else Severity.DOUBTFUL,
        advice=None if empty_on else "请确认这一栏已填写并拍摄清楚；已经填写清楚的，不用您做什么，工作人员会核对。",
    )


def _by_ticks(sight: Sight, sheet: Sheet, name: str) -> Iterator[Finding]:
    """One box ticked and the others empty is right."""
    several, unsure = _ticks(sheet, name, "ticked"), _ticks(sheet, name, "unsure")
    if len(several) == 1 and not unsure:
        return
    label, field = field_name(name, sight.spec), sheet.fields.get(name)
    values = {"paper": sight.spec.name, "field": label, "choices": unsure or several}
    says = "{paper}的“{field}”" + ("分不清是否勾选了{choices}" if unsure else "勾选了{choices}，只能选一项")
    yield found(
        FindingCode.NOT_FILLED_IN,
        material=sight.spec.key,
        page=sheet.page,
        field=name,
        box=field.box if field else None,
        message=say(says, **values),
        severity=Severity.DOUBTFUL if unsure else None,
    )


def _ticks(sheet: Sheet, name: str, what: str) -> list[str]:
    """Options of a field with boxes, as the reader's mark `ticks` has them."""
    return list(sheet.reading.marks.get("ticks", {}).get(name, {}).get(what, ()))


def _marked_empty(sheet: Sheet, name: str) -> bool:
    """The reader names empty blanks by field or, as printed, by label."""
    blank = sheet.fields.get(name)
    return name in sheet.empty or (blank is not None and not blank.value.strip() and blank.certain)
