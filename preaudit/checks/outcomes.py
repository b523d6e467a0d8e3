"""The three outcomes, made findings: what is wrong for certain, what is doubtful, what cannot be told.

Messages name the field and the material, never an identity number, a phone or an address: findings are kept and shown
where those are masked.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cases.findings import Finding, FindingCode, Severity, found
from cases.sentences import Sentence, say
from preaudit.checks.sight import Located, Sheet, Sight
from preaudit.documents import FIELDS, field_name, kinds_of

CLEARLY_READ = 0.8
COMPARED = "compared"
"""Evidence of a comparison that failed: every spot that took part, for `preaudit.causes` to find the one to blame."""
OF_THE_PAGE = "of_the_page"
"""Evidence of a finding that says the whole page is not what it should be: its other comparisons follow from that."""


def on_field(
    sight: Sight,
    name: str,
    wrong: Callable[[Located], Finding | None],
    closed: Callable[[str], bool] = lambda _: False,
) -> Iterator[Finding]:
    """Asks `wrong` of every page's value of the field. Nothing there, or blank: cannot tell, unless the cause is known.

    A household register shows people whom the item does not ask for: where another source names whose page it is, the
    pages that no source names are only told of what is wrong for certain.

    `closed`: values of a form that no misread character makes out of something else (长期, …公安局); one reader that
    read such a value clearly is enough.
    """
    others = pages_of_others(sight)
    yield from unread(sight, name)
    for at in (at for at in sight.find(name) if at.value.strip()):
        sure = at.sure or (closed(at.value) and clearly(at))
        finding = outcome(sight, replace(at, sure=sure), wrong(at))
        if finding is not None and (sure or at.spot.page not in others):
            yield finding


def clearly(at: Located) -> bool:
    return at.field.confidence >= CLEARLY_READ


def unread(sight: Sight, name: str) -> Iterator[Finding]:
    """Cannot tell: nowhere in the material; or not on one of its pages, where each is a document of its own."""
    there = {at.spot.page for at in sight.find(name) if at.value.strip()}
    if not there:
        if not sight.blocked:
            yield missing(sight, name)
        return
    told = pages_of_others(sight)
    for sheet in sight.sheets:
        if name in FIELDS.get(sheet.reading.kind, ()) and sheet.page not in told and _stands_alone(sight, sheet, name):
            told |= {sheet.page}
            yield missing(sight, name, sheet.page)


_NUMBERED: Mapping[str, str] = {
    "id_card_front": "",
    "id_card_back": "",
    "household_register_member": "",
    "driving_licence": "licence_number",
    "vehicle_licence": "plate",
}
"""Kinds of which a material may hold several people's or vehicles'. Pages that repeat one number (a licence and its second
page) are one document; without a number to go by, each page is one."""


def _stands_alone(sight: Sight, sheet: Sheet, name: str) -> bool:
    """Whether that page is of a document of which no page says it."""
    of_number = _NUMBERED.get(sheet.reading.kind)
    if of_number is None:
        return False
    return not any(_has(other, name) for other in sight.sheets if other is sheet or _one(of_number, sheet, other))


def _has(sheet: Sheet, name: str) -> bool:
    return name in sheet.fields and bool(sheet.fields[name].value.strip())


def _one(of_number: str, sheet: Sheet, other: Sheet) -> bool:
    return (
        _has(sheet, of_number)
        and _has(other, of_number)
        and sheet.fields[of_number].value == other.fields[of_number].value
    )


_REGISTER_PAGE = "household_register_member"


def pages_of_others(sight: Sight) -> set[int]:
    """Pages of a register that no other source names, where another source does name some."""
    if _REGISTER_PAGE not in kinds_of(sight.spec.document):
        return set()
    pages = {sheet.page for sheet in sight.sheets if sheet.reading.kind == _REGISTER_PAGE}
    named = {
        spot.page for spot in sight.agreed if spot.material == sight.spec.key and spot.field in ("name", "id_number")
    }
    return pages - named if named else set()


def outcome(sight: Sight, at: Located, wrong: Finding | None) -> Finding | None:
    """A value that was not read with certainty neither passes nor goes back to the resident: a person looks."""
    if at.sure:
        return wrong
    return replace(wrong, severity=Severity.DOUBTFUL) if wrong else doubtful(sight, at)


def at_field(at: Located, code: FindingCode, message: str | None = None, **evidence: Any) -> Finding:
    return found(
        code,
        material=at.spot.material,
        page=at.spot.page,
        field=at.spot.field,
        box=at.field.box,
        message=message,
        **evidence,
    )


def missing(sight: Sight, name: str, page: int | None = None) -> Finding:
    """`page`: where it should stand, if not anywhere in the material."""
    label = field_name(name, sight.spec)
    message = unread_on(sight.spec.name, [label])
    return found(
        FindingCode.FIELD_MISSING,
        material=sight.spec.key,
        page=page or sight.only_page,
        field=name,
        message=message,
        fields=[name],
        paper=sight.spec.name,
        label=label,
    )


def unread_on(paper: str, fields: Sequence[str]) -> Sentence:
    return say("没有在{paper}上找到{fields}", paper=paper, fields=list(fields))


def doubtful(sight: Sight, at: Located) -> Finding:
    label = field_name(at.spot.field, sight.spec)
    message = say("{place}上的{field}看不太清", place=sight.spec.name, field=label)
    evidence = {"confirmed": str(at.field.confirmed), "confidence": round(at.field.confidence, 4)}
    return at_field(at, FindingCode.FIELD_DOUBTFUL, message, **evidence, kind=_kind_at(sight, at))


def _kind_at(sight: Sight, at: Located) -> str:
    """Of the document that the value stands on."""
    return next(
        s.reading.kind for s in sight.sheets if s.page == at.spot.page and s.fields.get(at.spot.field) is at.field
    )
