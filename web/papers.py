"""The originals as residents and the desk see them: where each paper is, how it came there, what went wrong with it.

Pure functions from the domain's values to shapes, with words in the language of the answer, and what packing is asked with, the same at both doors.
"""

from typing import Annotated

from pydantic import Field

from cases.actions.incidents import wishes
from cases.actions.packing import PackedLine, Packing, printed
from cases.custody import Condition, chain_of
from cases.errors import Conflict
from cases.lifecycle import TRANSFER, IncidentState
from cases.model import CaseFile, Direction, Document, HandOver, Holder, Incident, Original, Parcel, Transfer
from cases.sentences import say
from web import words
from web.asks import MAX_ENTRIES, Ask, Word, Write
from web.shapes import ChoiceView, IncidentView, OriginalView, ParcelView, Shape, StepView, Time

# ── asks ──


class PackedAsk(Ask):
    key: Word
    copies: Annotated[int, Field(ge=1, le=1000)] | None = None
    condition: Condition = Condition.GOOD
    note: Annotated[str, Field(max_length=200)] = ""


class PackAsk(Write):
    """`leg`: which envelope; the seal as it is printed on the sticker."""

    leg: Direction = Direction.COLLECTION
    seal: Word | None = None
    lines: list[PackedAsk] = Field(max_length=MAX_ENTRIES)

    def packing(self) -> Packing:
        lines = tuple(PackedLine(x.key, x.copies, x.condition, x.note.strip()) for x in self.lines)
        return Packing(self.seal, lines)


# ── views ──


def original_view(file: CaseFile, original: Original) -> OriginalView:
    steps, names = chain_of(file, original.key), words.names_of(file.item)
    last = steps[-1] if steps else None
    return OriginalView(
        key=original.key,
        name=words.said(original.name, names),
        use=original.use,
        use_label=words.ORIGINAL_USES[original.use],
        copies=original.copies,
        holder=original.holder,
        holder_label=words.HOLDERS[original.holder],
        where=where(file, original),
        since=last.at if last else None,
        place=place_of(file, last) if last else None,
        seal=_seal_of(file, original, last),
        condition=original.condition,
        condition_label=words.CONDITIONS.get(original.condition or ""),
        note=original.note,
        label=original.label,
        lost_at=original.lost_at,
        chain=[step_view(file, step) for step in steps],
    )


def where(file: CaseFile, original: Original) -> str:
    """One sentence a resident understands: 在快递员处."""
    if original.lost_at is not None:
        return words.said("已确认遗失")
    held = words.HELD_BY[original.holder]
    tasks = _tasks(file, original.department)
    if original.holder is not Holder.DEPARTMENT or not tasks:
        return held
    return words.said(say("{held}（{tasks}）", held=held, tasks=tasks))


def _tasks(file: CaseFile, department: str | None) -> str:
    """A department is named to residents by what it does for them."""
    mine = dict.fromkeys(a.task for a in file.assignments if a.department == department)
    return words.listed(mine, words.names_of(file.item))


def place_of(file: CaseFile, step: HandOver) -> str | None:
    if step.taker is Holder.DEPARTMENT:
        return _tasks(file, step.place) or None
    return words.perhaps(step.place)


def _seal_of(file: CaseFile, original: Original, last: HandOver | None) -> str | None:
    """Of the envelope it is in; at home, of the one it was packed into."""
    if last is not None and last.taker is Holder.COURIER:
        return last.seal
    if original.holder is not Holder.RESIDENT:
        return None
    leg = file.leg(Direction.COLLECTION)
    parcel = file.parcel(leg.id) if leg is not None else None
    return parcel.seal if parcel is not None and original.key in parcel.keys and not last else None


def step_view(file: CaseFile, step: HandOver) -> StepView:
    return StepView(
        at=step.at,
        giver=step.giver,
        taker=step.taker,
        label=words.passed(step.giver, step.taker),
        place=place_of(file, step),
        seal=step.seal,
        found=words.perhaps(step.found),
    )


def parcel_view(file: CaseFile, parcel: Parcel) -> ParcelView:
    leg = file.leg_by_id(parcel.leg)
    assert leg is not None
    return ParcelView(
        leg=leg.direction,
        leg_id=leg.id,
        label=parcel.label,
        keys=list(parcel.keys),
        seal=parcel.seal,
        packed_at=parcel.packed_at,
        photographed=parcel.photo is not None,
        photo_problem=words.perhaps(parcel.photo_problem),
        printed=printed(file, "label", leg.direction) is not None,
    )


def incident_view(file: CaseFile, incident: Incident) -> IncidentView:
    """As its resident sees it: without who of the office wrote what."""
    names = {o.key: words.said(o.name, words.names_of(file.item)) for o in file.originals}
    asked = incident.state is IncidentState.WITH_RESIDENT
    notes = incident.detail.get("notes", ())
    return IncidentView(
        id=incident.id,
        kind=incident.kind,
        kind_label=words.incident_kind(incident),
        state=incident.state,
        state_label=words.INCIDENTS[incident.state],
        originals=[names[k] for k in incident.keys if k in names],
        opened_at=incident.opened_at,
        due_at=incident.due_at,
        closed_at=incident.closed_at,
        settlement=incident.settlement,
        settlement_label=words.SETTLEMENTS[incident.settlement] if incident.settlement else None,
        reason=words.perhaps(incident.reason),
        question=str(notes[-1]["text"]) if asked and notes else None,
        choices=[ChoiceView(value=w, label=words.SETTLEMENTS[w]) for w in wishes(incident)] if asked else [],
    )


class TransferView(Shape):
    id: str
    case: str
    keys: list[str]
    giver: str
    taker: str
    department: str
    state: str
    state_label: str
    offered_at: Time
    offered_by: str
    due_at: Time
    settled_at: Time | None
    settled_by: str | None
    note: str | None


def transfer_view(transfer: Transfer, case: str) -> TransferView:
    label = TRANSFER.labels[transfer.state]
    return TransferView(**{**vars(transfer), "keys": list(transfer.keys), "case": case, "state_label": label})


# ── printing ──


class NotPacked(Conflict):
    code = "not_packed"


def printed_paper(file: CaseFile, kind: str, direction: Direction) -> Document:
    """The label or the manifest. Raises `NotPacked`."""
    made = printed(file, kind, direction)
    if made is None:
        raise NotPacked("请先填好信封里装了什么，再打印。")
    return made
