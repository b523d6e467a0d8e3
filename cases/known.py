"""What is known already 材料免提交: which earlier papers, and which data-sharing sources, may stand in for which material.

An accepted photograph of an earlier case may, if it is of the same kind, of the same holder (the applicant, by the number
on the paper), passed for certain, young enough, not expired and not replaced since. Other people's papers (a spouse's, an
agent's, a seller's) never do: the applicant cannot consent for them. What was itself waived proves nothing further.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from cases.deadlines import beijing_day
from cases.effects import Move, Outcome, Put
from cases.items import Item, MaterialSpec, OriginalUse
from cases.lifecycle import AssignmentState, CaseState, MaterialState, advance
from cases.model import Applicant, CaseFile, Material
from cases.moment import Moment
from cases.readings import Reading
from cases.waived import INQUIRY, REGISTRY, RESOURCES, InquiryEvent, InquiryState, WaiverEnd, WaiverSource

PASSED = frozenset(
    {
        CaseState.PREAUDIT_PASSED,
        CaseState.COLLECTING,
        CaseState.RECEIVED,
        CaseState.ACCEPTED,
        CaseState.PROCESSING,
        CaseState.APPROVED,
        CaseState.CONCLUDED,
        CaseState.DELIVERING,
        CaseState.DELIVERED,
    }
)
"""A person, or a machine that was certain, has passed what was handed in."""
CAME_TO_NOTHING = frozenset(
    {
        CaseState.DRAFT,
        CaseState.WITHDRAWN,
        CaseState.NOT_ACCEPTED,
        CaseState.CORRECTION_EXPIRED,
        CaseState.ABORTED,
    }
)
"""A reissue that was never asked for in earnest replaces nothing."""
EDITABLE = frozenset({CaseState.DRAFT, CaseState.RETURNED})
NAMED_ONLY = frozenset({"other_paper", "contract", "portrait"})
"""The kind says nothing: the paper's name must be the same."""
ONE_A_PERSON = frozenset({"id_card_front", "id_card_back"})
"""Where a material takes several of them, they are several people's."""
LIMITED = frozenset({"id_card_back", "driving_licence"})
"""Kinds on which an end of validity is printed: one whose end was not read is not known to be valid."""
NUMBERS = ("id_number", "id_number_1", "id_number_2", "credit_code", "licence_number")
NAMES = ("name", "name_1", "name_2", "owner", "holder", "legal_person")
ALWAYS = "长期"


@dataclass(frozen=True)
class Earlier:
    """Another case of the same identity number. `reachable`: its papers may be offered to whoever asks; a case that is
    not counts all the same when it replaces a paper."""

    file: CaseFile
    readings: Mapping[str, Sequence[Reading]]
    reachable: bool = True


class Unfit(StrEnum):
    """Why an earlier paper does not stand in."""

    NOT_REUSABLE = "not_reusable"
    NOT_REACHABLE = "not_reachable"
    NOT_PASSED = "not_passed"
    OTHER_DOCUMENT = "other_document"
    OTHER_HOLDER = "other_holder"
    OTHER_PAGES = "other_pages"
    TOO_OLD = "too_old"
    EXPIRED = "expired"
    REPLACED = "replaced"


@dataclass(frozen=True)
class Offer:
    """`id` is what the resident answers with. `proven_on`: when it was photographed; None: it has to be asked for."""

    id: str
    material: str
    source: WaiverSource
    still_show: bool = False
    proven_on: date | None = None
    valid_to: str | None = None
    case: str | None = None
    from_material: str | None = None
    pages: tuple[str, ...] = ()
    resource: str | None = None


@dataclass(frozen=True)
class Wanted:
    """One line of a checklist, for somebody."""

    item: Item
    spec: MaterialSpec
    applicant: Applicant
    today: date


# ── whose paper ─────────────────────────────────────────────────────────────────────────────────────────────────


def is_own(item: Item, key: str) -> bool:
    """Whether this paper is the applicant's own: the item says so, or compares what stands on it with what was typed
    about the applicant. The back of a card is whose the front is."""
    spec = item.material(key)
    if spec is None or (spec.document in ONE_A_PERSON and spec.max_pages > 1):
        return False
    if key.endswith("_back"):
        return is_own(item, f"{key.removesuffix('_back')}_front")
    return spec.holder == "applicant" or any(
        _compares(call.params, key) for call in item.cross_checks if call.name == "same"
    )


def _compares(references: Any, key: str) -> bool:
    """`[id_front.id_number, form.id_number]`"""
    listed = [str(r) for r in references] if isinstance(references, list | tuple) else []
    about = {"form.id_number", "form.applicant_name"} & set(listed)
    return bool(about) and any(r.startswith(f"{key}.") for r in listed)


