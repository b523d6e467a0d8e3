"""bundle.open: a child of a bundle 一件事 becomes a case, with what its parent's case has proved.

One job a child. The child, what it inherits and the parent's line about it are one transaction; an item that cannot be
opened by itself is said so on the parent and to the resident, and the parent goes on.
"""

from collections.abc import Mapping, Sequence

from cases.actions.bundling import NO_REASON, Names, open_child, record_opened, record_problem
from cases.bundles import APPROVED, follow_on, is_waiting
from cases.effects import JobKind
from cases.errors import NotFound, Refusal
from cases.model import CaseFile, Child
from cases.readings import Reading
from cases.waived import Waiver
from storage.actors import Actor
from storage.jobs import Job
from storage.session import Transaction
from storage.words import ActorKind
from workers.actors.judging import looked_over
from workers.context import Context, moment
from workers.jobs import Finish, Handler

BUNDLES = Actor(ActorKind.SYSTEM, "bundles")


def open_one(_context: Context, job: Job) -> Finish:
    return lambda tx: _open(tx, job.subject)


def _open(tx: Transaction, child_id: str) -> None:
    parent, child = _locked(tx, child_id)
    if not is_waiting(child) or parent.case.state not in APPROVED:
        return
    follow, names = follow_on(parent, child), _names(tx, parent)
    try:
        if follow is None:
            raise NotFound("该事项的目录已调整，不再一并办理。", item=child.item)
        item = tx.item(child.item)
        number = tx.next_case_number(item.region, moment(tx).today)
        opened = open_child(parent, follow, item, number, moment(tx, parent.case.owner))
    except Refusal as error:
        tx.apply(parent.case.number, record_problem(parent, child, error.message, names), actor=BUNDLES)
        return
    tx.open_case(opened.case, opened.materials, actor=BUNDLES)
    tx.apply(number, opened.outcome, actor=BUNDLES)
    _save_readings(tx, parent, opened.waivers)
    tx.apply(parent.case.number, record_opened(parent, child, opened, names, moment(tx)), actor=BUNDLES)


def _locked(tx: Transaction, child_id: str) -> tuple[CaseFile, Child]:
    """The parent first, so that sisters come one after the other and the last one tells."""
    number, _ = tx.child(child_id)
    parent = tx.case_file(number, for_change=True)
    return parent, next(c for c in parent.children if c.id == child_id)


def _names(tx: Transaction, parent: CaseFile) -> Names:
    found: dict[str, str] = {}
    for child in parent.children:
        try:
            found[child.item] = tx.item(child.item).name
        except NotFound:
            found[child.item] = child.item
    return found


def _save_readings(tx: Transaction, parent: CaseFile, waivers: Sequence[Waiver]) -> None:
    number = parent.case.number
    proven: Mapping[str, Sequence[Reading]] = {**looked_over(tx, parent), **tx.proven_readings(number)}
    for waiver in waivers:
        if readings := proven.get(waiver.source_material or ""):
            tx.save_proof(waiver.id, readings)


def give_up(tx: Transaction, child_id: str) -> None:
    parent, child = _locked(tx, child_id)
    if is_waiting(child):
        said = record_problem(parent, child, NO_REASON, _names(tx, parent))
        tx.apply(parent.case.number, said, actor=BUNDLES)


BUNDLE_OPEN = Handler(JobKind.BUNDLE_OPEN, open_one, give_up)
