"""Reading a page: bytes in, a `Reading` a page out.

    bytes → guard → page image → upright → recognise → lines → kind → fields → second reader → quality → reading

Promises: never raises on what a file holds (a refusal is `Reading.failure`; what this machine lacks is `ChildFailed`),
opens no file in this process, uses no network, and gives boxes in pixels of the upright picture as uploaded. A page is read
as it is; a remedy is tried only when a measure asks for it, and the better of the readings is kept. Quality is measured
beside the fields, and the next page of a file is opened while this one is read.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from cases.findings import Box, Finding
from cases.readings import Line, QualityProblem, Reading

from .fields import Fields, cross_confirmed, looked_again, read_fields, read_whole, with_ticks
from .guard import child_refusal, refusal, sniff
from .images import rectify
from .images.emptiness import is_blank
from .images.geometry import Sheet, crop, cut_out, mapped, sheet_of
from .images.hashing import difference_hash
from .images.ink import ink_marks
from .images.portrait import portrait_mark, portrait_problems
from .images.quality import LEAST_SCORE, mean_score, problems_of
from .images.showing import small_copy
from .kinds import FORM, UNKNOWN, all_kinds, kind_of
from .layout import laid_out
from .lost import ChildFailed
from .memory import AtWork
from .mirror import is_mirrored
from .opening import job_for
from .ppocr import PPOCR
from .recognise import Recogniser
from .remedies import TRY_SECONDS, helps, look_seconds, remedies
from .replies import Decoded
from .sandbox import Sandbox
from .second_reader import CropReader, second_readings
from .settings import EngineName, PreauditSettings, ReaderSettings
from .several import APART, Part, also_marks, parts_of
from .tesseract import Tesseract
from .text_pages import confirmed, file_marks, page_lines

CARDS = frozenset({"id_card_front", "id_card_back"})
PORTRAIT, PORTRAIT_SURE = "portrait", 0.9  # by its looks alone
FACELESS = frozenset({UNKNOWN, FORM, PORTRAIT, "contract", "other_paper"})
"""Papers as their writer made them: in colours or not. The other kinds are printed in colours, with a margin everywhere."""
NO_ENGINE = "none"
BESIDE = 4  # things done beside the reading of pages: for two pages, their quality and the next page of each
LOOK_AROUND = (0.0, 0.2)  # heights of a label on every side of a place that is looked at again; the surer view counts
TEXT_LAYER = "pdf_text"


@dataclass(frozen=True)
class _Asked:
    """What the caller expects on the page."""

    document: str | None
    labels: Mapping[str, str]


@dataclass(frozen=True)
class _Seen:
    """A page as one attempt saw it: the sheet that was read and its lines, in the sheet's pixels."""

    sheet: Sheet
    lines: tuple[Line, ...]

    @property
    def worth(self) -> float:
        """For choosing between attempts: characters read, each counted as sure as its line."""
        return sum(len(line.text) * max(0.0, line.confidence - 0.5) for line in self.lines)


