"""What is always looked at, whatever the item says: files, picture quality, the right document, pages missing or twice.

A page with a finding here is not looked at further: its other defects have this one as their cause.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations

from cases.findings import Finding, FindingCode, Severity, found
from cases.items import MaterialSpec, Need, OriginalUse
from cases.readings import QualityProblem, Reading
from cases.sentences import say
from preaudit.checks.papers import KIND_CERTAIN
from preaudit.checks.sight import Sheet
from preaudit.documents import LOOSE, NAMES, kinds_of, same_family
from preaudit.validators import is_passport_line

KIND_LEAST = 0.5
"""Below this the right kind was hardly recognised: a person looks."""
LINES_LEAST = 3
"""No document with a fixed face has fewer lines; so few were read only off a picture that shows none."""
READ_LEAST = 0.6
"""Mean confidence of a page's lines under which the reading as a whole is doubtful."""
NEAR_BITS = 4
"""Perceptual hashes this near (of 64 bits) are the same view; two pages of one form differ by a dozen and more."""
SAME_TEXT = 0.8


def page_problems(spec: MaterialSpec, sheet: Sheet) -> tuple[Finding, ...]:
    """The file opens, the picture can be read, and it shows the document that is asked for.

    Source: 行政许可法 art. 32: what is missing or wrong is told at once; thresholds from calibrated pictures.
    Certain: usable; or refused by the guard, past a calibrated measure, blank, mirrored, or another kind for certain.
    Doubtful: another kind, recognised weakly.
    Cannot tell: the kind was not recognised: a strange but right paper, or none. Receipts, contracts and portraits carry
        whatever words they like, so their kind proves nothing.
    """
    if sheet.reading.failure is not None:
        return (replace(sheet.reading.failure, material=sheet.material, page=sheet.page),)
    poor = tuple(_quality(spec, sheet))
    return poor or tuple(_wrong_paper(spec, sheet))


FAULTS = {
    "blank": ("这一页是空白的", "请删除空白页，上传有内容的页面。"),
    "mirrored": ("照片左右颠倒（镜像）", "请用后置摄像头拍摄，或关闭自拍镜像后重新拍摄。"),
}
"""Marks of the reader that say why nothing can be read, in the resident's words."""


def _quality(spec: MaterialSpec, sheet: Sheet) -> Iterator[Finding]:
    """Each blocking measure; `unreadable` only where no other measure says why, and of a portrait never. A page that is
    empty or mirrored is told so, and nothing else."""
    fault = next((FAULTS[name] for name in FAULTS if sheet.reading.marks.get(name)), None)
    if fault is not None and spec.document != "portrait":
        message, advice = fault
        yield found(FindingCode.UNREADABLE, material=sheet.material, page=sheet.page, message=message, advice=advice)
        return
    blocking = [p for p in sheet.reading.problems if p.blocking]
    if len({p.code for p in blocking}) > 1 or spec.document == "portrait":
        blocking = [p for p in blocking if p.code is not FindingCode.UNREADABLE]
    for problem in (*blocking, *_copied(spec, sheet)):
        yield _of_measure(sheet, problem)
    if not blocking and _shows_nothing(spec, sheet.reading):
        yield found(FindingCode.UNREADABLE, material=sheet.material, page=sheet.page, lines=len(sheet.reading.lines))


def _copied(spec: MaterialSpec, sheet: Sheet) -> Iterator[QualityProblem]:
    """A grey copy matters where the paper itself is to be shown or handed in."""
    if spec.original is not OriginalUse.NONE:
        yield from (p for p in sheet.reading.problems if p.code is FindingCode.COPY_NOT_ORIGINAL)


def _of_measure(sheet: Sheet, problem: QualityProblem) -> Finding:
    return found(
        problem.code,
        material=sheet.material,
        page=sheet.page,
        box=problem.box,
        measure=problem.measure,
        threshold=problem.threshold,
    )


def _shows_nothing(spec: MaterialSpec, reading: Reading) -> bool:
    """A picture with hardly a line cannot be the paper wanted, unless that is a portrait."""
    if spec.document == "portrait" or reading.kind in kinds_of(spec.document):
        return False
    return len(reading.lines) < (1 if spec.document in LOOSE else LINES_LEAST)


def _wrong_paper(spec: MaterialSpec, sheet: Sheet) -> Iterator[Finding]:
    """Another kind for certain: fixable. A kind nobody recognised may be a strange but right paper: doubtful.

    Receipts, contracts and portraits carry whatever words they like, so their kind proves nothing. A passport is known by
    the check digits of its machine-readable line.
    """
    wanted, seen = kinds_of(spec.document), sheet.reading.kind
    if seen in wanted or spec.document in LOOSE - {"application_form"}:
        return
    passport = seen == "unknown" and any(is_passport_line(x.text) for x in sheet.reading.lines)
    certain = passport or (seen != "unknown" and sheet.reading.kind_confidence >= KIND_CERTAIN)
    other_side = any(same_family(seen, kind) for kind in wanted)
    wanted_name = NAMES[spec.document]
    shown = "护照" if passport else NAMES[seen]
    unknown = seen == "unknown" and not passport
    wrong = say("这一页是{shown}，需要的是{wanted}", shown=shown, wanted=wanted_name)
    message = say("没有认出这一页是{wanted}", wanted=wanted_name) if unknown else wrong
    yield found(
        FindingCode.WRONG_SIDE if other_side else FindingCode.WRONG_DOCUMENT,
        material=sheet.material,
        page=sheet.page,
        message=message,
        advice=None if certain else "请核对是否拍对；确认无误的不必重拍，不用您做什么，工作人员会核对。",
        severity=Severity.FIXABLE if certain else Severity.DOUBTFUL,
        kind=seen,
    )


