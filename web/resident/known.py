"""What is known already: what stays at home for an item, and, in a case, using an earlier paper or a registry instead of a
photograph, on consent to the very text that was shown; and taking it back.

Offers are of the applicant's own papers, out of cases that whoever asks may see. A registry is asked in the background:
the answer comes with the next look, and until then, or without it, a photograph does as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from cases.actions import waiving
from cases.actions.waiving import Consent
from cases.effects import Add, Outcome
from cases.errors import Conflict, NotFound
from cases.items import Item
from cases.known import (
    Earlier,
    Offer,
    Wanted,
    from_registries,
    known,
    offers,
    papers_saved,
    photographs_saved,
)
from cases.model import Applicant, Case, CaseFile, Material
from cases.moment import Moment
from cases.waived import CONSENTS, Waiver, WaiverSource
from storage.proofs import Reach, proven_phone
from storage.queues import masked_name
from storage.session import Transaction
from web.asks import Ask, TransactionId, Word, Write
from web.auth import resident
from web.doors import Doors, doors
from web.shapes import Shape, WaivedView
from web.waived import InquiryView, inquiry_view, label_of, waived_view
from web.words import names_of, said
from web.writing import Caller, asked, decide, moment, write

router = APIRouter(prefix="/api/v1", tags=["known"])
Me = Annotated[Caller, Depends(resident)]
D = Annotated[Doors, Depends(doors)]
_MONTH = timedelta(days=30)
NOBODY = Applicant("person", "", "", "")


# ── shapes ──────────────────────────────────────────────────────────────────────────────────────────────────────


class OfferView(Shape):
    """`date`: when it was photographed; None for what has to be asked for. `still_show`: the photograph is spared, the
    paper original is asked for all the same. `thumbnail`: where its small copy is, if whoever asks may see it."""

    id: str
    source: str
    source_label: str
    resource: str | None
    date: date | None
    valid_until: str | None
    still_show: bool
    thumbnail: str | None


class KnownMaterial(Shape):
    """`state`: offered | asking | used | none."""

    material: str
    name: str
    state: str
    offers: list[OfferView]
    used: WaivedView | None
    inquiry: InquiryView | None
    """The newest question to a registry about this material."""


class ConsentText(Shape):
    version: str
    text: str


class KnownView(Shape):
    """`consents`: by source, what has to be agreed to. `editable`: whether anything may still be used or taken back."""

    case: str
    editable: bool
    consents: dict[str, ConsentText]
    materials: list[KnownMaterial]
    papers_saved: int
    photographs_saved: int


class StaysView(Shape):
    """One paper of the checklist that need not be brought. `from_registry`: it is proved on authorisation."""

    material: str
    name: str
    from_registry: bool
    source_label: str
    date: date | None
    valid_until: str | None
    still_show: bool


class StaysHomeView(Shape):
    """`whose`: the name, masked, of whom the newest of one's own cases was for; None without one."""

    item: str
    whose: str | None
    materials: list[StaysView]


class ConsentGiven(Ask):
    version: Word
    agreed: bool


class UseAsk(Write):
    offer: Annotated[str, Field(min_length=1, max_length=160)]
    consent: ConsentGiven
    transaction_id: TransactionId


# ── what stays at home ──────────────────────────────────────────────────────────────────────────────────────────


@router.get("/me/known")
def stays_at_home(item: Annotated[str, Query(max_length=64)], me: Me, d: D) -> StaysHomeView:
    """Which papers of an item are known already, or can be had from a registry on authorisation."""
    with d.database.reading() as tx:
        wanted, mine = tx.item(item), _own(tx, me, tx.item(item))
        applicant = mine.applicant if mine else NOBODY
        earlier = tx.earlier_of(applicant, "", Reach(me.scope)) if mine else []
        today = moment(tx, me).today
    lines = [line for spec in wanted.materials if (line := _stays(Wanted(wanted, spec, applicant, today), earlier, d))]
    return StaysHomeView(item=item, whose=masked_name(applicant.name) if mine else None, materials=lines)


def _own(tx: Transaction, me: Caller, item: Item) -> Case | None:
    """The newest case that somebody opened for themselves and that is still theirs to speak of."""
    mine = tx.cases_of(str(me.scope.person)) if me.scope.person is not None else []
    fit = (c for c in mine if c.agent is None and c.applicant.id_number and c.applicant.kind in item.applicants)
    return next(fit, None)


def _stays(w: Wanted, earlier: Sequence[Earlier], d: Doors) -> StaysView | None:
    offer = known(w, earlier) or next(iter(from_registries(w) if d.sharing else ()), None)
    if offer is None:
        return None
    return StaysView(
        material=w.spec.key,
        name=said(w.spec.name, names_of(w.item)),
        from_registry=offer.source is WaiverSource.REGISTRY,
        source_label=label_of(offer.resource),
        date=offer.proven_on,
        valid_until=offer.valid_to,
        still_show=offer.still_show,
    )


# ── in a case ───────────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/cases/{no}/known")
def show_known(no: str, me: Me, d: D) -> KnownView:
    """Per material: what is offered, what is used, what is being asked."""
    with d.database.reading() as tx:
        return _view(tx, tx.case_file(no, readable_by=me.scope), me, d)