class Reader:
    """One a process: several threads may read with it, and share the models. Cheap to make, a second or so to warm."""

    def __init__(
        self,
        settings: PreauditSettings | None = None,
        recogniser: Recogniser | None = None,
        *,
        second: CropReader | None = None,
        orienter: rectify.Orienter | None = None,
        sandbox: Sandbox | None = None,
    ) -> None:
        self.settings = settings or ReaderSettings()
        self._recogniser = recogniser or recogniser_for(self.settings)
        self._second = second or Tesseract(self.settings.tesseract_seconds)
        self._orienter = orienter
        self.sandbox = sandbox or Sandbox(self.settings.child)
        self._beside = ThreadPoolExecutor(BESIDE, "beside")
        self._at_work = AtWork()

    def warm(self) -> None:
        """Start the sandbox and load the models. Raises `EngineMissing`."""
        self.sandbox.warm()
        if self.settings.second_reader and isinstance(self._second, Tesseract):
            self._second.prepare()
        self._recogniser.warm()
        self._upright(Sheet(np.full((256, 256, 3), 255, np.uint8), np.eye(3)))

    def close(self) -> None:
        self.sandbox.close()
        if isinstance(self._second, Tesseract):
            self._second.close()

    def read(
        self, data: bytes, *, name: str, document: str | None = None, form_labels: Mapping[str, str] | None = None
    ) -> tuple[Reading, ...]:
        """One reading a page. `document` is what the checklist expects, a hint only; `form_labels` label → field name."""
        digest = hashlib.sha256(data).hexdigest()
        with self._at_work.reading():
            pages = self._pages(data, _Asked(document, form_labels or {}))
            return tuple(replace(page, file=name, sha256=digest) for page in pages)

    def _pages(self, data: bytes, ask: _Asked) -> Iterator[Reading]:
        started = time.perf_counter()
        refused = refusal(data, self.settings.files)
        if refused is not None:
            yield _failed(refused, 1, 1, time.perf_counter() - started)
            return
        page, pages = 1, 1
        ahead = None
        while page <= pages:
            opened = ahead.result() if ahead else self._opened(data, page)
            more = not isinstance(opened, Finding) and page < opened.pages
            ahead = self._beside.submit(self._opened, data, page + 1) if more else None
            if isinstance(opened, Finding):
                yield _failed(opened, page, pages, time.perf_counter() - started)
            else:
                pages = opened.pages
                made, picture = self._page(opened, ask), small_copy(opened.picture)
                yield replace(made, page=page, picture=picture, seconds=time.perf_counter() - started)
            page, started = page + 1, time.perf_counter()

    def _opened(self, data: bytes, page: int) -> Decoded | Finding:
        files, kind = self.settings.files, sniff(data)
        try:
            decoded = self.sandbox.run(job_for(str(kind), page, self.settings), data)
        except ChildFailed as lost:
            if lost.word == "unavailable":
                raise  # the machine's fault: whoever asked may ask again, and the resident hears nothing of it
            return child_refusal(lost.word, 0, files)
        return child_refusal(decoded.error, decoded.measure, files) if decoded.error else decoded

    def _page(self, decoded: Decoded, ask: _Asked) -> Reading:
        assert decoded.picture is not None  # an error was handled by the caller
        sheet = sheet_of(decoded.picture, decoded.width, decoded.height)
        if decoded.words:
            return self._text_page(decoded, sheet, ask)
        seen = self._seen(sheet)
        portrait = portrait_mark(sheet, seen.lines)
        if portrait is not None:
            return _portrait(_blank(decoded, self._recogniser.name, _Seen(sheet, ())), portrait, sheet)
        kind, confidence = kind_of([line.text for line in seen.lines], ask.labels, ask.document)
        problems = self._beside.submit(_problems, sheet, seen, kind, ask)
        blank = _blank(decoded, self._recogniser.name, seen)
        parts = parts_of(seen.sheet, seen.lines, self._recogniser.read) if kind in APART or kind == UNKNOWN else ()
        fields = self._fields(kind, seen, ask) if not parts else Fields({}, {})
        made = replace(
            blank,
            kind=kind,
            kind_confidence=confidence,
            fields=fields.values,
            marks=_marks(fields, seen, ask.labels)
            | ink_marks(seen.sheet.pixels, seen.lines, self._recogniser.read_crop)
            | self._faults(seen)
            | file_marks(decoded.facts),
        )
        home = replace(_sent_home(made, seen.sheet), problems=problems.result())
        return _of_several(home, [self._document(part, blank, ask) for part in parts], ask) if parts else home

    def _faults(self, seen: _Seen) -> dict[str, object]:
        """What a page that cannot be read is found to be: `blank`, `mirrored`."""
        if not seen.lines and is_blank(seen.sheet.pixels):
            return {"blank": True}
        return {"mirrored": True} if is_mirrored(self._recogniser.read_crop, seen.sheet.pixels, seen.lines) else {}

    def _text_page(self, decoded: Decoded, sheet: Sheet, ask: _Asked) -> Reading:
        """A PDF page whose own words stand for it, and what the pictures among them say."""
        seen = _Seen(sheet, page_lines(decoded, sheet, self._recogniser))
        kind, confidence = kind_of([line.text for line in seen.lines], ask.labels, ask.document)
        fields = read_fields(kind, seen.lines, ask.labels)
        if kind == FORM:
            fields = with_ticks(fields, seen.lines, ask.labels, sheet.pixels)
        return replace(
            _blank(decoded, TEXT_LAYER, seen),
            kind=kind,
            kind_confidence=confidence,
            fields=confirmed(fields.values),
            marks=_marks(fields, seen, ask.labels) | {"text_layer": True} | file_marks(decoded.facts),
        )

    def _document(self, part: Part, blank: Reading, ask: _Asked) -> Reading:
        """One of several documents on a page, in pixels of the upload; read again by itself where fields are wanting."""
        spec, seen = all_kinds()[part.kind], _Seen(part.sheet, part.lines)
        fields = self._fields(part.kind, seen, ask)
        if not set(spec.expects) <= set(fields.values):
            closer = self._attempt(cut_out(part.sheet, part.box))
            again = self._fields(part.kind, closer, ask)
            if len(again.values) > len(fields.values):
                seen, fields = closer, again
        made = replace(blank, kind=part.kind, kind_confidence=part.confidence, fields=fields.values, lines=())
        home = _sent_home(replace(made, marks={"empty_fields": sorted(fields.empty)}), seen.sheet)
        return replace(home, marks={**home.marks, "box": mapped(part.box, part.sheet.to_upload)})

    def _fields(self, kind: str, seen: _Seen, ask: _Asked) -> Fields:
        """What stands behind the labels, then the check digit, then the second reader for what is still unsure."""

        def read_crop(box: Box) -> tuple[str, float]:
            views = (crop(seen.sheet.pixels, box, margin) for margin in LOOK_AROUND)
            return max(map(self._recogniser.read_crop, views), key=lambda read: read[1])

        fields = looked_again(read_fields(kind, seen.lines, ask.labels), read_crop)
        spec = all_kinds().get(kind)
        printed = {each.name for each in spec.fields} if spec else set()
        values = cross_confirmed(fields.values, printed)
        if self.settings.second_reader and spec is not None:
            disputed = second_readings(self._second, seen.sheet.pixels, spec, values)
            values = cross_confirmed(read_whole(disputed, spec.fields, read_crop), printed)
        made = Fields(values, fields.empty)
        return with_ticks(made, seen.lines, ask.labels, seen.sheet.pixels) if kind == FORM else made

    def _seen(self, sheet: Sheet) -> _Seen:
        """The page as it is, upright; and, where that reads poorly, what the remedies give that there is time for. The time
        is counted by what there is to read, so that a page reads the same on a busy machine and beside another page."""
        best = first = self._attempt(self._upright(sheet))
        if mean_score(first.lines) >= LEAST_SCORE:
            return first
        left, another_look = self.settings.remedy_seconds, look_seconds(first.lines)
        for remedied in remedies(first.sheet, first.lines):
            left -= TRY_SECONDS
            if another_look > left:
                break
            if helps(self._recogniser.read_crop, first.sheet, first.lines, remedied):
                left -= another_look
                best = max(best, self._attempt(remedied), key=lambda seen: seen.worth)
        return best

    def _attempt(self, sheet: Sheet) -> _Seen:
        return _Seen(sheet, self._recogniser.read(sheet.pixels))

    def _upright(self, sheet: Sheet) -> Sheet:
        if self._orienter is None:
            self._orienter = rectify.ModelOrienter()
        return rectify.upright(sheet, self._orienter)


