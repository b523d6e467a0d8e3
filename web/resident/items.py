"""The guide: what can be applied for, what it asks and what it wants. Public, like a notice on the wall.

Texts come in the language asked for; what an answer is kept as (`choices`) is Chinese always, `labels` is what to show.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from cases.conditions import only_if
from cases.items import Item, MaterialSpec, Question
from cases.phrases import LifeEvent
from storage.finding import RegionNames
from storage.session import Transaction
from web import words
from web.doors import Doors, doors
from web.language import Language, Wanted
from web.shapes import Shape
from web.speaking import speaking

router = APIRouter(prefix="/api/v1", tags=["items"])
SAMPLES = Path(__file__).parents[1] / "static" / "samples"
Words = Annotated[str, Query(description="What is looked for, in any words; what is over 200 characters is not read.")]
Region = Annotated[str, Query(max_length=12)]
LONGEST_WORDS = 200
BY: Mapping[Language, Mapping[str, str]] = {
    "zh": {"courier": "快递送到家", "grid": "网格员送上门", "drop_box": "收件箱自取", "counter": "窗口自取"},
    "en": {
        "courier": "by courier to your door",
        "grid": "by your grid worker",
        "drop_box": "from a drop box",
        "counter": "at the counter",
    },
}


class QuestionView(Shape):
    key: str
    ask: str
    type: str
    choices: list[str]
    """What an answer is kept as."""
    labels: list[str]
    """What to show for each choice."""


class ChecklistLine(Shape):
    key: str
    name: str
    document: str
    need: str
    need_label: str
    when: dict[str, Any]
    only_if: str
    """`when` as a clause, 持卡人未满16周岁; empty: always needed."""
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
    delivery_labels: list[str]


class FeeView(Shape):
    amount_fen: int
    basis: str


class ItemLine(Shape):
    code: str
    version: int
    name: str
    summary: str
    region: str
    region_name: str
    department: str
    department_name: str
    kind: str
    kind_label: str
    promised_days: int
    in_person: str | None


class ItemsView(Shape):
    items: list[ItemLine]
    elsewhere: list[ItemLine] = Field(default_factory=list)
    """Where the region has nothing: what other regions have for the same question."""
    often: list[ItemLine] = Field(default_factory=list)
    """What is asked for most: where nobody has anything, and where nothing was asked."""


class FollowOnView(Shape):
    """Opened by itself when this item is approved, where the answers are those of `when`."""

    item: str
    when: dict[str, Any]


class ItemView(ItemLine):
    limits: LimitsView
    applicants: list[str]
    channels: list[str]
    questions: list[QuestionView]
    materials: list[ChecklistLine]
    result: ResultView
    fee: FeeView | None
    follow_ons: list[FollowOnView]


class RegionView(Shape):
    code: str
    name: str


class RegionsView(Shape):
    regions: list[RegionView]


class LifeEventView(Shape):
    key: str
    name: str
    sign: str
    """One character for its tile."""
    items: list[ItemLine]


class LifeEventsView(Shape):
    events: list[LifeEventView]


class Guide:
    """Items as they are shown in one language."""

    def __init__(self, tx: Transaction, language: Language) -> None:
        self.language, self.regions = language, tx.region_names()

    def lines(self, items: Iterable[Item]) -> list[ItemLine]:
        with speaking(self.language):
            return [ItemLine(**self._head(words.shown_item(item))) for item in items]

    def whole(self, item: Item) -> ItemView:
        with speaking(self.language):
            return self._whole(words.shown_item(item))

    def _whole(self, item: Item) -> ItemView:
        return ItemView(
            **self._head(item),
            limits=LimitsView(**vars(item.limits)),
            applicants=list(item.applicants),
            channels=list(item.channels),
            questions=[_question(q) for q in item.questions],
            materials=[self._line(item, spec) for spec in item.materials],
            result=self._result(item),
            fee=FeeView(amount_fen=item.fee.amount_fen, basis=item.fee.basis) if item.fee else None,
            follow_ons=[FollowOnView(item=f.item, when=dict(f.when)) for f in item.follow_ons],
        )

    def region(self, code: str) -> str:
        names = self.regions.get(code, RegionNames(code, code))
        return (self.language == "en" and names.name_en) or names.name

    def _department(self, item: Item) -> str:
        names = self.regions.get(item.region, RegionNames(item.region, item.region))
        english = names.departments_en.get(item.department) if self.language == "en" else None
        return english or names.departments.get(item.department, item.department)

    def _head(self, item: Item) -> Mapping[str, Any]:
        plain = {name: getattr(item, name) for name in ("code", "version", "name", "summary", "region", "department")}
        return {
            **plain,
            "region_name": self.region(item.region),
            "department_name": self._department(item),
            "kind": item.kind,
            "kind_label": words.KINDS[item.kind],
            "promised_days": item.limits.promised_days,
            "in_person": item.in_person,
        }

    def _result(self, item: Item) -> ResultView:
        ways = [BY[self.language].get(way, way) for way in item.result.delivery]
        return ResultView(
            name=item.result.name, form=item.result.form, delivery=list(item.result.delivery), delivery_labels=ways
        )

    def _line(self, item: Item, spec: MaterialSpec) -> ChecklistLine:
        return ChecklistLine(
            key=spec.key,
            name=spec.name,
            document=spec.document,
            need=spec.need,
            need_label=words.NEEDS[spec.need],
            when=dict(spec.when),
            only_if=only_if(item, spec.when, self.language),
            min_pages=spec.min_pages,
            max_pages=spec.max_pages,
            original=spec.original,
            original_label=words.ORIGINAL_USES[spec.original],
            copies=spec.copies,
            source=spec.source,
            accept=spec.accept,
            labels=list(spec.form_fields),
            samples=samples(item, spec),
        )


def _question(question: Question) -> QuestionView:
    shown = [question.labels.get(choice, choice) for choice in question.choices]
    choices = list(question.choices)
    return QuestionView(key=question.key, ask=question.ask, type=question.type, choices=choices, labels=shown)


def samples(item: Item, spec: MaterialSpec) -> list[str]:
    """Pictures of the very paper, else of its kind: `440105-CSDJ.application_form.webp`, `id_card_front.jpg`, and
    further pages behind a hyphen."""
    for stem in (f"{item.code}.{spec.key}", spec.document):
        found = (*SAMPLES.glob(f"{stem}.*[gp]"), *SAMPLES.glob(f"{stem}-[0-9].*"))
        if found:
            return [f"/static/samples/{p.name}" for p in sorted(found)]
    return []


@router.get("/items")
def find_items(d: Annotated[Doors, Depends(doors)], language: Wanted, q: Words = "", region: Region = "") -> ItemsView:
    """Items by the words a resident would type, the likeliest first; without words, all. `region`: what can be applied
    for there. Where it has nothing, what other regions have is told apart; where nobody has, or nothing was asked, what is asked for most."""
    asked = q[:LONGEST_WORDS]
    with d.database.reading() as tx:
        guide = Guide(tx, language)
        items = tx.items(asked, region)
        elsewhere = tx.items(asked) if region and not items and asked.strip() else []
        often = tx.items_often(region) if not asked.strip() or not (items or elsewhere) else []
        return ItemsView(items=guide.lines(items), elsewhere=guide.lines(elsewhere), often=guide.lines(often))


@router.get("/items/{code}")
def show_item(code: str, d: Annotated[Doors, Depends(doors)], language: Wanted) -> ItemView:
    """The guide, the questions and the checklist of one item."""
    with d.database.reading() as tx:
        return Guide(tx, language).whole(tx.item(code))


@router.get("/regions")
def list_regions(d: Annotated[Doors, Depends(doors)], language: Wanted) -> RegionsView:
    """The regions that have items."""
    with d.database.reading() as tx:
        guide = Guide(tx, language)
        codes = sorted({item.region for item in tx.items()})
        return RegionsView(regions=[RegionView(code=code, name=guide.region(code)) for code in codes])


@router.get("/life-events")
def list_life_events(d: Annotated[Doors, Depends(doors)], language: Wanted, region: Region = "") -> LifeEventsView:
    """Events of a life, each with what it asks for; those that ask for nothing there are left out."""
    with d.database.reading() as tx:
        guide, offered = Guide(tx, language), tx.items("", region)
        made = [_event(event, guide, offered) for event in tx.phrases().events]
        return LifeEventsView(events=[event for event in made if event.items])


def _event(event: LifeEvent, guide: Guide, offered: Iterable[Item]) -> LifeEventView:
    wanted = sorted((i for i in offered if i.name in event.items), key=lambda i: event.items.index(i.name))
    name = event.name_en if guide.language == "en" else event.name
    return LifeEventView(key=event.key, name=name, sign=event.sign, items=guide.lines(wanted))
