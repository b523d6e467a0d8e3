"""Duplicates 疑似重复: the same file, nearly the same picture, the same errand of the same person, somebody else's picture.

Two cases that share something are one question to the auditor, with all that they share as its evidence. Until it is
answered nothing is decided on the case. Who says "misuse" hands it to a supervisor, and it stays a question until the
supervisor has settled it. An answer counts for both cases, and for what was known when it was given.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from cases.errors import Conflict
from cases.lifecycle import CaseState
from cases.readings import Reading

MISUSE_DAYS = 3
"""Working days in which a supervisor says whether somebody else's papers were used: ours."""
NEAR_BITS = 3
"""Of 64: so near that one quarter of two hashes is the same, which is how neighbours are found; and half of what two
photographs of one printed form differ in at least."""
SAME_TEXT = 0.8
"""The share of lines that two pages have in common: the same form filled in by two people looks the same, and reads
otherwise."""
MOST_ASKED = 5
"""Questions about one case: of more that share something with it, the newest."""
RECENT = timedelta(days=90)
"""An errand that has ended is no repetition any more, except shortly afterwards."""
UNDER_WAY = frozenset(CaseState) - {
    CaseState.DRAFT,
    CaseState.DELIVERED,
    CaseState.WITHDRAWN,
    CaseState.NOT_ACCEPTED,
    CaseState.CORRECTION_EXPIRED,
    CaseState.ABORTED,
}


class Likeness(StrEnum):
    SAME_FILE = "same_file"
    NEAR = "near"


LIKENESS_LABELS: Mapping[Likeness, str] = {
    Likeness.SAME_FILE: "同一个文件",
    Likeness.NEAR: "几乎相同的画面",
}


class AnswerKind(StrEnum):
    DIFFERENT = "different"
    IN_ORDER = "in_order"
    MISUSE = "misuse"


ANSWER_LABELS: Mapping[AnswerKind, str] = {
    AnswerKind.DIFFERENT: "不是重复",
    AnswerKind.IN_ORDER: "确有重复，属正常情况",
    AnswerKind.MISUSE: "疑似冒用，提请主管核实",
}


class Outcome(StrEnum):
    """How a supervisor settles what was taken for misuse."""

    CLEARED = "cleared"
    CONFIRMED = "confirmed"


OUTCOME_LABELS: Mapping[Outcome, str] = {
    Outcome.CLEARED: "核实无冒用",
    Outcome.CONFIRMED: "核实为冒用",
}


class Unanswered(Conflict):
    code = "duplicates_unanswered"


@dataclass(frozen=True)
class Pair:
    """One page of this case beside one of another. `at`: when both were there."""

    page: str
    other_page: str
    likeness: Likeness
    distance: int
    at: datetime


@dataclass(frozen=True)
class Given:
    """What was answered about two cases."""

    answer: AnswerKind
    by: str
    at: datetime
    note: str | None = None
    outcome: Outcome | None = None
    settled_by: str | None = None
    settled_at: datetime | None = None
    settled_note: str | None = None


@dataclass(frozen=True)
class Other:
    """The other case, as far as the rules need it."""

    number: str
    item_code: str
    state: CaseState
    opened_at: datetime
    closed_at: datetime | None
    same_person: bool


@dataclass(frozen=True)
class Question:
    """Two cases that share something. `same_errand`: the same person's, for the same item, under way or just over."""

    id: str
    other: Other
    pairs: tuple[Pair, ...] = ()
    same_errand: bool = False
    given: Given | None = field(default=None)

    @property
    def someone_elses(self) -> bool:
        return bool(self.pairs) and not self.other.same_person

    @property
    def state(self) -> str:
        """open | escalated | answered"""
        if self.given is None or any(pair.at > self.given.at for pair in self.pairs):
            return "open"
        escalated = self.given.answer is AnswerKind.MISUSE and self.given.settled_at is None
        return "escalated" if escalated else "answered"


def require_answered(questions: Iterable[Question]) -> None:
    """Raises `Unanswered` while a question is open, or with a supervisor."""
    asked = list(questions)
    open_ = [q.id for q in asked if q.state == "open"]
    if open_:
        raise Unanswered("有疑似重复的材料或办件，请先答复后再作决定。", questions=open_)
    escalated = [q.id for q in asked if q.state == "escalated"]
    if escalated:
        raise Unanswered("疑似冒用已提请主管核实，核实前不能作决定。", questions=escalated)


def is_same_errand(item_code: str, other: Other, now: datetime) -> bool:
    if other.item_code != item_code or not other.same_person:
        return False
    ended = other.closed_at or other.opened_at
    return other.state in UNDER_WAY or (other.state is CaseState.DELIVERED and now - ended <= RECENT)


# ── pictures ────────────────────────────────────────────────────────────────────────────────────────────────────


def quarters(perceptual_hash: str) -> tuple[int, int, int, int] | None:
    """Of a hash of 64 bits; None for anything else, and for the hash of a page on which nothing is to be seen."""
    if len(perceptual_hash) != 16 or not 0 < int(perceptual_hash, 16) < 2**64 - 1:
        return None
    a, b, c, d = (int(perceptual_hash[i : i + 4], 16) for i in (0, 4, 8, 12))
    return a, b, c, d


def distance(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def reads_alike(one: Reading, other: Reading) -> bool:
    """Pages without any text say nothing about each other: their pictures decide."""
    mine, theirs = _lines(one), _lines(other)
    return len(mine & theirs) >= SAME_TEXT * len(mine | theirs)


def _lines(reading: Reading) -> frozenset[str]:
    return frozenset(line.text for line in reading.lines)


def first(questions: Sequence[Question]) -> tuple[Question, ...]:
    """As many as are asked: of other people's first, then the newest."""
    ordered = sorted(questions, key=lambda q: (q.someone_elses, q.other.opened_at), reverse=True)
    return tuple(ordered[:MOST_ASKED])