def shows(applicant: Applicant, readings: Sequence[Reading]) -> bool:
    """Whether the applicant's number stands on it for certain; on a paper without any number, the name."""
    numbers, names = list(_certain(readings, NUMBERS)), list(_certain(readings, NAMES))
    if numbers:
        return applicant.id_number in numbers
    return any(applicant.name in name for name in names)


def _certain(readings: Sequence[Reading], wanted: Sequence[str]) -> Iterator[str]:
    for reading in readings:
        yield from (f.value for name, f in reading.fields.items() if name in wanted and f.certain and f.value)


# ── an earlier paper ────────────────────────────────────────────────────────────────────────────────────────────


def why_not(w: Wanted, earlier: Earlier, key: str, others: Sequence[Earlier]) -> Unfit | None:
    """Why material `key` of the earlier case does not stand in; None: it does. `others`: all the person's cases."""
    material, spec = earlier.file.material(key), earlier.file.spec(key)
    if w.spec.reuse_days <= 0 or w.spec.document == "application_form" or not is_own(w.item, w.spec.key):
        return Unfit.NOT_REUSABLE
    if not earlier.reachable:
        return Unfit.NOT_REACHABLE
    if material is None or spec is None or not _same_document(w.spec, spec):
        return Unfit.OTHER_DOCUMENT
    if not _passed(earlier.file, material):
        return Unfit.NOT_PASSED
    if not _is_holders(w.applicant, earlier, key):
        return Unfit.OTHER_HOLDER
    if not _pages_fit(w.spec, earlier, key):
        return Unfit.OTHER_PAGES
    if w.today - photographed_on(earlier.file, key) > timedelta(days=w.spec.reuse_days):
        return Unfit.TOO_OLD
    if _expired(w, earlier, key):
        return Unfit.EXPIRED
    return Unfit.REPLACED if _replaced(earlier, key, others) else None


def _same_document(wanted: MaterialSpec, other: MaterialSpec) -> bool:
    same = wanted.document == other.document
    return same and (wanted.document not in NAMED_ONLY or wanted.name == other.name)


def _passed(file: CaseFile, material: Material) -> bool:
    refused = any(a.state is AssignmentState.REFUSED for a in file.assignments)
    return file.case.state in PASSED and material.state is MaterialState.ACCEPTED and not refused


def _is_holders(applicant: Applicant, earlier: Earlier, key: str) -> bool:
    """Nothing on the back of a card says whose it is: its front does. A paper without fields was accepted as this
    applicant's own, in a case of the same number."""
    if not is_own(earlier.file.item, key):
        return False
    front = f"{key.removesuffix('_back')}_front" if key.endswith("_back") else key
    spec, read = earlier.file.spec(front), earlier.readings.get(front, ())
    if spec is not None and spec.document in NAMED_ONLY:
        return True
    return shows(applicant, read)


def _pages_fit(spec: MaterialSpec, earlier: Earlier, key: str) -> bool:
    pages, read = earlier.file.pages_of(key), earlier.readings.get(key, ())
    return spec.min_pages <= len(pages) <= spec.max_pages and len(read) == len(pages)


def photographed_on(file: CaseFile, key: str) -> date:
    """The oldest of its pages counts."""
    return beijing_day(min(p.uploaded_at for p in file.pages_of(key)))


def valid_to(earlier: Earlier, key: str) -> str | None:
    """The earliest end that stands on it; for the front of a card, the back's."""
    ends = list(_certain(earlier.readings.get(key, ()), ("valid_to",)))
    if not ends and key.endswith("_front"):
        ends = list(_certain(earlier.readings.get(f"{key.removesuffix('_front')}_back", ()), ("valid_to",)))
    days = sorted(end for end in ends if end != ALWAYS)
    return days[0] if days else next(iter(ends), None)


def _expired(w: Wanted, earlier: Earlier, key: str) -> bool:
    end = valid_to(earlier, key)
    if end is None:
        return w.spec.document in LIMITED
    return end != ALWAYS and not _lasts(end, w.today + timedelta(days=_days_left(w)))


def _lasts(end: str, until: date) -> bool:
    try:
        return date.fromisoformat(end) >= until
    except ValueError:
        return False


def _days_left(w: Wanted) -> int:
    """How much longer it must be valid, as the item's own check wants it."""
    back = w.item.material(f"{w.spec.key.removesuffix('_front')}_back") if w.spec.key.endswith("_front") else None
    calls = [*w.spec.checks, *(back.checks if back else ())]
    params = [c.params for c in calls if c.name == "not_expired" and isinstance(c.params, Mapping)]
    return max((int(p.get("days_left", 0)) for p in params), default=0)


def _replaced(earlier: Earlier, key: str, others: Sequence[Earlier]) -> bool:
    """Lost on its way, or reissued by a later case: the picture is then of a paper that counts no more."""
    spec, original = earlier.file.spec(key), earlier.file.original(key)
    if spec is None or (original is not None and original.lost_at is not None):
        return True
    since = earlier.file.case.submitted_at
    return any(_reissues(o.file, spec) and _after(o.file, since) for o in others if o.file is not earlier.file)


