"""The guide: what can be applied for, what it asks and what it wants. Public, like a notice on the wall."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from cases.items import Item, MaterialSpec
from web import words
from web.doors import Doors, doors
from web.shapes import Shape

router = APIRouter(prefix="/api/v1/items", tags=["items"])
SAMPLES = Path(__file__).parents[1] / "static" / "samples"
Plain = Annotated[str, Query(max_length=64)]


class QuestionView(Shape):
    key: str
    ask: str
    type: str
    choices: list[str]


class ChecklistLine(Shape):
    key: str
    name: str
    document: str
    need: str
    need_label: str
    when: dict[str, Any]
    min_pages: int
    max_pages: int
    original: str
    original_label: str
    copies: int
    source: str
    accept: str
    labels: list[str]
    samples: list[str]
    """Addresses of sample pictures."""


class LimitsView(Shape):
    statutory_days: int
    promised_days: int
    preaudit_hours: int


class ResultView(Shape):
    name: str
    form: str
    delivery: list[str]


class FeeView(Shape):
    amount_fen: int
    basis: str


class ItemLine(Shape):
    code: str
    version: int
    name: str
    summary: str
    region: str
    department: str
    kind: str
    kind_label: str
    promised_days: int
    in_person: str | None


class ItemsView(Shape):
    items: list[ItemLine]


class ItemView(ItemLine):
    limits: LimitsView
    applicants: list[str]
    channels: list[str]
    questions: list[QuestionView]
    materials: list[ChecklistLine]
    result: ResultView
    fee: FeeView | None


def item_line(item: Item) -> ItemLine:
    return ItemLine(**_head(item))


def _head(item: Item) -> Mapping[str, Any]:
    plain = {name: getattr(item, name) for name in ("code", "version", "name", "summary", "region", "department")}
    kind = {"kind": item.kind, "kind_label": words.KINDS[item.kind]}
    return {**plain, **kind, "promised_days": item.limits.promised_days, "in_person": item.in_person}


def item_view(item: Item) -> ItemView:
    return ItemView(
        **_head(item),
        limits=LimitsView(**vars(item.limits)),
        applicants=list(item.applicants),
        channels=list(item.channels),
        questions=[QuestionView(key=q.key, ask=q.ask, type=q.type, choices=list(q.choices)) for q in item.questions],
        materials=[_checklist_line(m) for m in item.materials],
        result=ResultView(name=item.result.name, form=item.result.form, delivery=list(item.result.delivery)),
        fee=FeeView(**vars(item.fee)) if item.fee else None,
    )


def _checklist_line(spec: MaterialSpec) -> ChecklistLine:
    return ChecklistLine(
        key=spec.key,
        name=spec.name,
        document=spec.document,
        need=spec.need,
        need_label=words.NEEDS[spec.need],
        when=dict(spec.when),
        min_pages=spec.min_pages,
        max_pages=spec.max_pages,
        original=spec.original,
        original_label=words.ORIGINAL_USES[spec.original],
        copies=spec.copies,
        source=spec.source,
        accept=spec.accept,
        labels=list(spec.form_fields),
        samples=[f"/static/samples/{p.name}" for p in sorted(SAMPLES.glob(f"{spec.document}.*"))],
    )


@router.get("")
def find_items(d: Annotated[Doors, Depends(doors)], q: Plain = "", region: Plain = "") -> ItemsView:
    """Items by name, keyword or code; `region` finds what can be applied for there."""
    with d.database.reading() as tx:
        return ItemsView(items=[item_line(i) for i in tx.items(q, region)])


@router.get("/{code}")
def show_item(code: str, d: Annotated[Doors, Depends(doors)]) -> ItemView:
    """The guide, the questions and the checklist of one item."""
    with d.database.reading() as tx:
        return item_view(tx.item(code))
