"""How often the machine reads right, field by field; the thresholds that follow from it, and switching them on and off."""

from collections.abc import Sequence
from math import ceil
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field

from cases import accuracy as rules
from cases.errors import NotFound
from cases.field_names import field_name
from cases.readings import Confirmed
from cases.thresholds import LEAST_TRUTHS, Effect, Tally
from storage.session import Transaction
from storage.thresholds import Switched
from storage.truths import Mistake
from web.asks import LARGEST, Word, Write
from web.auth import Desk, requires
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape, Time
from web.writing import asked, write

router = APIRouter(prefix="/desk/api", tags=["desk"])
D = Annotated[Doors, Depends(doors)]
Reader = Annotated[Desk, Depends(requires(Permission.ACCURACY_READ))]
Setter = Annotated[Desk, Depends(requires(Permission.THRESHOLD_SET))]
Named = Annotated[str, Path(max_length=64)]


class TallyView(Shape):
    """`lower`: Wilson's lower bound of the share that was right."""

    n: int
    correct: int
    share: float | None
    lower: float


class BandView(Shape):
    """Values read with that confidence or more, up to the next row's."""

    confidence: float
    tally: TallyView


class EffectView(Shape):
    """In the last `judged` judgements `findings` doubtful findings would not have been made, and `freed` cases would have
    needed no person; among the truths `passing` would have passed, `wrong` of them wrong."""

    judged: int
    findings: int
    freed: int
    passing: TallyView
    wrong: int


class ThresholdView(Shape):
    confidence: float
    effect: EffectView


class FieldAccuracyView(Shape):
    """`read`: values that the machine read, `missed`: those that it did not. `by_class`: by how they were confirmed."""

    kind: str
    field: str
    label: str
    read: TallyView
    missed: int
    by_class: dict[str, TallyView]
    bands: list[BandView]
    proposal: ThresholdView | None
    in_force: ThresholdView | None


class SwitchedView(Shape):
    """A threshold with what it was chosen from; `until` null: in force."""

    id: str
    kind: str
    field: str
    label: str
    confidence: float
    target: float
    evidence: TallyView
    since: Time
    by: str
    until: Time | None
    ended_by: str | None


class AccuracyView(Shape):
    target: float
    least_truths: int
    fields: list[FieldAccuracyView]
    thresholds: list[SwitchedView]


class MistakeView(Shape):
    """Values only for roles that may see them."""

    seq: int
    case: str
    page: str
    read_as: str
    confidence: float | None
    how: str
    at: Time
    machine: str | None
    said: str | None


class FieldMistakesView(Shape):
    field: FieldAccuracyView
    by_class: dict[str, list[BandView]]
    mistakes: list[MistakeView]
    cursor: int | None


class ThresholdAsk(Write):
    """`confidence` in steps of a hundredth; no lower than the truths bear."""

    kind: Word
    field: Word
    confidence: Annotated[float, Field(gt=0, le=1)]


class TargetAsk(Write):
    target: Annotated[float, Field(gt=0, lt=1)]


class TargetView(Shape):
    target: float


def tally_view(tally: Tally) -> TallyView:
    return TallyView(n=tally.n, correct=tally.correct, share=tally.share, lower=round(tally.lower, 6))


def _bands(bands: Sequence[rules.Band]) -> list[BandView]:
    return [BandView(confidence=b.least / 100, tally=tally_view(b.tally)) for b in bands]


def _threshold(least: int | None, effect: Effect | None) -> ThresholdView | None:
    if least is None or effect is None:
        return None
    seen = EffectView(
        judged=effect.judged,
        findings=effect.findings,
        freed=effect.freed,
        passing=tally_view(effect.passing),
        wrong=effect.passing.wrong,
    )
    return ThresholdView(confidence=least / 100, effect=seen)


def field_view(of: rules.FieldAccuracy) -> FieldAccuracyView:
    best = of.proposal
    return FieldAccuracyView(
        kind=of.kind,
        field=of.field,
        label=field_name(of.field),
        read=tally_view(of.read),
        missed=of.missed,
        by_class={name: tally_view(tally) for name, tally in of.by_class.items()},
        bands=_bands(of.bands),
        proposal=_threshold(best.least, best.effect) if best else None,
        in_force=_threshold(of.in_force, of.effect),
    )


