"""What the item manager's doors are asked and answer."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from web.asks import Ask, Lines, Whole, Word, Write
from web.desk.catalogue.editing import LineChange
from web.shapes import FindingView, Point, Shape, Time

Place = Annotated[str, StringConstraints(max_length=200)]
Text = Annotated[str, StringConstraints(max_length=4000)]
Version = Annotated[int, Field(ge=1, le=1_000_000)]


# ── items ──


class ComingView(Shape):
    version: int
    valid_from: date


class DraftHead(Shape):
    id: str
    code: str
    name: str
    region: str
    base: int | None
    state: str
    state_label: str
    changed_at: Time
    changed_by: str


class CatalogueLine(Shape):
    """`version`: the one in force; null: none yet. `cases`: opened in the last 30 days; `cases_more`: at least so many."""

    code: str
    name: str
    region: str
    department: str
    kind: str
    promised_days: int
    version: int | None
    valid_from: date | None
    coming: ComingView | None
    draft: DraftHead | None
    cases: int
    cases_more: bool


class CatalogueView(Shape):
    items: list[CatalogueLine]
    cursor: str | None
    """For the next page; null at the end."""


class DraftsView(Shape):
    drafts: list[DraftHead]
    cursor: int | None


class VersionView(Shape):
    """`standing`: past | in_force | coming | withdrawn. Without a draft it came with the program."""

    version: int
    name: str
    standing: str
    valid_from: date
    published_at: Time
    published_by: str | None
    proposed_by: str | None
    approved_by: str | None
    note: str
    draft: str | None


class ItemSeen(Shape):
    code: str
    version: int
    standing: str
    definition: dict[str, Any]
    versions: list[VersionView]
    draft: DraftHead | None
    cases: int
    cases_more: bool


class DifferenceView(Shape):
    place: str
    head: str
    label: str
    before: str | None
    after: str | None


class DiffView(Shape):
    """`unified`: of the two YAML texts. An older one that is null: there was none."""

    code: str
    before: int | None
    after: int | None
    differences: list[DifferenceView]
    unified: str


class RetainedProof(Shape):
    name: str
    basis: str


class RetainedProofs(Shape):
    """What may still be asked for as a proof 证明 in a region (保留证明事项清单)."""

    region: str
    name: str
    proofs: list[RetainedProof]


class RetainedView(Shape):
    regions: list[RetainedProofs]


# ── drafts ──


class BeginAsk(Write):
    """`version`: which published version to begin from; the newest without."""

    code: Word
    version: Version | None = None


class ImportAsk(Write):
    format: Literal["yaml", "exchange_json", "exchange_csv"]
    text: Annotated[str, StringConstraints(min_length=1, max_length=200_000)]


class PutField(Ask):
    """`values`: one, or what was ticked; a check is its name and its parameters as YAML. Money is in yuan."""

    place: Place
    values: Annotated[list[Text], Field(max_length=50)]


class ChangeLine(Ask):
    list: Place
    change: LineChange
    index: Annotated[int, Field(ge=0, le=1000)] = 0


class EditAsk(Write):
    """`revision`: the one that was seen."""

    revision: Whole
    fields: Annotated[list[PutField], Field(max_length=100, default_factory=list)]
    lines: Annotated[list[ChangeLine], Field(max_length=20, default_factory=list)]


class YamlAsk(Write):
    revision: Whole
    text: Annotated[str, StringConstraints(max_length=200_000)]


class ProposeAsk(Write):
    revision: Whole
    note: Lines


class DecideAsk(Write):
    revision: Whole
    decision: Literal["approve", "reject"]
    opinion: Lines = ""


class PublishAsk(Write):
    valid_from: date


class BacktestAsk(Write):
    """`most`: of the newest cases of the item."""

    most: Annotated[int, Field(ge=1, le=500)] = 200


class MisfitView(Shape):
    """What the linter says; `line`: of the YAML text."""

    where: str
    line: int
    rule: str
    message: str
    warning: bool


class DraftView(DraftHead):
    """`linted`: whether the linter has seen this revision. `actions`: what may be done with it now by whoever asks."""

    revision: int
    linted: bool
    misfits: list[MisfitView]
    definition: dict[str, Any]
    made_by: str
    made_at: Time
    editors: list[str]
    note: str
    proposed_by: str | None
    proposed_at: Time | None
    opinion: str
    decided_by: str | None
    decided_at: Time | None
    version: int | None
    valid_from: date | None
    in_force: int | None
    """The version that new cases are opened under today."""
    actions: list[str]


# ── backtests ──


class PageBox(Shape):
    how: str
    """gone | new: whether the finding would go or come."""
    points: list[Point]


class LookedPage(Shape):
    """A page that the changed findings are about; its picture is at `picture`."""

    id: str
    material: str
    material_name: str
    wide: int
    high: int
    boxes: list[PageBox]
    picture: str


class ChangedCase(Shape):
    """`may_look`: whether the case lies in the scope of whoever asks; what is found on its papers is shown only then."""

    case: str
    before: str
    before_label: str
    after: str
    after_label: str
    may_look: bool
    gone: list[FindingView]
    new: list[FindingView]
    pages: list[LookedPage]


class Turned(Shape):
    before_label: str
    after_label: str
    cases: int


class BacktestView(Shape):
    """`state`: waiting | running | done | failed."""

    id: str
    draft: str
    revision: int
    state: str
    most: int
    total: int
    done: int
    changed: int
    asked_at: Time
    ended_at: Time | None
    turned: list[Turned]
    cases: list[ChangedCase]
