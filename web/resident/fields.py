"""What was read off one's papers and what one typed, to look over and to correct; and a page's small copy to do it by.

The resident sees their own values in full: that is what the page is for. No value stands in an address or in the record.
What they say is kept beside what was read (`cases.actions.checking`); nothing is read or drawn here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import Field as Limited
from pydantic import StringConstraints

from cases.actions import checking
from cases.allowed import resident_actions
from cases.effects import Outcome
from cases.field_names import FIELD_NAMES, compared, field_name
from cases.findings import Box
from cases.items import MaterialSpec
from cases.model import CaseFile, CheckedField
from cases.moment import Moment
from cases.readings import Field, Reading
from storage.session import Transaction
from storage.watermark import marked, watermark
from web.asks import Ask, Word, Write
from web.auth import AgentCaller, resident
from web.doors import Doors, doors
from web.files import JPEG, page_copy
from web.shapes import Shape
from web.words import called
from web.words import said as in_words
from web.writing import Caller, asked, decide, write

router = APIRouter(prefix="/api/v1/cases", tags=["fields"])
Me = Annotated[Caller, Depends(resident)]
D = Annotated[Doors, Depends(doors)]
Said = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]


class WordAsk(Ask):
    """`page` null: about what was typed. `shown`: what stood there before it was changed."""

    page: Word | None = None
    field: Word
    value: Said
    shown: Said


class FieldsAsk(Write):
    fields: Annotated[list[WordAsk], Limited(max_length=100)]


class PlaceView(Shape):
    """Where on the page's picture, in shares of its width and height."""

    left: float
    top: float
    width: float
    height: float


class FieldView(Shape):
    page: str
    material: str
    material_name: str
    number: int
    """Which page of its material, from 1."""
    field: str
    label: str
    value: str
    """As the resident said it; else as it was read; empty where nothing was read."""
    read: str | None
    certain: bool
    corrected: bool
    choices: list[str]
    place: PlaceView | None
    rotation: int
    """By how many degrees, clockwise, the page is turned to be read."""


class TypedView(Shape):
    field: str
    label: str
    value: str


class PictureView(Shape):
    """A page as it was photographed: what the boxes of findings are in pixels of."""

    page: str
    material: str
    number: int
    width: int
    height: int
    rotation: int


class FieldsView(Shape):
    case: str
    editable: bool
    fields: list[FieldView]
    typed: list[TypedView]
    pictures: list[PictureView]


DECIDING = frozenset({"id_number", "birth_date", "valid_from", "valid_to"})
"""What checks look at on a card, whatever it is compared with."""


@dataclass(frozen=True)
class Sheet:
    """A page that was read, and what material it is of."""

    spec: MaterialSpec
    page: str
    number: int
    reading: Reading


@router.get("/{no}/fields")
def show_fields(no: str, me: Me, d: D) -> FieldsView:
    """The fields that the item's checks compare, each with what was read, how surely, and where it stands."""
    with d.database.reading() as tx:
        return fields_view(tx, tx.case_file(no, readable_by=me.scope))


@router.post("/{no}/fields")
def check_fields(no: str, ask: FieldsAsk, me: Me, d: D) -> FieldsView:
    """Correct what was read or typed. 409 names what was changed meanwhile on another phone; then nothing is kept."""
    words = [checking.Word(w.page, w.field, w.value, w.shown) for w in ask.fields]

    def work(tx: Transaction) -> FieldsView:
        def decision(file: CaseFile, now: Moment) -> Outcome:
            return checking.check_fields(file, known(tx, file), words, now)

        return fields_view(tx, decide(tx, me, no, decision))

    return write(d.database, asked(me, ask, "fields", no), FieldsView, work)


