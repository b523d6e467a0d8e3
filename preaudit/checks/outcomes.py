"""The three outcomes, made findings: what is wrong for certain, what is doubtful, what cannot be told.

Messages name the field and the material, never an identity number, a phone or an address: findings are kept and shown
where those are masked.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from cases.findings import Finding, FindingCode, Severity, found
from preaudit.checks.sight import Located, Sight
from preaudit.documents import field_name, kinds_of

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

    A household register shows people whom the item does not ask for: where another source names somebody's page, the
    others' pages are only told of what is wrong for certain.

    `closed`: values of a form that no misread character makes out of something else (长期, …公安局); one reader that
    read such a value clearly is enough.
    """
    values = [at for at in sight.find(name) if at.value.strip()]
    if not values and not sight.blocked:
        yield missing(sight, name)
    named = _REGISTER_PAGE in kinds_of(sight.spec.document) and any(at.spot in sight.agreed for at in values)
    for at in values:
        clear = closed(at.value) and at.field.confidence >= CLEARLY_READ
        sure = at.sure or clear
        finding = outcome(sight, replace(at, sure=sure), wrong(at))
        if finding is not None and (sure or not named):
            yield finding


_REGISTER_PAGE = "household_register_member"


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


def missing(sight: Sight, name: str) -> Finding:
    label = field_name(name, sight.spec)
    message = f"没有识读到{sight.spec.name}上的{label}"
    return found(
        FindingCode.FIELD_MISSING,
        material=sight.spec.key,
        page=sight.only_page,
        field=name,
        message=message,
        fields=[name],
        label=label,
    )


def doubtful(sight: Sight, at: Located) -> Finding:
    label = field_name(at.spot.field, sight.spec)
    message = f"{sight.spec.name}上的{label}识读不确定"
    return at_field(at, FindingCode.FIELD_DOUBTFUL, message, confirmed=str(at.field.confirmed))