def doubts(spec: MaterialSpec, sheet: Sheet) -> Iterator[Finding]:
    """A usable page was read well as a whole.

    Source: measured: below these scores readings are wrong more often than right.
    Certain: kind and lines above their least score.
    Doubtful: below it.
    Cannot tell: a page without any line (a portrait) has nothing to be unsure of.
    """
    kind_weak = sheet.reading.kind in kinds_of(spec.document) and sheet.reading.kind_confidence < KIND_LEAST
    if kind_weak or _mean_confidence(sheet.reading) < READ_LEAST:
        yield found(FindingCode.LOW_CONFIDENCE, material=sheet.material, page=sheet.page)


def _mean_confidence(reading: Reading) -> float:
    return sum(x.confidence for x in reading.lines) / len(reading.lines) if reading.lines else 1.0


def nothing_there(spec: MaterialSpec) -> tuple[Finding, ...]:
    """Every material that the answers choose is there.

    Source: the item's checklist; 行政许可法 art. 32.
    Certain: there; or no page of it: the resident adds it, or asks for 容缺 where it may be deferred.
    Doubtful: never.
    Cannot tell: the answer that chooses was not given: the resident is asked for it.
    """
    if spec.need is Need.OPTIONAL:
        return ()
    advice = "请拍照上传。暂时没有的，可以以后再补。" if spec.need is Need.DEFERRABLE else None
    return (
        found(
            FindingCode.MISSING_MATERIAL, material=spec.key, message=say("缺少{paper}", paper=spec.name), advice=advice
        ),
    )


def page_count(spec: MaterialSpec, sheets: tuple[Sheet, ...], doubled: int) -> Iterator[Finding]:
    """As many pages as the checklist says. One uploaded twice counts once, one that shows two documents twice.

    Source: the item's checklist.
    Certain: within; or too few or too many.
    Doubtful: never.
    Cannot tell: never: unusable pages count, as they have their own finding.
    """
    count, uploaded = len(sheets) - doubled, len({s.page for s in sheets}) - doubled
    if count < spec.min_pages:
        message = say("{paper}需要{least}页，现有{pages}页", paper=spec.name, least=spec.min_pages, pages=count)
        yield found(FindingCode.MISSING_PAGE, material=spec.key, message=message, wanted=spec.min_pages, pages=count)
    if uploaded > spec.max_pages:
        message = say("{paper}最多{most}页，现有{pages}页", paper=spec.name, most=spec.max_pages, pages=uploaded)
        yield found(
            FindingCode.TOO_MANY_PAGES, material=spec.key, message=message, wanted=spec.max_pages, pages=uploaded
        )


def duplicates(sheets: tuple[Sheet, ...]) -> Iterator[Finding]:
    """No page was uploaded before, in this material or another. Points at the later one.

    Source: the item's checklist: each page is there for something.
    Certain: no two alike; or the same bytes.
    Doubtful: the same view with the same text.
    Cannot tell: pages without a hash are not compared.
    """
    told = set[tuple[str, int]]()
    for first, second in combinations(sheets, 2):
        same_bytes = bool(first.reading.sha256) and _identity(first) == _identity(second)
        spot = (second.material, second.page)
        if spot in told or not (same_bytes or same_view(first.reading, second.reading)):
            continue
        told.add(spot)
        yield found(
            FindingCode.DUPLICATE_PAGE,
            material=second.material,
            page=second.page,
            severity=Severity.FIXABLE if same_bytes else Severity.DOUBTFUL,
            same_as=[first.material, first.page],
        )


def _identity(sheet: Sheet) -> tuple[object, ...]:
    """Pages of one PDF may share the file's digest: the page number tells them apart, as its place does a document that
    shares its page with others."""
    return sheet.reading.sha256, sheet.reading.page, sheet.reading.marks.get("box")


def same_view(one: Reading, other: Reading) -> bool:
    """Whether two pages look alike and say the same: the same photograph sent through a chat, most likely."""
    if not one.perceptual_hash or len(one.perceptual_hash) != len(other.perceptual_hash):
        return False
    bits = int(one.perceptual_hash, 16) ^ int(other.perceptual_hash, 16)
    return bits.bit_count() <= NEAR_BITS and _overlap(one, other) >= SAME_TEXT


def _overlap(one: Reading, other: Reading) -> float:
    """Share of lines in common; pages without any text are alike."""
    mine, theirs = {x.text for x in one.lines}, {x.text for x in other.lines}
    return len(mine & theirs) / len(mine | theirs) if mine | theirs else 1.0


LOOKS: Mapping[str, Callable[..., object]] = {
    "page_problems": page_problems,
    "doubts": doubts,
    "nothing_there": nothing_there,
    "page_count": page_count,
    "duplicates": duplicates,
}
"""For `preaudit.checks.describe`."""