@router.get("/{no}/pages/{page}/picture", response_class=Response, responses=JPEG)
def show_picture(no: str, page: str, me: Me, d: D) -> Response:
    """A small copy of one's own page. 409 until it has been read; 404 where the file could not be opened."""
    with d.database.reading() as tx:
        copied = page_copy(tx, d.blobs, tx.case_file(no, readable_by=me.scope), page)
        if isinstance(me, AgentCaller):
            copied = marked(copied, watermark(me.name, tx.now(), no))
    return Response(copied, media_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


def fields_view(tx: Transaction, file: CaseFile) -> FieldsView:
    checked, sheets = tx.checked_fields_of(file.case.number), list(_sheets(tx, file))
    rows = [
        _field_view(sheet, name, field, checked.get(sheet.page, {}))
        for sheet in sheets
        if sheet.reading.acceptable
        for name, field in _shown(file, sheet)
    ]
    return FieldsView(
        case=file.case.number,
        editable="submit" in resident_actions(file),
        fields=rows,
        typed=[
            TypedView(field=name, label=in_words(field_name(name)), value=str(getattr(file.case.applicant, where)))
            for name, where in checking.TYPED.items()
        ],
        pictures=[_picture(sheet) for sheet in sheets if sheet.reading.width],
    )


def _picture(sheet: Sheet) -> PictureView:
    reading = sheet.reading
    return PictureView(
        page=sheet.page,
        material=sheet.spec.key,
        number=sheet.number,
        width=reading.width,
        height=reading.height,
        rotation=reading.rotation,
    )


def known(tx: Transaction, file: CaseFile) -> dict[tuple[str, str], checking.Known]:
    """All that may be spoken of, as it stands."""
    view = fields_view(tx, file)
    return {(f.page, f.field): checking.Known(f.read, f.value) for f in view.fields}


def _sheets(tx: Transaction, file: CaseFile) -> Iterator[Sheet]:
    pages, readings = tx.page_ids_read(file.case.number), tx.readings_of(file.case.number)
    for material in file.materials:
        spec = file.spec(material.key)
        for place, (page, reading) in enumerate(
            zip(pages.get(material.key, ()), readings.get(material.key, ()), strict=True), 1
        ):
            if spec is not None:
                yield Sheet(spec, page, place, reading)


def _shown(file: CaseFile, sheet: Sheet) -> Sequence[tuple[str, Field | None]]:
    """By the item's names: what is compared or stands on the item's own form, read or not; and what else decides, where
    it was read with doubt."""
    spec, printed = sheet.spec, sheet.spec.form_fields
    read = {printed.get(name, name): field for name, field in sheet.reading.fields.items()}
    others = compared(file.item, spec.key) - set(printed.values())
    wanted = [*printed.values(), *sorted(others, key=_usual_place)]
    doubted = [n for n, field in read.items() if n in DECIDING and n not in wanted and not field.certain]
    unread = wanted if sheet.number == 1 and spec.max_pages == 1 else [name for name in wanted if name in read]
    return [(name, read.get(name)) for name in (*unread, *doubted)]


def _usual_place(name: str) -> int:
    """Names before numbers, as documents have them."""
    return list(FIELD_NAMES).index(name) if name in FIELD_NAMES else len(FIELD_NAMES)


def _field_view(sheet: Sheet, name: str, field: Field | None, checked: Mapping[str, CheckedField]) -> FieldView:
    said = checked.get(name)
    read = field.value if field is not None and field.value.strip() else None
    return FieldView(
        page=sheet.page,
        material=sheet.spec.key,
        material_name=called(sheet.spec),
        number=sheet.number,
        field=name,
        label=in_words(field_name(name, sheet.spec)),
        value=said.said if said else read or "",
        read=read,
        certain=field is not None and field.certain,
        corrected=said is not None and said.said != read,
        choices=list(sheet.spec.choices.get(name, ())),
        place=_place(field.box, sheet.reading) if field and field.box else None,
        rotation=sheet.reading.rotation,
    )


def _place(box: Box, reading: Reading) -> PlaceView | None:
    """The upright bounds of the corners."""
    if not reading.width or not reading.height:
        return None
    xs, ys = [x / reading.width for x, _ in box], [y / reading.height for _, y in box]
    left, top = max(0.0, min(xs)), max(0.0, min(ys))
    return PlaceView(
        left=round(left, 4),
        top=round(top, 4),
        width=round(min(1.0, max(xs)) - left, 4),
        height=round(min(1.0, max(ys)) - top, 4),
    )