def recogniser_for(settings: PreauditSettings) -> Recogniser:
    if settings.engine is EngineName.TESSERACT:
        return Tesseract(settings.tesseract_seconds)
    return PPOCR(settings.engine, settings.threads, settings.cpu_pinning)


def _of_several(page: Reading, documents: Sequence[Reading], ask: _Asked) -> Reading:
    """The page with the document that was asked for, else the first, in front; the others in `marks["also"]`."""
    main = next((each for each in documents if each.kind == ask.document), documents[0])
    others = [each for each in documents if each is not main]
    return replace(
        page,
        kind=main.kind,
        kind_confidence=main.kind_confidence,
        fields=main.fields,
        marks={**page.marks, **main.marks, "also": also_marks(others)},
    )


def _portrait(page: Reading, mark: Mapping[str, Any], sheet: Sheet) -> Reading:
    """A photograph of somebody: nothing to read, and no text to say which way up it is."""
    return replace(
        page,
        problems=portrait_problems(mark, sheet.pixels),
        kind=PORTRAIT,
        kind_confidence=PORTRAIT_SURE,
        marks={"text_layer": False, "portrait": dict(mark)},
    )


def _blank(decoded: Decoded, engine: str, seen: _Seen) -> Reading:
    """What is known of a page before anything on it is understood."""
    return Reading(
        file="",
        page=1,
        seconds=0.0,
        engine=engine,
        rotation=seen.sheet.rotation,
        width=decoded.width,
        height=decoded.height,
        problems=(),
        kind=UNKNOWN,
        kind_confidence=0.0,
        fields={},
        lines=seen.lines,
        perceptual_hash=difference_hash(seen.sheet.pixels),
        pages_in_file=decoded.pages,
    )


