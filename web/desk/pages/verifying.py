"""What the screen of a page needs so that an auditor can say what really stands in its fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cases.effects import JobKind
from cases.field_names import field_name
from cases.findings import FindingCode
from cases.lifecycle import CaseState
from cases.model import CaseFile
from cases.truths import item_name
from storage.session import Transaction
from storage.words import JobState
from web.auth import Desk
from web.desk.shapes import DeskPageView
from web.desk.truth import TruthView, seal_of, truths_on
from web.permissions import Permission

NEEDED = frozenset({Permission.MATERIAL_DECIDE, Permission.PERSONAL_READ})


@dataclass(frozen=True)
class Verifying:
    """`truths`: by the field's name as it was read. `missed`: fields that were looked for and not read, with their labels.
    `untold`: how many of those that were read nobody has spoken of. `judging`: the case is being judged again."""

    may: bool
    truths: Mapping[str, TruthView]
    missed: Sequence[tuple[str, str]]
    untold: int
    seal: str | None
    sampled: bool
    judging: bool


def verifying_in(tx: Transaction, file: CaseFile, seen: DeskPageView, me: Desk) -> Verifying:
    """The look at the page itself has been recorded."""
    personal, spec = Permission.PERSONAL_READ in me.permissions, file.spec(seen.page.material)
    fields = {name: str(field["value"]) for name, field in (seen.reading or {}).get("fields", {}).items()}
    named = {name: item_name(name, spec) for name in fields}
    said = {truth.field: truth for truth in truths_on(tx, file, seen.page.id, spec, personal=personal)}
    return Verifying(
        may=me.permissions >= NEEDED and file.case.state is not CaseState.DRAFT and seen.reading is not None,
        truths={name: said[of] for name, of in named.items() if of in said},
        missed=[(name, field_name(name, spec)) for name in _looked_for(file, seen) if name not in named.values()],
        untold=sum(bool(value.strip()) and named[name] not in said for name, value in fields.items()),
        seal=seal_of(fields) if personal else None,
        sampled=tx.open_sample(seen.case) is not None,
        judging=is_judged_again(tx, seen.case),
    )


def _looked_for(file: CaseFile, seen: DeskPageView) -> list[str]:
    """Fields that should stand on this page and were not read; of a material with one page also those of no page."""
    only = len(file.pages_of(seen.page.material)) == 1
    mine = [f for f in file.findings if f.material == seen.page.material and f.code is FindingCode.FIELD_MISSING]
    here = [f.field for f in mine if f.page == seen.page.ordinal or (only and f.page is None)]
    return list(dict.fromkeys(name for name in here if name))


def is_judged_again(tx: Transaction, no: str) -> bool:
    unfinished = (JobState.QUEUED, JobState.RUNNING)
    return any(job.kind is JobKind.CASE_JUDGE and job.state in unfinished for job in tx.jobs.of_subject(no))
