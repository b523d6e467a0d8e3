"""Drafts of items over HTTP: begun, imported, edited as one goes, linted, shown as residents would see them, proposed,
approved by a second person, published from a day, withdrawn before it."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from cases.drafting import Draft, DraftState
from cases.errors import Conflict, InvalidRequest, NotFound
from cases.exchange import item_from_exchange
from cases.items import ItemInvalid, item_from
from storage.finding import RegionNames
from storage.session import Transaction
from web.asks import LARGEST, Write
from web.auth import Desk, requires
from web.desk.catalogue.editing import change_line, put
from web.desk.catalogue.items import attachment, diff_view, exchange_from_csv, exchange_from_json
from web.desk.catalogue.shapes import (
    BeginAsk,
    DecideAsk,
    DiffView,
    DraftsView,
    DraftView,
    EditAsk,
    ImportAsk,
    ProposeAsk,
    PublishAsk,
    YamlAsk,
)
from web.desk.catalogue.views import check_sees, draft_head, draft_view, in_force, sees
from web.desk.catalogue.yaml_text import from_text, to_text
from web.doors import Doors, doors
from web.language import Wanted
from web.permissions import Permission
from web.resident.items import Guide, ItemView
from web.writing import asked, write

router = APIRouter(prefix="/desk/api/catalogue", tags=["desk"])
D = Annotated[Doors, Depends(doors)]
Reader = Annotated[Desk, Depends(requires(Permission.ITEM_READ))]
Editor = Annotated[Desk, Depends(requires(Permission.ITEM_EDIT))]
Approver = Annotated[Desk, Depends(requires(Permission.ITEM_APPROVE))]
Plain = Mapping[str, Any]


@router.get("/drafts")
def list_drafts(
    me: Reader,
    d: D,
    cursor: Annotated[int, Query(ge=0, le=LARGEST)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> DraftsView:
    """Those under way in one's region, the newest first."""
    with d.database.reading() as tx:
        found, more = tx.item_drafts.open_drafts(me.scope.region, cursor, limit)
        return DraftsView(
            drafts=[draft_head(tx, draft) for _, draft in found], cursor=found[-1][0] if more and found else None
        )


@router.post("/drafts")
def begin(ask: BeginAsk, me: Editor, d: D) -> DraftView:
    """A draft of what is published. 409 names the one that is under way."""

    def work(tx: Transaction) -> DraftView:
        known = tx.item_versions(ask.code)
        if not known:
            raise NotFound("没有找到该事项。", item=ask.code)
        check_sees(me, known[0].region)
        version = ask.version or next((v.version for v in known if v.withdrawn_at is None), known[0].version)
        raw = tx.item_definition(ask.code, version)
        made = tx.item_drafts.begin(ask.code, known[0].version, known[0].region, raw, me.actor)
        return draft_view(tx, made, me)

    return write(d.database, asked(me, ask, "item draft"), DraftView, work)


@router.post("/drafts/import")
def import_draft(ask: ImportAsk, me: Editor, d: D) -> DraftView:
    """A draft of what a file says: YAML, or the fields of the national exchange as JSON or CSV."""

    def work(tx: Transaction) -> DraftView:
        raw = _imported(tx, ask)
        code, region = raw.get("code"), raw.get("region")
        if (
            not isinstance(code, str)
            or not 0 < len(code) <= 64
            or not isinstance(region, str)
            or not 0 < len(region) <= 12
        ):
            raise InvalidRequest("文件中应有实施编码（code）和地区（region），均为带引号的文字。")
        known = tx.item_versions(code)
        if not sees(me, known[0].region if known else region):
            raise InvalidRequest("该事项不属于您的地区。")
        base = known[0].version if known else None
        return draft_view(tx, tx.item_drafts.begin(code, base, known[0].region if known else region, raw, me.actor), me)

    return write(d.database, asked(me, ask, "item import"), DraftView, work)


def _imported(tx: Transaction, ask: ImportAsk) -> Plain:
    if ask.format == "yaml":
        return from_text(ask.text)
    given = exchange_from_json(ask.text) if ask.format == "exchange_json" else exchange_from_csv(ask.text)
    basic = given.get("basic")
    code = str(basic.get("task_code", "")) if isinstance(basic, Mapping) else ""
    known = tx.item_versions(code)
    region = known[0].region if known else str(basic.get("region_code", "")) if isinstance(basic, Mapping) else ""
    base = tx.item_definition(code, known[0].version) if known else None
    names = tx.region_names().get(region, RegionNames(region, region))
    return item_from_exchange(given, base, names.departments)


@router.get("/drafts/{draft}")
def show_draft(draft: str, me: Reader, d: D) -> DraftView:
    """The whole of it, with what the linter says and what may be done now."""
    with d.database.reading() as tx:
        return draft_view(tx, tx.item_drafts.draft(draft, me.scope.region), me)


@router.get("/drafts/{draft}/yaml", response_class=Response, responses={200: {"content": {"application/yaml": {}}}})
def export_draft(draft: str, me: Reader, d: D) -> Response:
    """As a file; comments of an imported one are not kept."""
    with d.database.reading() as tx:
        found = tx.item_drafts.draft(draft, me.scope.region)
    return attachment(to_text(found.definition), "application/yaml", f"{found.code}-draft.yaml")


