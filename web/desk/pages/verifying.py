"""What the screen of a page needs so that an auditor can say what really stands in its fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cases.effects import JobKind
from cases.field_names import field_name
from cases.findings import FindingCode
from cases.items import Item
from cases.lifecycle import CaseState
from cases.model import CaseFile
from cases.truths import item_name
from storage.session import Transaction
from storage.words import JobState
from web.auth import Desk
from web.desk.shapes import DeskPageView
from web.desk.truth import TruthView, page_view
from web.doors import Doors
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


def verifying(seen: DeskPageView, item: Item, me: Desk, d: Doors) -> Verifying:
    """The look at the page itself has been recorded."""
    with d.database.reading() as tx:
        return verifying_in(tx, tx.case_file(seen.case, readable_by=me.scope), seen, me)


def verifying_in(tx: Transaction, file: CaseFile, seen: DeskPageView, me: Desk) -> Verifying:
    """As `verifying`, of a case that is loaded."""
    no, personal = seen.case, Permission.PERSONAL_READ in me.permissions
    known = page_view(tx, file, seen.page.id, personal=personal)
    sampled, judging = tx.open_sample(no) is not None, is_judged_again(tx, no)
    spec = file.item.material(seen.page.material)
    fields = (seen.reading or {}).get("fields", {})
    named = {name: item_name(name, spec) for name in fields}
    said = {truth.field: truth for truth in known.truths}
    return Verifying(
        may=me.permissions >= NEEDED and file.case.state is not CaseState.DRAFT and seen.reading is not None,
        truths={name: said[of] for name, of in named.items() if of in said},
        missed=[(name, field_name(name, spec)) for name in _looked_for(file, seen) if name not in named.values()],
        untold=sum(bool(field["value"].strip()) and named[name] not in said for name, field in fields.items()),
        seal=known.seal,
        sampled=sampled,
        judging=judging,
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