@router.post("/cases/{no}/known/{material}")
def use(no: str, material: str, ask: UseAsk, me: Me, d: D) -> KnownView:
    """Consent, and use it: an earlier paper at once, a registry's proof when its answer comes."""
    request = asked(me, ask, "known", no, material)
    return write(d.database, request, KnownView, lambda tx: _used(tx, d, me, _Use(no, material, ask)))


@dataclass(frozen=True)
class _Use:
    case: str
    material: str
    ask: UseAsk


def _used(tx: Transaction, d: Doors, me: Caller, wanted: _Use) -> KnownView:
    no, ask = wanted.case, wanted.ask
    consent = Consent(ask.consent.version, ask.consent.agreed)
    kept: list[tuple[str, Earlier, str]] = []

    def decision(file: CaseFile, now: Moment) -> Outcome:
        earlier = tx.earlier_of(file.case.applicant, no, _reach(file, me))
        offer = _offered(file, offers(file, earlier, now.today, registry=d.sharing), wanted.material, ask.offer)
        if offer is None:
            return ()
        if offer.source is WaiverSource.REGISTRY:
            others = tx.others_asked_about(me.actor.id, file.case.applicant.id_number, now.at - _MONTH)
            return waiving.ask(file, offer, consent, others, now)
        outcome = waiving.use(file, offer, consent, now)
        kept.extend((w, e, str(offer.from_material)) for w in _waivers(outcome) for e in earlier if _is_of(e, offer))
        return outcome

    file = decide(tx, me, no, decision)
    for waiver, source, key in kept:
        tx.save_proof(waiver, source.readings[key])
    return _view(tx, file, me, d)


def _offered(file: CaseFile, made: Sequence[Offer], material: str, offer_id: str) -> Offer | None:
    """None: that very offer is in use already, or being asked for; somebody tapped twice. Raises `NotFound`, `Conflict`."""
    if file.material(material) is None:
        raise NotFound("该办件没有这份材料。", materials=[m.key for m in file.materials])
    found = next((o for o in made if o.material == material and o.id == offer_id), None)
    if found is not None:
        return found
    waiver, inquiry = file.waiver(material), file.inquiry_for(material)
    in_use = {f"registry:{x.resource}" for x in (waiver, inquiry) if x and x.resource}
    in_use |= {f"case:{waiver.source_case}:{waiver.source_material}"} if waiver else set()
    if offer_id in in_use:
        return None
    waiving.check_editable(file)
    raise Conflict("这份材料现在不能这样使用，请直接拍照上传。", material=material)


def _waivers(outcome: Outcome) -> list[str]:
    return [e.entity.id for e in outcome if isinstance(e, Add) and isinstance(e.entity, Waiver)]


def _is_of(earlier: Earlier, offer: Offer) -> bool:
    return earlier.file.case.number == offer.case


@router.delete("/cases/{no}/known/{material}")
def take_back(
    no: str, material: str, me: Me, d: D, transaction_id: Annotated[TransactionId | None, Query()] = None
) -> KnownView:
    """Take the consent back, until the case is handed in: the paper is then to be photographed."""

    def work(tx: Transaction) -> KnownView:
        file = decide(tx, me, no, lambda file, now: waiving.take_back(file, material, now))
        return _view(tx, file, me, d)

    request = asked(me, Write(transaction_id=transaction_id), "known-back", no, material)
    return write(d.database, request, KnownView, work)


def _reach(file: CaseFile, me: Caller) -> Reach:
    return Reach(me.scope, proven_phone(file))


def _view(tx: Transaction, file: CaseFile, me: Caller, d: Doors) -> KnownView:
    earlier = tx.earlier_of(file.case.applicant, file.case.number, _reach(file, me))
    made = offers(file, earlier, moment(tx, me).today, registry=d.sharing)
    mine = {str(e.file.case.number) for e in earlier if e.file.case.owner == me.scope.person}
    return KnownView(
        case=file.case.number,
        editable=waiving.is_editable(file),
        consents={source: ConsentText(version=w.version, text=said(w.text)) for source, w in CONSENTS.items()},
        materials=[_material(file, m, [o for o in made if o.material == m.key], mine) for m in file.materials],
        papers_saved=papers_saved(file),
        photographs_saved=photographs_saved(file),
    )


def _material(file: CaseFile, material: Material, made: Sequence[Offer], mine: set[str]) -> KnownMaterial:
    waiver = file.waiver(material.key)
    asked_last = next((i for i in reversed(file.inquiries) if i.material == material.key), None)
    asking = file.inquiry_for(material.key) is not None
    return KnownMaterial(
        material=material.key,
        name=said(material.name, names_of(file.item)),
        state="used" if waiver else "asking" if asking else "offered" if made else "none",
        offers=[_offer(o, mine) for o in made],
        used=waived_view(waiver) if waiver else None,
        inquiry=inquiry_view(asked_last) if asked_last else None,
    )


def _offer(offer: Offer, mine: set[str]) -> OfferView:
    page = next(iter(offer.pages), None)
    return OfferView(
        id=offer.id,
        source=offer.source,
        source_label=label_of(offer.resource),
        resource=offer.resource,
        date=offer.proven_on,
        valid_until=offer.valid_to,
        still_show=offer.still_show,
        thumbnail=f"/api/v1/cases/{offer.case}/pages/{page}/picture" if page and offer.case in mine else None,
    )