@router.get("/drafts/{draft}/guide")
def show_guide(draft: str, me: Reader, d: D, language: Wanted) -> ItemView:
    """As `GET /api/v1/items/{code}` would answer if this were in force. Nothing can be applied for by it."""
    with d.database.reading() as tx:
        found = tx.item_drafts.draft(draft, me.scope.region)
        return Guide(tx, language).whole(readable(found))


def readable(draft: Draft) -> Any:
    """The item. Raises `InvalidRequest` while it is none."""
    try:
        return item_from(draft.definition)
    except ItemInvalid as wrong:
        raise InvalidRequest(f"草稿还不能预览：{wrong.message}") from None


@router.get("/drafts/{draft}/diff")
def show_draft_diff(draft: str, me: Reader, d: D) -> DiffView:
    """Against the version in force; for what was published, against the one before it."""
    with d.database.reading() as tx:
        found = tx.item_drafts.draft(draft, me.scope.region)
        return draft_diff(tx, found)


def draft_diff(tx: Transaction, found: Draft) -> DiffView:
    older = in_force(tx, found.code) if found.version is None else found.base
    old = tx.item_definition(found.code, older) if older else None
    return diff_view(found.code, (older, old), (found.version, found.definition))


@router.post("/drafts/{draft}/edit")
def edit(draft: str, ask: EditAsk, me: Editor, d: D) -> DraftView:
    """Some of its fields, then lines added, taken out or moved. 409 if somebody else saved since `revision`."""

    def changed(raw: Plain) -> Plain:
        for each in ask.fields:
            raw = put(raw, each.place, each.values)
        for line in ask.lines:
            raw = change_line(raw, line.list, line.change, line.index)
        return raw

    return _save(draft, ask, changed, me, d)


@router.post("/drafts/{draft}/yaml")
def replace_text(draft: str, ask: YamlAsk, me: Editor, d: D) -> DraftView:
    """The whole of it as YAML. Comments are not kept."""
    raw = from_text(ask.text)
    return _save(draft, ask, lambda _: raw, me, d)


def _save(draft: str, ask: EditAsk | YamlAsk, changed: Callable[[Plain], Plain], me: Desk, d: Doors) -> DraftView:
    revision = ask.revision

    def step(tx: Transaction, found: Draft) -> Draft:
        if revision != found.revision:
            raise Conflict(_faster(tx, found), revision=found.revision)
        return tx.item_drafts.save(found, revision, changed(found.definition), me.actor)

    return _step(draft, ask, me, d, step, "edit")


def _faster(tx: Transaction, found: Draft) -> str:
    who = draft_head(tx, found).changed_by
    return f"{who}刚刚修改了这份草稿，您的这一处修改没有保存。请刷新后再改。"


Step = Callable[[Transaction, Draft], Draft]


def _step(draft: str, ask: Write | None, me: Desk, d: Doors, step: Step, *what: Any) -> DraftView:
    def work(tx: Transaction) -> DraftView:
        found = tx.item_drafts.draft(draft, me.scope.region, for_change=True)
        return draft_view(tx, step(tx, found), me)

    return write(d.database, asked(me, ask, "item draft", draft, *what), DraftView, work)


@router.post("/drafts/{draft}/propose")
def propose(draft: str, ask: ProposeAsk, me: Editor, d: D) -> DraftView:
    """For approval, with what the change is for. The linter must have found no error in it."""
    return _step(
        draft, ask, me, d, lambda tx, found: tx.item_drafts.propose(found, ask.revision, ask.note, me.actor), "propose"
    )


@router.post("/drafts/{draft}/take-back")
def take_back(draft: str, me: Editor, d: D, ask: Write | None = None) -> DraftView:
    """Not yet published: to be worked on again."""
    return _step(draft, ask, me, d, lambda tx, found: tx.item_drafts.take_back(found, me.actor), "take back")


@router.post("/drafts/{draft}/decision")
def decide(draft: str, ask: DecideAsk, me: Approver, d: D) -> DraftView:
    """By somebody who neither changed nor proposed it."""

    def step(tx: Transaction, found: Draft) -> Draft:
        if ask.decision == "approve":
            return tx.item_drafts.approve(found, ask.revision, ask.opinion, me.actor)
        return tx.item_drafts.reject(found, ask.opinion, me.actor)

    return _step(draft, ask, me, d, step, "decide")


@router.post("/drafts/{draft}/publish")
def publish(draft: str, ask: PublishAsk, me: Editor, d: D) -> DraftView:
    """In force from that day (in Beijing), today or later. Cases that are open keep the version they have."""
    return _step(
        draft, ask, me, d, lambda tx, found: tx.item_drafts.publish(found, ask.valid_from, me.actor), "publish"
    )


@router.post("/drafts/{draft}/withdraw")
def withdraw(draft: str, me: Editor, d: D, ask: Write | None = None) -> DraftView:
    """A published version before its day."""
    return _step(draft, ask, me, d, lambda tx, found: tx.item_drafts.withdraw(found, me.actor), "withdraw")


@router.post("/drafts/{draft}/abandon")
def abandon(draft: str, me: Editor, d: D, ask: Write | None = None) -> DraftView:
    """Given up; it stays in the history."""
    return _step(draft, ask, me, d, lambda tx, found: tx.item_drafts.abandon(found, me.actor), "abandon")


CLOSED = frozenset({DraftState.PUBLISHED, DraftState.WITHDRAWN, DraftState.ABANDONED})