def _switched(one: Switched) -> SwitchedView:
    return SwitchedView(
        id=one.id,
        kind=one.kind,
        field=one.field,
        label=field_name(one.field),
        confidence=one.least / 100,
        target=one.target,
        evidence=tally_view(one.evidence),
        since=one.since,
        by=one.by,
        until=one.until,
        ended_by=one.ended_by,
    )


def _accuracy(tx: Transaction, kind: str | None = None, field: str | None = None) -> list[rules.FieldAccuracy]:
    counts, judged = tx.truth_counts_of(kind, field), tx.last_judgements()
    return rules.accuracy(counts, tx.thresholds_in_force(), judged, tx.precision_target())


@router.get("/accuracy")
def show_accuracy(_me: Reader, d: D) -> AccuracyView:
    """Every field of which auditors have said what stands there, and every threshold."""
    with d.database.reading() as tx:
        fields, target, switched = _accuracy(tx), tx.precision_target(), tx.thresholds_switched()
    return AccuracyView(
        target=target,
        least_truths=LEAST_TRUTHS,
        fields=[field_view(of) for of in fields],
        thresholds=[_switched(one) for one in switched],
    )


@router.get("/accuracy/{kind}/{field}")
def show_mistakes(
    kind: Named,
    field: Named,
    me: Reader,
    d: D,
    cursor: Annotated[int | None, Query(ge=0, le=LARGEST)] = None,
) -> FieldMistakesView:
    """One field: by class and confidence, and the cases in which it was read wrong, newest first. The look at values is
    recorded in each case."""
    personal = Permission.PERSONAL_READ in me.permissions
    with (d.database.transaction if personal else d.database.reading)() as tx:
        found = _accuracy(tx, kind, field)
        if not found:
            raise NotFound("这一栏还没有真值。", kind=kind, field=field)
        by_class = tx.truth_counts_of(kind, field)[kind, field]
        wrong, more = tx.mistakes(kind, field, me.scope, before=cursor, values=personal)
        for one in wrong if personal else ():
            tx.record(one.case, me.actor, "personal_data_shown", {"what": "mistake", "page": one.page, "field": field})
    return FieldMistakesView(
        field=field_view(found[0]),
        by_class={name: _bands(rules.banded([bands])) for name, bands in by_class.items() if name in set(Confirmed)},
        mistakes=[_mistake(one) for one in wrong],
        cursor=more,
    )


def _mistake(one: Mistake) -> MistakeView:
    kept = {name: value for name, value in vars(one).items() if name in MistakeView.model_fields}
    return MistakeView(**kept)


@router.post("/thresholds")
def switch_on(ask: ThresholdAsk, me: Setter, d: D) -> SwitchedView:
    """From the next judgement on the field passes without a person at that confidence; 409 where the truths do not bear
    it."""

    def work(tx: Transaction) -> SwitchedView:
        least = ceil(ask.confidence * 100 - 1e-9)  # never lower than was asked for
        return _switched(tx.switch_threshold_on(ask.kind, ask.field, least, me.actor))

    return write(d.database, asked(me, ask, "threshold"), SwitchedView, work)


@router.post("/thresholds/{threshold}/off")
def switch_off(threshold: str, me: Setter, d: D, ask: Write | None = None) -> SwitchedView:
    """The field goes to a person again."""

    def work(tx: Transaction) -> SwitchedView:
        return _switched(tx.switch_threshold_off(threshold, me.actor))

    return write(d.database, asked(me, ask, "threshold_off", threshold), SwitchedView, work)


@router.post("/accuracy/target")
def set_target(ask: TargetAsk, me: Setter, d: D) -> TargetView:
    """The precision that thresholds must reach from now on; those in force stay as they are."""

    def work(tx: Transaction) -> TargetView:
        tx.set_precision_target(ask.target, me.actor)
        return TargetView(target=ask.target)

    return write(d.database, asked(me, ask, "precision_target"), TargetView, work)
