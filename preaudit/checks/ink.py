"""Checks of what is neither printed text nor a field: signatures, seals, and words that must stand somewhere.

The reader puts what it saw into `marks`: `signature` and `seal`, each true or false, or a mapping with `present`,
`confidence` and `box`. Without a mark, a signature may still show as text behind its label.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cases.findings import Box, Finding, FindingCode, Severity, found
from cases.readings import Line, Reading
from cases.sentences import say
from preaudit.checks.params import Option, Params
from preaudit.checks.registry import Findings, check
from preaudit.checks.sight import Sheet, Sight
from preaudit.validators import plain

MARK_CERTAIN = 0.8
READABLE = 0.5
"""Text read with less proves nothing, not even that something is written."""
CLEAR = 0.95
"""Print under a seal that was read with less has lost characters to it."""
SIGNATURE_LABELS = ("签名", "签字", "签章", "签名或盖章")
PRINTED_BESIDE = ("日期", "年", "盖章", "注", "附件", "经办人")
"""What forms print next to a signature line: not a signature."""


@dataclass(frozen=True)
class Mark:
    """`present` None: cannot tell."""

    present: bool | None
    page: int | None
    box: Box | None = None


@check("signature_present", Option("labels", tuple, SIGNATURE_LABELS), whole=True)
def signature_present(sight: Sight, params: Params) -> Findings:
    """The paper is signed.

    Source: 行政许可法 art. 31: the applicant answers for what is stated; 民法典 art. 490 for contracts.
    Certain: a mark or writing behind the label; or a mark that says the box is empty on every page: the resident
        signs.
    Doubtful: the file carries a digital signature, which nobody has verified.
    Cannot tell: neither a mark nor writing was seen.
    """
    seen = [_mark(s, "signature", _written_after(s, params["labels"])) for s in sight.sheets]
    return _one_of(sight, seen, FindingCode.MISSING_SIGNATURE, "没有找到签名")


@check("seal_present", whole=True)
def seal_present(sight: Sight, _: Params) -> Iterator[Finding]:
    """The paper is sealed by its issuer.

    Source: 党政机关公文处理工作条例 art. 9; 民法典 art. 490 for contracts.
    Certain: a seal was seen; or there is none on any page: the issuer's seal is got.
    Doubtful: the file carries a digital signature in place of a seal, which nobody has verified; the seal's words could be
    read and stand nowhere else on a paper that names its issuer.
    Cannot tell: the reader says nothing of seals.
    """
    seen = [_mark(s, "seal", None) for s in sight.sheets]
    yield from _one_of(sight, seen, FindingCode.MISSING_SEAL, "没有找到盖章")
    yield from _others_seal(sight)


def _others_seal(sight: Sight) -> Iterator[Finding]:
    """Seals that can be read, none of which is of a body that the paper names. One that names none in print, or whose
    issuer's name was lost under the seal, says nothing against it."""
    texts = [page_text(s.reading) for s in sight.sheets]
    named = any(
        _BODY.search(plain(line.text)) and line.confidence >= CLEAR for s in sight.sheets for line in s.reading.lines
    )
    for sheet in () if sight.blocked or not named else sight.sheets:
        mark: Any = sheet.reading.marks.get("seal")
        words = list(mark.get("words", ())) if isinstance(mark, Mapping) else []
        under = _under(sheet.reading, mark["box"]) if words else ""
        if words and not any(_stands_in(w, t) for w in words for t in texts) and not _spoilt(words, under):
            yield found(
                FindingCode.ISSUER_MISMATCH,
                material=sheet.material,
                page=sheet.page,
                box=mark.get("box"),
                message=say("印章上的名称“{name}”与材料的出具单位不一致", name=words[0]),
                advice="请核对印章；确认无误的不必重拍，不用您做什么，工作人员会核对。",
                severity=Severity.DOUBTFUL,
            )


_BODY = re.compile(
    r"[一-龥]{2}(?:公司|局|院|会|处|所|中心|学|园|银行|合作社|政府|厂|店|站|馆|集团|大队|支队|街道办)"
    r"(?:[(（]?(?:盖章|公章|签章|印章)[)）]?)?[:：]?$"
)
"""A line that ends with the name of a body."""


def _under(reading: Reading, box: Box) -> str:
    """What was read, badly, of print that a seal lies on; empty where it was read well."""
    (left, top), _, (right, bottom), _ = box
    crossed = [
        line
        for line in reading.lines
        if line.box[0][0] < right and line.box[2][0] > left and line.box[0][1] < bottom and line.box[2][1] > top
    ]
    return "".join(line.text for line in crossed) if any(line.confidence < CLEAR for line in crossed) else ""


def _spoilt(words: list[str], under: str) -> bool:
    """The name may be the one under the seal: half its characters are there."""
    return any(sum(character in under for character in each) >= len(each) / 2 for each in words)


def _stands_in(words: str, text: str) -> bool:
    """Somewhere in the text, a character in eight read otherwise."""
    least = len(words) - len(words) // 8
    starts = range(len(text) - len(words) + 1)
    return any(sum(a == b for a, b in zip(words, text[at : at + len(words)], strict=True)) >= least for at in starts)


