"""What is kept of items and drafts, as the doors answer it; and which regions' items somebody sees."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from cases import drafting
from cases.deadlines import beijing_day
from cases.drafting import DRAFT, Draft, DraftEvent, DraftState
from cases.errors import NotFound
from storage.actors import region_prefix
from storage.catalogue import Version
from storage.claims import names_of
from storage.session import Transaction
from web.auth import Desk
from web.desk.catalogue.editing import at
from web.desk.catalogue.shapes import DraftHead, DraftView, MisfitView, VersionView
from web.desk.catalogue.yaml_text import lines_of, to_text
from web.permissions import Permission

LEAVING: dict[DraftEvent, Permission] = {
    DraftEvent.SAVE: Permission.ITEM_EDIT,
    DraftEvent.PROPOSE: Permission.ITEM_EDIT,
    DraftEvent.TAKE_BACK: Permission.ITEM_EDIT,
    DraftEvent.APPROVE: Permission.ITEM_APPROVE,
    DraftEvent.REJECT: Permission.ITEM_APPROVE,
    DraftEvent.PUBLISH: Permission.ITEM_EDIT,
    DraftEvent.WITHDRAW: Permission.ITEM_EDIT,
    DraftEvent.ABANDON: Permission.ITEM_EDIT,
}
"""What a person does to a draft, and who may."""


def sees(me: Desk, region: str) -> bool:
    mine = me.scope.region
    return mine is None or region.startswith(region_prefix(mine))


def check_sees(me: Desk, region: str) -> None:
    if not sees(me, region):
        raise NotFound("没有找到该事项。")


def called(tx: Transaction, who: str | None) -> str | None:
    """A member of staff, or a system by the name of its key; whoever is neither (the program) by id."""
    return None if who is None else names_of(tx, [who]).get(who, who)


def draft_head(tx: Transaction, draft: Draft) -> DraftHead:
    return DraftHead(
        id=draft.id,
        code=draft.code,
        name=str(draft.definition.get("name") or draft.code),
        region=draft.region,
        base=draft.base,
        state=draft.state,
        state_label=DRAFT.labels[draft.state],
        changed_at=draft.changed_at,
        changed_by=called(tx, draft.changed_by) or "",
    )


def draft_view(tx: Transaction, draft: Draft, me: Desk) -> DraftView:
    return DraftView(
        **draft_head(tx, draft).model_dump(),
        revision=draft.revision,
        linted=draft.is_linted,
        misfits=misfits_of(draft),
        definition=dict(draft.definition),
        made_by=called(tx, draft.made_by) or "",
        made_at=draft.made_at,
        editors=[called(tx, who) or who for who in draft.editors],
        note=draft.note,
        proposed_by=called(tx, draft.proposed_by),
        proposed_at=draft.proposed_at,
        opinion=draft.opinion,
        decided_by=called(tx, draft.decided_by),
        decided_at=draft.decided_at,
        version=draft.version,
        valid_from=draft.valid_from,
        in_force=in_force(tx, draft.code),
        actions=actions_for(draft, me, beijing_day(tx.now())),
    )


def misfits_of(draft: Draft) -> list[MisfitView]:
    """Errors first, in the order of their lines."""
    lines = lines_of(to_text(draft.definition)) if draft.misfits else {}
    told = [
        MisfitView(where=m.where, line=_line(lines, m.where), rule=m.rule, message=m.message, warning=m.warning)
        for m in draft.misfits
    ]
    return sorted(told, key=lambda m: (m.warning, m.line))


def _line(lines: dict[str, int] | object, where: str) -> int:
    assert isinstance(lines, dict), "as made above"
    while where and where not in lines:
        where = where[: max(where.rfind("."), where.rfind("["), 0)]
    return int(lines.get(where, 1))


def actions_for(draft: Draft, me: Desk, today: date) -> list[str]:
    return [
        str(event)
        for event in DRAFT.allowed(draft.state)
        if event in LEAVING and LEAVING[event] in me.permissions and _fits(draft, event, me, today)
    ]


def _fits(draft: Draft, event: DraftEvent, me: Desk, today: date) -> bool:
    if event in (DraftEvent.APPROVE, DraftEvent.REJECT):
        return drafting.may_decide(draft, me.actor.id)
    if event is DraftEvent.WITHDRAW:
        return draft.valid_from is not None and draft.valid_from > today
    return True


def in_force(tx: Transaction, code: str) -> int | None:
    """None: nothing yet, or not any more."""
    with suppress(NotFound):
        return tx.item(code).version
    return None


def version_views(tx: Transaction, versions: Sequence[Version]) -> list[VersionView]:
    now = in_force(tx, versions[0].code) if versions else None
    today = beijing_day(tx.now())
    return [_version_view(tx, version, now, today) for version in versions]


def _version_view(tx: Transaction, version: Version, now: int | None, today: date) -> VersionView:
    made = tx.item_drafts.draft(version.draft) if version.draft else None
    return VersionView(
        version=version.version,
        name=version.name,
        standing=standing(version, now, today),
        valid_from=version.valid_from,
        published_at=version.published_at,
        published_by=called(tx, version.published_by),
        proposed_by=called(tx, made.proposed_by) if made else None,
        approved_by=called(tx, made.decided_by) if made else None,
        note=made.note if made else "",
        draft=version.draft,
    )


def standing(version: Version, now: int | None, today: date) -> str:
    if version.withdrawn_at is not None:
        return "withdrawn"
    if version.version == now:
        return "in_force"
    return "coming" if version.valid_from > today else "past"


def region_of(definition: object) -> str:
    return str(at(definition, "region", ""))


EDITABLE: frozenset[DraftState] = drafting.EDITABLE
