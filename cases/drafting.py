"""The life of a changed item, from the first edit to the day it is in force. Pure: the clock and the people are arguments.

A draft is plain data that may still contradict itself. Nobody's change is lost: whoever saves says which revision they
saw. It is proposed without errors only, approved by somebody who had no hand in it, and published from a day on; until
that day it can be withdrawn. What was published never changes.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from cases.errors import Conflict, Forbidden, InvalidRequest
from cases.lifecycle import Machine, advance
from cases.sentences import say

LATEST = timedelta(days=366)
"""A version that is to be in force later than a year from now is somebody's slip."""


class DraftState(StrEnum):
    EDITING = "editing"
    LINTED = "linted"
    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    ABANDONED = "abandoned"


class DraftEvent(StrEnum):
    SAVE = "save"
    LINT_CLEAN = "lint_clean"
    PROPOSE = "propose"
    TAKE_BACK = "take_back"
    APPROVE = "approve"
    REJECT = "reject"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    ABANDON = "abandon"


DRAFT: Machine[DraftState, DraftEvent] = Machine(
    name="item_draft",
    states=DraftState,
    events=DraftEvent,
    initial=DraftState.EDITING,
    table={
        DraftState.EDITING: {
            DraftEvent.SAVE: DraftState.EDITING,
            DraftEvent.LINT_CLEAN: DraftState.LINTED,
            DraftEvent.ABANDON: DraftState.ABANDONED,
        },
        DraftState.LINTED: {
            DraftEvent.SAVE: DraftState.EDITING,
            DraftEvent.PROPOSE: DraftState.PROPOSED,
            DraftEvent.ABANDON: DraftState.ABANDONED,
        },
        DraftState.PROPOSED: {
            DraftEvent.APPROVE: DraftState.APPROVED,
            DraftEvent.REJECT: DraftState.REJECTED,
            DraftEvent.TAKE_BACK: DraftState.LINTED,
        },
        DraftState.APPROVED: {
            DraftEvent.PUBLISH: DraftState.PUBLISHED,
            DraftEvent.TAKE_BACK: DraftState.LINTED,
        },
        DraftState.REJECTED: {
            DraftEvent.SAVE: DraftState.EDITING,
            DraftEvent.ABANDON: DraftState.ABANDONED,
        },
        DraftState.PUBLISHED: {DraftEvent.WITHDRAW: DraftState.WITHDRAWN},
    },
    labels={
        DraftState.EDITING: "编辑中",
        DraftState.LINTED: "校验通过",
        DraftState.PROPOSED: "待审批",
        DraftState.APPROVED: "已批准",
        DraftState.REJECTED: "已退回修改",
        DraftState.PUBLISHED: "已发布",
        DraftState.WITHDRAWN: "已撤回",
        DraftState.ABANDONED: "已放弃",
    },
)
OPEN = frozenset({DraftState.EDITING, DraftState.LINTED, DraftState.PROPOSED, DraftState.APPROVED, DraftState.REJECTED})
"""Still to come of it: an item has at most one such draft, so that no two changes pass each other by."""
EDITABLE = frozenset(state for state in DraftState if DraftEvent.SAVE in DRAFT.allowed(state))


@dataclass(frozen=True)
class Misfit:
    """What the linter says. `where`: path below the item (`materials[0].key`), empty for the whole of it."""

    where: str
    rule: str
    message: str
    warning: bool = False
    """Can be left so."""


@dataclass(frozen=True)
class Draft:
    """`revision` counts the contents, from 1. `linted`: the revision that `misfits` are about; 0: none yet."""

    id: str
    code: str
    base: int | None
    """The version it began from; None: an item that nobody had before."""
    region: str
    definition: Mapping[str, Any]
    made_by: str
    made_at: datetime
    changed_by: str
    changed_at: datetime
    state: DraftState = DraftState.EDITING
    revision: int = 1
    editors: tuple[str, ...] = ()
    linted: int = 0
    misfits: tuple[Misfit, ...] = field(default=())
    note: str = ""
    """What the change is for, in the words of whoever proposes it."""
    proposed_by: str | None = None
    proposed_at: datetime | None = None
    opinion: str = ""
    decided_by: str | None = None
    decided_at: datetime | None = None
    version: int | None = None
    """As published, in force from `valid_from` (the day in Beijing)."""
    valid_from: date | None = None

    @property
    def is_linted(self) -> bool:
        return self.linted == self.revision

    @property
    def errors(self) -> tuple[Misfit, ...]:
        return tuple(m for m in self.misfits if not m.warning)