def _one_of(sight: Sight, seen: list[Mark], code: FindingCode, unsure: str) -> Iterator[Finding]:
    """One page with the mark is enough; all pages without it are certain only if no page was left out."""
    if any(m.present for m in seen) or sight.blocked:
        return
    empty = [m for m in seen if m.present is False]
    if any(_has_digital_signature(sheet) for sheet in sight.sheets):
        yield found(
            code,
            material=sight.spec.key,
            page=sight.only_page,
            message=say("{paper}带有数字签名，还没有核对", paper=sight.spec.name),
            advice="不用您做什么，工作人员会核对。",
            severity=Severity.DOUBTFUL,
        )
    elif empty and len(empty) == len(seen):
        yield found(code, material=sight.spec.key, page=empty[-1].page, box=empty[-1].box)
    else:
        yield found(
            code,
            material=sight.spec.key,
            page=sight.only_page,
            message=unsure,
            advice="确实没有的请补上后重新拍摄；已有的不必重拍，不用您做什么，工作人员会核对。",
            severity=Severity.DOUBTFUL,
        )


def _has_digital_signature(sheet: Sheet) -> bool:
    """That the file has one says nothing of whose it is, or whether it holds."""
    mark = sheet.reading.marks.get("digital_signature")
    return isinstance(mark, Mapping) and bool(mark.get("present")) and not mark.get("checked")


def _mark(sheet: Sheet, name: str, otherwise: bool | None) -> Mark:
    raw: Any = sheet.reading.marks.get(name)
    if isinstance(raw, bool):
        return Mark(raw, sheet.page)
    if isinstance(raw, Mapping) and isinstance(raw.get("present"), bool):
        certain = float(raw.get("confidence", 1.0)) >= MARK_CERTAIN
        return Mark(raw["present"] if certain else None, sheet.page, raw.get("box"))
    return Mark(otherwise, sheet.page)


def _written_after(sheet: Sheet, labels: tuple[str, ...]) -> bool | None:
    """True if something is written behind a signature label; None if not: recognition often skips handwriting."""
    lines = sheet.reading.lines
    return True if any(_signed(line, lines, labels) for line in lines) else None


def _signed(line: Line, lines: tuple[Line, ...], labels: tuple[str, ...]) -> bool:
    """Writing behind a label that ends its line or a colon or bracket follows: 签字笔 and 签名后生效 are no labels."""
    at = max((line.text.rfind(label) + len(label) for label in labels if label in line.text), default=-1)
    rest = plain(line.text[at:]).removeprefix("(盖章)")
    if at < 0 or (rest and rest[0] not in ":()_"):
        return False
    behind = rest.lstrip(":()_")
    return _is_writing(behind, line.confidence) or any(
        _is_writing(x.text, x.confidence) for x in _right_of(line, lines)
    )


def _is_writing(text: str, confidence: float) -> bool:
    """A name, or what recognition makes of one: Han characters, and no number as dates have."""
    text = plain(text)
    han = any("\u4e00" <= c <= "\u9fff" for c in text) and not any(c.isdigit() for c in text)
    return han and confidence >= READABLE and not text.startswith(PRINTED_BESIDE)


def _right_of(line: Line, lines: tuple[Line, ...]) -> Iterator[Line]:
    """Lines on the same row, starting where this one ends: not further right than ten of its heights."""
    top, bottom = line.box[0][1], line.box[3][1]
    right, height = line.box[1][0], max(bottom - top, 1.0)
    for other in lines:
        middle = (other.box[0][1] + other.box[3][1]) / 2
        if (
            other is not line
            and top - height <= middle <= bottom + height
            and 0 <= other.box[0][0] - right + height <= 10 * height
        ):
            yield other


@check("mentions", Option("words", tuple), Option("at_least", int, 1, least=1), whole=True)
def mentions(sight: Sight, params: Params) -> Findings:
    """Papers without a fixed face (receipts, contracts): the words that make it what it is stand on it somewhere.

    Source: the item's own guide.
    Certain: found in readable lines.
    Doubtful: not found: wording differs from issuer to issuer.
    Cannot tell: a page could not be used: silent, that has its own finding.
    """
    if sight.blocked:
        return
    text = "".join(page_text(s.reading) for s in sight.sheets)
    hits = sum(plain(word) in text for word in params["words"])
    if hits < params["at_least"]:
        message = say("没有在{paper}上找到“{words}”", paper=sight.spec.name, words="”“".join(params["words"]))
        yield found(
            FindingCode.WRONG_DOCUMENT,
            material=sight.spec.key,
            page=sight.only_page,
            message=message,
            advice="不用您做什么，工作人员会核对。",
            severity=Severity.DOUBTFUL,
        )


@check("shows_no_text", Option("at_most", int, 3, least=0))
def shows_no_text(sight: Sight, params: Params) -> Findings:
    """A portrait has hardly a line of text on it.

    Source: GA 461: nothing but the head before a plain ground.
    Certain: no more lines than `at_most`.
    Doubtful: more: a caption or a uniform may carry some.
    Cannot tell: lines too faint to be read do not count.
    """
    for sheet in sight.sheets:
        if sum(x.confidence >= READABLE for x in sheet.reading.lines) > params["at_most"]:
            yield found(
                FindingCode.WRONG_DOCUMENT,
                material=sheet.material,
                page=sheet.page,
                message=say("这一页不像{paper}", paper=sight.spec.name),
                severity=Severity.DOUBTFUL,
            )


def page_text(reading: Reading) -> str:
    """Everything readable on the page, run together."""
    return plain("".join(x.text for x in reading.lines if x.confidence >= READABLE))