def _marks(fields: Fields, seen: _Seen, labels: Mapping[str, str]) -> dict[str, object]:
    """`empty_fields`: the label is there and nothing behind it. `ticks`: the boxes of a form's fields, `{ticked, empty,
    unsure}` each. `labels`: those of the form that are on the page."""
    made: dict[str, object] = {"text_layer": False, "mean_score": round(mean_score(seen.lines), 4)}
    if fields.empty:
        made["empty_fields"] = sorted(fields.empty)
    if fields.ticks:
        made["ticks"] = {name: each.plain() for name, each in fields.ticks.items()}
    if labels:
        made["labels"] = sorted(laid_out(seen.lines, labels).labels)
    return made


def _sent_home(made: Reading, sheet: Sheet) -> Reading:
    """Every box from the sheet's pixels to those of the upload."""

    def home(box: Box | None) -> Box | None:
        return None if box is None else mapped(box, sheet.to_upload)

    return replace(
        made,
        lines=tuple(replace(line, box=mapped(line.box, sheet.to_upload)) for line in made.lines),
        fields={name: replace(field, box=home(field.box)) for name, field in made.fields.items()},
        marks={name: _mark_home(mark, home) for name, mark in made.marks.items()},
    )


def _problems(sheet: Sheet, seen: _Seen, kind: str, ask: _Asked) -> tuple[QualityProblem, ...]:
    """Measured on the picture as it was photographed, whatever was done to it before it could be read."""
    there = np.linalg.inv(sheet.to_upload) @ seen.sheet.to_upload
    lines = [replace(line, box=mapped(line.box, there)) for line in seen.lines]
    scale = float(np.linalg.norm(sheet.to_upload[:2, 0]))
    is_card = bool(CARDS & {kind, ask.document})
    has_face = kind not in FACELESS
    found = problems_of(
        sheet.pixels, lines, scale, is_card=is_card, is_whole=has_face or kind == FORM, is_coloured=has_face
    )
    return tuple(replace(each, box=mapped(each.box, sheet.to_upload) if each.box else None) for each in found)


def _mark_home(mark: Any, home: Callable[[Box | None], Box | None]) -> Any:
    return {**mark, "box": home(mark["box"])} if isinstance(mark, dict) and "box" in mark else mark


def _failed(why: Finding, page: int, pages: int, seconds: float) -> Reading:
    return Reading(
        file="",
        page=page,
        seconds=seconds,
        engine=NO_ENGINE,
        rotation=0,
        width=0,
        height=0,
        problems=(),
        kind=UNKNOWN,
        kind_confidence=0.0,
        fields={},
        lines=(),
        pages_in_file=pages,
        failure=replace(why, page=page),
    )


def read_paths(
    paths: Iterable[Path | str],
    settings: PreauditSettings | None = None,
    *,
    document: str | None = None,
    form_labels: Mapping[str, str] | None = None,
    reader: Reader | None = None,
) -> Iterator[Reading]:
    """Readings of files, page by page as they are read. A path that cannot be opened raises `OSError`."""
    mine = reader or Reader(settings)
    try:
        for path in map(Path, paths):
            yield from mine.read(path.read_bytes(), name=str(path), document=document, form_labels=form_labels)
    finally:
        if reader is None:
            mine.close()
