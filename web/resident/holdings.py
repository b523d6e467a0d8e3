"""What is held about oneself, whole and as a file; who looked at it; the texts one agreed to; how long all of it is kept."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from cases.consents import CURRENT, ConsentText
from storage import holdings, looks, retention
from storage.looks import Look, Why, is_own
from storage.session import Transaction
from storage.words import Role
from web.auth import resident
from web.doors import Doors, doors
from web.holding_words import (
    CONSENT_NAMES,
    KEPT_GROUND,
    KEPT_NAMES,
    KEPT_SINCE,
    LOOKED_AT,
    LOOKS_WHY,
    ROLES,
    WITHHELD_WHY,
)
from web.shapes import Shape, Time
from web.words import listed, said
from web.writing import Caller

router = APIRouter(prefix="/api/v1", tags=["privacy"])
Me = Annotated[Caller, Depends(resident)]
D = Annotated[Doors, Depends(doors)]


class LookView(Shape):
    """Who: by office and duty. What: which part of one's case. Why: what for."""

    at: Time
    case: str
    who: str
    what: str
    why: str


class LooksView(Shape):
    looks: list[LookView]


class HeldSection(Shape):
    """One kind of thing that is kept, each as it is kept, with nothing masked."""

    name: str
    rows: list[dict[str, Any]]


class WithheldSection(Shape):
    name: str
    reason: str


class AllDataView(Shape):
    person: str
    made_at: Time
    held: list[HeldSection]
    withheld: list[WithheldSection]
    """What is kept and not handed out, and why."""


class ConsentTextView(Shape):
    kind: str
    version: str
    name: str
    text: str


class ConsentTextsView(Shape):
    texts: list[ConsentTextView]


class KeepingView(Shape):
    """`days`: none for what is kept for good."""

    kind: str
    name: str
    since: str
    days: int | None
    ground: str


class KeepingsView(Shape):
    kept: list[KeepingView]


@router.get("/me/looks")
def show_looks(me: Me, d: D) -> LooksView:
    """Who looked at one's papers and numbers, the newest first."""
    person = me.scope.person
    assert person is not None
    with d.database.reading() as tx:
        found = looks.looks_at(tx, [c.number for c in tx.cases_of(person)])
        names = departments_said(tx)
    return LooksView(looks=[_view(look, names) for look in found if not is_own(look, person)])


def departments_said(tx: Transaction) -> Mapping[str, str]:
    regions = tx.region_names().values()
    return {code: name for region in reversed(list(regions)) for code, name in region.departments.items()}


def _view(look: Look, names: Mapping[str, str]) -> LookView:
    return LookView(
        at=look.at, case=look.case, who=who_said(look, names), what=LOOKED_AT.get(look.what, look.what),
        why=LOOKS_WHY[look.why],
    )  # fmt: skip


def who_said(look: Look, names: Mapping[str, str]) -> str:
    """海珠区人社局 预审员; of a machine, what it is."""
    if look.why is Why.REGISTRY:
        return said("系统（经您授权）")
    if not look.roles:
        return ROLES[Role.AGENT] if look.why is Why.AGENT else said("系统")
    where = listed(names.get(code, code) for code in look.departments)
    return " ".join(part for part in (where, listed(ROLES[role] for role in look.roles)) if part)


@router.get("/me/data/all")
def all_my_data(me: Me, d: D) -> AllDataView:
    """Everything that is kept about oneself, row by row, to be taken along. The look is recorded."""
    person = me.scope.person
    assert person is not None
    with d.database.transaction() as tx:
        tx.record(f"person:{person}", me.actor, "data_taken")
        held = [HeldSection(name=s.table, rows=[dict(row) for row in s.rows]) for s in holdings.held_about(tx, person)]
        kept = [WithheldSection(name=name, reason=why) for name, why in WITHHELD_WHY.items()]
        return AllDataView(person=person, made_at=tx.now(), held=held, withheld=kept)


@router.get("/consents/texts")
def show_texts() -> ConsentTextsView:
    """What is asked to agree to, in its present wording."""
    return ConsentTextsView(texts=[text_view(one) for one in CURRENT.values()])


def text_view(one: ConsentText) -> ConsentTextView:
    return ConsentTextView(kind=one.kind, version=one.version, name=CONSENT_NAMES[one.kind], text=said(one.text))


@router.get("/keeping")
def show_keeping(d: D) -> KeepingsView:
    """How long each kind of data is kept, from when, and by which rule."""
    with d.database.reading() as tx:
        rules = retention.rules(tx).values()
    return KeepingsView(
        kept=[
            KeepingView(
                kind=r.kind, name=KEPT_NAMES[r.kind], since=KEPT_SINCE[r.kind], days=r.days, ground=KEPT_GROUND[r.kind]
            )
            for r in rules
        ]
    )
