"""Drafts of items, kept: read with a lock before they are changed, changed by the rules of `cases.drafting`, and each step
on the item's own audit chain (`item:<code>`). A save asks for the linter in the same transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Select, select, update

from cases import drafting
from cases.deadlines import beijing_day
from cases.drafting import OPEN, Draft, DraftState, Misfit
from cases.effects import Enqueue, JobKind
from cases.errors import Conflict, NotFound
from cases.items import Item, item_from
from storage import audit, catalogue
from storage.actors import Actor, region_prefix
from storage.draft_tables import item_drafts
from storage.ids import new_id
from storage.jobs import add_job
from storage.plain import to_plain
from storage.unit import AnyRow, Unit

SAME = ("id", "code", "base", "region", "definition", "made_by", "made_at", "changed_by", "changed_at", "revision",
        "linted", "note", "proposed_by", "proposed_at", "opinion", "decided_by", "decided_at", "version", "valid_from")  # fmt: skip


class ItemDrafts:
    def __init__(self, tx: Unit) -> None:
        self._tx = tx

    # ── reading ──

    def draft(self, draft_id: str, region: str | None = None, *, for_change: bool = False) -> Draft:
        """Raises `NotFound`, also for another region's."""
        wanted = _in_region(select(item_drafts).where(item_drafts.c.id == draft_id), region)
        row = self._tx.one(wanted.with_for_update() if for_change else wanted)
        if row is None:
            raise NotFound("没有找到这份草稿。")
        return _draft(row)

    def open_of(self, code: str) -> Draft | None:
        """The one that is under way."""
        row = self._tx.one(select(item_drafts).where(item_drafts.c.code == code, item_drafts.c.state.in_(OPEN)))
        return None if row is None else _draft(row)

    def open_drafts(self, region: str | None, after: int, limit: int) -> tuple[list[tuple[int, Draft]], bool]:
        """Those under way, the newest first, with their places, and whether there are more. `after`: the place of the
        last one seen; 0: from the start."""
        wanted = _in_region(select(item_drafts).where(item_drafts.c.state.in_(OPEN)), region)
        wanted = wanted.where(item_drafts.c.seq < after) if after else wanted
        rows = self._tx.all(wanted.order_by(item_drafts.c.seq.desc()).limit(limit + 1))
        return [(row.seq, _draft(row)) for row in rows[:limit]], len(rows) > limit

    def open_of_all(self, codes: Sequence[str]) -> dict[str, Draft]:
        found = self._tx.all(select(item_drafts).where(item_drafts.c.code.in_(codes), item_drafts.c.state.in_(OPEN)))
        return {row.code: _draft(row) for row in found}

    def drafts_of(self, code: str, limit: int = 50) -> list[Draft]:
        """All that there were of an item, the newest first."""
        wanted = select(item_drafts).where(item_drafts.c.code == code).order_by(item_drafts.c.seq.desc())
        return [_draft(row) for row in self._tx.all(wanted.limit(limit))]

    # ── changing ──

    def begin(self, code: str, base: int | None, region: str, definition: Mapping[str, Any], actor: Actor) -> Draft:
        """Raises `Conflict`, naming the draft that is under way already."""
        now = self._tx.now()
        raw = {**to_plain(definition), "code": code, "version": (base or 0) + 1}
        made = Draft(new_id(), code, base, region, raw, actor.id, now, actor.id, now, editors=(actor.id,))
        known = self.open_of(code)
        if known is not None or not self._tx.insert_new(item_drafts, _values(made)):
            there = known or self.open_of(code)
            raise Conflict("该事项已有一份未完成的草稿。", draft=there.id if there else None)
        self._record(made, actor, "item_draft_begun", {"base": base})
        self._ask_linter(made)
        return made

    def save(self, draft: Draft, seen: int, definition: Mapping[str, Any], actor: Actor) -> Draft:
        saved = drafting.save(draft, seen, to_plain(definition), actor.id, self._tx.now())
        if saved is not draft:
            self._put(saved)
            self._ask_linter(saved)
        return saved

    def record_lint(self, draft_id: str, revision: int, misfits: tuple[Misfit, ...]) -> None:
        self._put(drafting.record_lint(self.draft(draft_id, for_change=True), revision, misfits))

    def propose(self, draft: Draft, seen: int, note: str, actor: Actor) -> Draft:
        made = self._put(drafting.propose(draft, seen, note, actor.id, self._tx.now()))
        return self._record(made, actor, "item_proposed", _contents(made) | {"editors": list(made.editors)})

    def take_back(self, draft: Draft, actor: Actor) -> Draft:
        return self._record(self._put(drafting.take_back(draft)), actor, "item_taken_back", {})

    def approve(self, draft: Draft, seen: int, opinion: str, actor: Actor) -> Draft:
        made = self._put(drafting.approve(draft, seen, opinion, actor.id, self._tx.now()))
        return self._record(made, actor, "item_approved", _contents(made))

    def reject(self, draft: Draft, opinion: str, actor: Actor) -> Draft:
        made = self._put(drafting.reject(draft, opinion, actor.id, self._tx.now()))
        return self._record(made, actor, "item_rejected", _contents(made))

    def abandon(self, draft: Draft, actor: Actor) -> Draft:
        return self._record(self._put(drafting.abandon(draft)), actor, "item_draft_abandoned", {})

    def publish(self, draft: Draft, valid_from: date, actor: Actor) -> Draft:
        """The next version, from that day on. Raises `Conflict` if another one is to come later."""
        today, coming = beijing_day(self._tx.now()), catalogue.coming(self._tx, draft.code)
        version = catalogue.next_version(self._tx, draft.code)
        made = drafting.publish(draft, valid_from, today, version, coming.valid_from if coming else None)
        raw = {**draft.definition, "version": version}
        catalogue.publish_item(
            self._tx, raw, item_from(raw), valid_from=valid_from, published_by=actor.id, draft=draft.id
        )
        self._put(made)
        detail = _contents(made) | {"version": version, "valid_from": valid_from, "approved_by": made.decided_by}
        return self._record(made, actor, "item_published", detail)

    def withdraw(self, draft: Draft, actor: Actor) -> Draft:
        """A version before its day."""
        made = self._put(drafting.withdraw(draft, beijing_day(self._tx.now())))
        assert made.version is not None, "it was published"
        catalogue.withdraw_item(self._tx, made.code, made.version)
        return self._record(made, actor, "item_withdrawn", {"version": made.version})

    def _put(self, draft: Draft) -> Draft:
        values = _values(draft)
        self._tx.execute(update(item_drafts).where(item_drafts.c.id == draft.id).values(**values))
        return draft

    def _ask_linter(self, draft: Draft) -> None:
        add_job(self._tx, Enqueue(JobKind.ITEM_LINT, draft.id, f"item.lint:{draft.id}"))

    def _record(self, draft: Draft, actor: Actor, action: str, detail: Mapping[str, Any]) -> Draft:
        audit.record(self._tx, f"item:{draft.code}", actor, action, {"draft": draft.id, **detail})
        return draft


def _contents(draft: Draft) -> dict[str, Any]:
    return {"revision": draft.revision, "sha256": drafting.digest(draft.definition)}


def _in_region(wanted: Select[Any], region: str | None) -> Select[Any]:
    if region is None:
        return wanted
    return wanted.where(item_drafts.c.region.startswith(region_prefix(region), autoescape=True))


def _values(draft: Draft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in SAME} | {
        "name": str(draft.definition.get("name", ""))[:200],
        "state": draft.state,
        "editors": list(draft.editors),
        "misfits": [asdict(misfit) for misfit in draft.misfits],
    }


def _draft(row: AnyRow) -> Draft:
    plain = {name: getattr(row, name) for name in SAME}
    misfits = tuple(Misfit(**each) for each in row.misfits)
    return Draft(**plain, state=DraftState(row.state), editors=tuple(row.editors), misfits=misfits)


def readable_item(draft: Draft) -> Item:
    """Raises `ItemInvalid`, as long as it is none."""
    return item_from(draft.definition)