def digest(definition: Mapping[str, Any]) -> str:
    """What was proposed, approved and published was one and the same, if this is."""
    plain = json.dumps(definition, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def save(draft: Draft, seen: int, definition: Mapping[str, Any], by: str, at: datetime) -> Draft:
    """`seen`: the revision that was changed. The same contents again change nothing. Raises `Conflict`,
    `TransitionRefused`."""
    _check_seen(draft, seen)
    whole = {**definition, "code": draft.code}
    if draft.base is not None:
        whole["region"] = draft.region
    if whole == draft.definition:
        return draft
    state = advance(DRAFT, draft.state, DraftEvent.SAVE)
    editors = tuple(dict.fromkeys((*draft.editors, by)))
    return replace(
        draft, definition=whole, state=state, revision=draft.revision + 1, editors=editors, changed_by=by, changed_at=at
    )


def _check_seen(draft: Draft, seen: int) -> None:
    if seen != draft.revision:
        raise Conflict("这份草稿已被他人修改，请刷新后在最新内容上修改。", revision=draft.revision, by=draft.changed_by)


def record_lint(draft: Draft, revision: int, misfits: tuple[Misfit, ...]) -> Draft:
    """What the linter said of an older revision says nothing any more."""
    if revision != draft.revision or draft.state not in EDITABLE:
        return draft
    linted = replace(draft, linted=revision, misfits=misfits)
    if linted.errors or draft.state is not DraftState.EDITING:
        return linted
    return replace(linted, state=advance(DRAFT, draft.state, DraftEvent.LINT_CLEAN))


def propose(draft: Draft, seen: int, note: str, by: str, at: datetime) -> Draft:
    """Raises `Conflict` for contents that changed meanwhile, `InvalidRequest` while the linter has not passed them."""
    _check_seen(draft, seen)
    if draft.state is DraftState.EDITING and draft.errors and draft.is_linted:
        raise InvalidRequest(say("还有{count}处错误，改正后才能提交审批。", count=len(draft.errors)))
    if draft.state is DraftState.EDITING and not draft.is_linted:
        raise InvalidRequest("正在校验，请稍候再提交审批。")
    if not note.strip():
        raise InvalidRequest("请说明这次修改的内容和依据。")
    state = advance(DRAFT, draft.state, DraftEvent.PROPOSE)
    return replace(draft, state=state, note=note.strip(), proposed_by=by, proposed_at=at, opinion="", decided_by=None)


def take_back(draft: Draft) -> Draft:
    """Before it was published: to work on it again."""
    state = advance(DRAFT, draft.state, DraftEvent.TAKE_BACK)
    return replace(draft, state=state, proposed_by=None, proposed_at=None, decided_by=None, decided_at=None, opinion="")


def approve(draft: Draft, seen: int, opinion: str, by: str, at: datetime) -> Draft:
    """Four eyes. Raises `Forbidden` for whoever changed or proposed it."""
    _check_seen(draft, seen)
    state = advance(DRAFT, draft.state, DraftEvent.APPROVE)
    _check_other_person(draft, by)
    return replace(draft, state=state, opinion=opinion.strip(), decided_by=by, decided_at=at)


def reject(draft: Draft, opinion: str, by: str, at: datetime) -> Draft:
    """Raises `InvalidRequest` without a reason."""
    state = advance(DRAFT, draft.state, DraftEvent.REJECT)
    _check_other_person(draft, by)
    if not opinion.strip():
        raise InvalidRequest("请写明退回修改的理由。")
    return replace(draft, state=state, opinion=opinion.strip(), decided_by=by, decided_at=at)


def _check_other_person(draft: Draft, by: str) -> None:
    if by in {*draft.editors, draft.proposed_by}:
        raise Forbidden("修改或提交过这份草稿的人不能审批，请由另一人审批。")


def may_decide(draft: Draft, by: str) -> bool:
    return draft.state is DraftState.PROPOSED and by not in {*draft.editors, draft.proposed_by}


def publish(draft: Draft, valid_from: date, today: date, version: int, scheduled: date | None) -> Draft:
    """`version`: the number it gets. `scheduled`: the day from which another version is to be in force later."""
    state = advance(DRAFT, draft.state, DraftEvent.PUBLISH)
    if not today <= valid_from <= today + LATEST:
        raise InvalidRequest("生效日期应在今天至一年之内。")
    if scheduled is not None and valid_from <= scheduled:
        raise Conflict(say("已有一个版本将于{day}生效，请先撤回它，或选择更晚的日期。", day=scheduled))
    return replace(draft, state=state, version=version, valid_from=valid_from)


def withdraw(draft: Draft, today: date) -> Draft:
    """Only before its day: from then on cases are opened under it."""
    state = advance(DRAFT, draft.state, DraftEvent.WITHDRAW)
    if draft.valid_from is None or draft.valid_from <= today:
        raise Conflict("该版本已经生效，不能撤回；请修改后发布新的版本。")
    return replace(draft, state=state)


def abandon(draft: Draft) -> Draft:
    return replace(draft, state=advance(DRAFT, draft.state, DraftEvent.ABANDON))