def _reissues(file: CaseFile, spec: MaterialSpec) -> bool:
    kinds = {spec.document, spec.name}
    return bool(kinds & set(file.item.supersedes)) and file.case.state not in CAME_TO_NOTHING


def _after(file: CaseFile, since: Any) -> bool:
    handed_in = file.case.submitted_at
    return handed_in is not None and since is not None and handed_in >= since


# ── offers ──────────────────────────────────────────────────────────────────────────────────────────────────────


def known(w: Wanted, earlier: Sequence[Earlier]) -> Offer | None:
    """The newest earlier paper that stands in."""
    fit = [
        _from_case(w, e, m.key)
        for e in earlier
        for m in e.file.materials
        if why_not(w, e, m.key, earlier) is None
    ]  # fmt: skip
    return max(fit, key=lambda o: (o.proven_on or date.min, o.id), default=None)


def _from_case(w: Wanted, earlier: Earlier, key: str) -> Offer:
    number = earlier.file.case.number
    return Offer(
        id=f"case:{number}:{key}",
        material=w.spec.key,
        source=WaiverSource.CASE,
        still_show=w.spec.original is not OriginalUse.NONE,
        proven_on=photographed_on(earlier.file, key),
        valid_to=valid_to(earlier, key),
        case=number,
        from_material=key,
        pages=tuple(p.id for p in earlier.file.pages_of(key)),
    )


def from_registries(w: Wanted) -> tuple[Offer, ...]:
    """What the item says may be asked for: of the applicant's own papers alone. The source proves it, so no paper is
    wanted either."""
    if not is_own(w.item, w.spec.key):
        return ()
    asked = (s.partition(":")[2] for s in w.spec.sources if s.startswith(f"{REGISTRY}:"))
    return tuple(
        Offer(f"{REGISTRY}:{r}", w.spec.key, WaiverSource.REGISTRY, resource=r) for r in asked if r in RESOURCES
    )


def offers(file: CaseFile, earlier: Sequence[Earlier], today: date, *, registry: bool = True) -> tuple[Offer, ...]:
    """Everything that may be used now in this case, instead of a photograph."""
    made: list[Offer] = []
    for material in file.materials:
        spec = file.spec(material.key)
        if spec is None or not is_open(file, material):
            continue
        w = Wanted(file.item, spec, file.case.applicant, today)
        found = known(w, earlier)
        made += [found] if found else []
        made += from_registries(w) if registry else ()
    return tuple(o for o in made if not _refused_before(file, o))


def is_open(file: CaseFile, material: Material) -> bool:
    """Nothing stands there yet, and the resident may still change the case."""
    if file.case.state not in EDITABLE or file.pages_of(material.key) or file.inquiry_for(material.key):
        return False
    return material.state in (MaterialState.MISSING, MaterialState.RETURNED)


def _refused_before(file: CaseFile, offer: Offer) -> bool:
    """What the office did not take once is not offered again in the same case."""
    return any(
        w.material == offer.material
        and w.ended_why == WaiverEnd.REFUSED
        and (w.source_case, w.resource) == (offer.case, offer.resource)
        for w in file.waivers
    )


# ── what follows from a waiver ──────────────────────────────────────────────────────────────────────────────────


def ended(file: CaseFile, key: str, why: WaiverEnd, now: Moment) -> Outcome:
    """The waiver of a material, if there is one alive, is so no more."""
    waiver = file.waiver(key)
    return () if waiver is None else (Put("waiver", waiver.id, {"ended_at": now.at, "ended_why": str(why)}),)


def withdrawn(file: CaseFile, key: str, now: Moment) -> Outcome:
    """A question that waits for its answer is not asked any more."""
    inquiry = file.inquiry_for(key)
    if inquiry is None:
        return ()
    to = advance(INQUIRY, inquiry.state, InquiryEvent.WITHDRAW)
    return (
        Move("inquiry", inquiry.id, InquiryState.WAITING, to, InquiryEvent.WITHDRAW),
        Put("inquiry", inquiry.id, {"answered_at": now.at}),
    )


def photographed(file: CaseFile, key: str, now: Moment) -> Outcome:
    """A photograph comes after all: nothing else stands in for it."""
    return (*ended(file, key, WaiverEnd.REPLACED, now), *withdrawn(file, key, now))


def papers_saved(file: CaseFile) -> int:
    """Papers neither photographed nor handed over, because they were known."""
    waived = {m.key for m in file.materials if m.state is MaterialState.WAIVED}
    return len(waived - {w.material for w in file.waivers if w.ended_at is None and w.still_show})


def photographs_saved(file: CaseFile) -> int:
    """Papers that were not photographed once more, also where the paper is still wanted."""
    return sum(1 for m in file.materials if m.state is MaterialState.WAIVED)
