"""What a person of the office decides, and what takes a second one: a refusal is proposed by one and confirmed by another.

Values only. Who may propose and confirm stands in `cases.actions.seconding`, what is asked of a second correction notice in
`cases.actions.noticing`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cases.findings import Finding
from cases.lifecycle import Machine

SECOND_DAYS = 1
"""Working days in which the second person answers: ours."""


class ProposalKind(StrEnum):
    REFUSE_MATERIAL = "refuse_material"
    NOT_ACCEPT = "not_accept"


PROPOSAL_LABELS: Mapping[ProposalKind, str] = {
    ProposalKind.REFUSE_MATERIAL: "不予认可材料",
    ProposalKind.NOT_ACCEPT: "不予受理",
}


class ProposalState(StrEnum):
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ProposalEvent(StrEnum):
    CONFIRM = "confirm"
    REJECT = "reject"
    WITHDRAW = "withdraw"


S, V = ProposalState, ProposalEvent
PROPOSAL: Machine[ProposalState, ProposalEvent] = Machine(
    name="proposal",
    states=ProposalState,
    events=ProposalEvent,
    initial=S.WAITING,
    table={
        S.WAITING: {V.CONFIRM: S.CONFIRMED, V.REJECT: S.REJECTED, V.WITHDRAW: S.WITHDRAWN},
        S.CONFIRMED: {},
        S.REJECTED: {},
        S.WITHDRAWN: {},
    },
    labels={
        S.WAITING: "待第二人复核",
        S.CONFIRMED: "复核同意",
        S.REJECTED: "复核不同意",
        S.WITHDRAWN: "已撤回",
    },
)


@dataclass(frozen=True)
class Proposed:
    """What one person asks of a second one."""

    kind: ProposalKind
    reason: str
    material: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Proposal:
    """A refusal that waits for a second person. It waits no longer than its case may stay in review. `material`: None
    where it is the whole case. `answer`: why the second person did not agree. `due_at`: when an answer is late."""

    id: str
    kind: ProposalKind
    reason: str
    by: str
    at: datetime
    material: str | None = None
    note: str | None = None
    state: ProposalState = ProposalState.WAITING
    answered_by: str | None = None
    answered_at: datetime | None = None
    answer: str | None = None
    due_at: datetime | None = None


class Because(StrEnum):
    """Why a list that was to be complete was not the last one."""

    NEW_PAGE = "new_page"
    """What is wrong stands on pages that came in after it. The machine can prove it."""
    NOT_MENDED = "not_mended"
    """It stood on the last list already. The machine can prove it."""
    CHANGED_AFTER = "changed_after"
    """Something changed after it: somebody has to say what."""


BECAUSE_LABELS: Mapping[Because, str] = {
    Because.NEW_PAGE: "问题出在补正后新交的页面上",
    Because.NOT_MENDED: "上次已一次性告知，仍未补正",
    Because.CHANGED_AFTER: "情况在上次告知之后发生变化",
}


@dataclass(frozen=True)
class Listed:
    """One line of a correction notice. `cause`: of a second round and later ones, why it was not on the first list;
    CHANGED_AFTER is what nothing proves to be one of the others."""

    finding: Finding
    page: str | None = None
    cause: Because | None = None


@dataclass(frozen=True)
class Draft:
    """A correction notice as it would be sent now. `digest` names exactly this text: what is sent has the same."""

    round: int
    due: date
    lines: tuple[Listed, ...]
    paragraphs: tuple[str, ...]
    digest: str

    @property
    def unproven(self) -> tuple[Listed, ...]:
        """Lines that a second round has to explain."""
        return tuple(line for line in self.lines if line.cause is Because.CHANGED_AFTER)

    @property
    def because(self) -> Because | None:
        """What the round is counted under: the cause that weighs most, none for the first."""
        causes = {line.cause for line in self.lines}
        weighed = (Because.CHANGED_AFTER, Because.NOT_MENDED, Because.NEW_PAGE)
        return next((cause for cause in weighed if cause in causes), None)


@dataclass(frozen=True)
class Excuse:
    """Why a second notice is sent, in the words of whoever sends it."""

    because: Because | None = None
    explanation: str = ""
    shown: str | None = None
    """The digest of the notice that was looked at before it was sent."""


NO_EXCUSE = Excuse()
