"""A draft's pages: the form that saves as one goes, the YAML, what residents would see, where it differs, what it would have
judged, and the approval by a second person."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import HTMLResponse
from pydantic import Field, StringConstraints

from cases.errors import InvalidRequest, NotFound
from web.asks import Whole
from web.auth import Desk, requires
from web.desk.catalogue import backtests, drafts
from web.desk.catalogue.checks import CROSS_CHECKS, MATERIAL_CHECKS
from web.desk.catalogue.editing import LineChange, at
from web.desk.catalogue.fields import GROUPS
from web.desk.catalogue.shapes import (
    BacktestAsk,
    ChangeLine,
    DecideAsk,
    DraftView,
    EditAsk,
    ProposeAsk,
    PublishAsk,
    PutField,
    YamlAsk,
)
from web.desk.catalogue.yaml_text import inline, to_text
from web.desk.pages.catalogue import diff_values, today_value
from web.desk.pages.shell import PageRoute, environment, go_to, page
from web.doors import Doors, doors
from web.miniapp import BUILT
from web.permissions import Permission

router = APIRouter(prefix="/desk/catalogue/drafts", include_in_schema=False, route_class=PageRoute)
D = Annotated[Doors, Depends(doors)]
Reader = Annotated[Desk, Depends(requires(Permission.ITEM_READ))]
Editor = Annotated[Desk, Depends(requires(Permission.ITEM_EDIT))]
Approver = Annotated[Desk, Depends(requires(Permission.ITEM_APPROVE))]
Short = Annotated[str, StringConstraints(max_length=4000)]
KEYS = (
    ("", "编辑"),
    ("yaml", "YAML"),
    ("preview", "预览"),
    ("diff", "对照"),
    ("backtest", "回测"),
    ("decision", "审批与发布"),
)
"""The pages of a draft, each under a key."""
environment.globals["draft_tabs"] = KEYS


def _shown(name: str, seen: DraftView, me: Desk, tab: str, **values: Any) -> HTMLResponse:
    editing = "save" in seen.actions
    return page(name, me, {"seen": seen, "raw": seen.definition, "tab": tab, "editing": editing, **values})


# ── the form ──


@router.get("/{draft}", response_class=HTMLResponse)
def form_page(draft: str, me: Reader, d: D) -> HTMLResponse:
    seen = drafts.show_draft(draft, me, d)
    return _shown("catalogue_form.html", seen, me, "", focus="", saved=False, **_choices(seen, d))


class FieldForm(PutField):
    """`values` of the door is `value` on the page, as often as there are boxes."""

    revision: Whole
    values: Annotated[list[Short], Field(max_length=50, alias="value", default_factory=list)]


@router.post("/{draft}/field", response_class=HTMLResponse)
def put_field(draft: str, form: Annotated[FieldForm, Form()], me: Editor, d: D) -> HTMLResponse:
    """One control was changed: saved, and the linter asked."""
    ask = EditAsk(revision=form.revision, fields=[PutField(place=form.place, values=form.values)], lines=[])
    return _shown("catalogue_saved.html", drafts.edit(draft, ask, me, d), me, "")


class LineForm(ChangeLine):
    revision: Whole


@router.post("/{draft}/line", response_class=HTMLResponse)
def put_line(draft: str, form: Annotated[LineForm, Form()], me: Editor, d: D) -> HTMLResponse:
    """A line added, taken out or moved: the form is drawn anew, and the line in question has the focus."""
    line = ChangeLine(list=form.list, change=form.change, index=form.index)
    seen = drafts.edit(draft, EditAsk(revision=form.revision, fields=[], lines=[line]), me, d)
    focus = _focused(seen.definition, form.list, form.change, form.index)
    return _shown("catalogue_form_part.html", seen, me, "", focus=focus, saved=True, **_choices(seen, d))


def _focused(raw: Mapping[str, Any], place: str, change: LineChange, index: int) -> str:
    last = len(at(raw, place, ()) or ()) - 1
    moved = {LineChange.ADD: last, LineChange.UP: index - 1, LineChange.DOWN: index + 1, LineChange.REMOVE: index}
    return f"{place}[{max(0, min(moved[change], last))}]"


@router.get("/{draft}/lint", response_class=HTMLResponse)
def lint_part(draft: str, revision: Whole, me: Reader, d: D) -> HTMLResponse:
    """`revision`: the one that this page shows."""
    seen = drafts.show_draft(draft, me, d)
    return _shown("catalogue_lint.html", seen, me, "", revision=revision)


def _choices(seen: DraftView, d: Doors) -> dict[str, Any]:
    """What there is to choose from in that region."""
    with d.database.reading() as tx:
        named = tx.region_names().get(seen.region)
        others = [(i.code, f"{i.name}（{i.code}）") for i in tx.items("", seen.region) if i.code != seen.code]
    questions = [q for q in seen.definition.get("questions") or () if isinstance(q, Mapping) and q.get("key")]
    return {
        "groups": GROUPS,
        "departments": [*named.departments.items()] if named else [],
        "others": others,
        "questions": questions,
        "check_names": {"materials": MATERIAL_CHECKS, "cross_checks": CROSS_CHECKS},
    }


def check_parts(call: Any) -> tuple[str, str]:
    """A check's name and its parameters as YAML."""
    if isinstance(call, Mapping) and len(call) == 1:
        ((name, params),) = call.items()
        return str(name), inline(params)
    return (call, "") if isinstance(call, str) else ("", inline(call))


environment.filters["check_parts"] = check_parts


# ── the other pages ──


@router.get("/{draft}/yaml", response_class=HTMLResponse)
def yaml_page(draft: str, me: Reader, d: D) -> HTMLResponse:
    seen = drafts.show_draft(draft, me, d)
    return _shown("catalogue_yaml.html", seen, me, "yaml", text=to_text(seen.definition))


@router.post("/{draft}/yaml", response_class=HTMLResponse)
def put_yaml(draft: str, form: Annotated[YamlAsk, Form()], me: Editor, d: D) -> HTMLResponse:
    return _shown("catalogue_saved.html", drafts.replace_text(draft, form, me, d), me, "yaml")


@router.get("/{draft}/preview", response_class=HTMLResponse)
def preview_page(draft: str, me: Reader, d: D) -> HTMLResponse:
    """The residents' own app in a frame, with the draft in place of what is published."""
    seen = drafts.show_draft(draft, me, d)
    try:
        drafts.show_guide(draft, me, d, "zh")
    except InvalidRequest as wrong:
        return _shown("catalogue_preview.html", seen, me, "preview", trouble=wrong.message)
    built = (BUILT / "index.html").is_file()
    trouble = "" if built else "居民端应用没有构建（make miniapp），无法预览。"
    return _shown("catalogue_preview.html", seen, me, "preview", trouble=trouble)


@router.get("/{draft}/diff", response_class=HTMLResponse)
def diff_page(draft: str, me: Reader, d: D) -> HTMLResponse:
    seen, diff = drafts.show_draft(draft, me, d), drafts.show_draft_diff(draft, me, d)
    return _shown("catalogue_draft_diff.html", seen, me, "diff", **diff_values(diff))


@router.get("/{draft}/backtest", response_class=HTMLResponse)
def backtest_page(draft: str, me: Reader, d: D) -> HTMLResponse:
    seen = drafts.show_draft(draft, me, d)
    return _shown("catalogue_backtest.html", seen, me, "backtest", test=_latest(draft, me, d))


def _latest(draft: str, me: Desk, d: Doors) -> Any:
    with d.database.reading() as tx:
        found = tx.backtests.latest(draft)
        return backtests.backtest_view(tx, found, me) if found else None


@router.post("/{draft}/backtest", response_class=HTMLResponse)
def ask_backtest(draft: str, form: Annotated[BacktestAsk, Form()], me: Editor, d: D) -> HTMLResponse:
    test = backtests.ask_backtest(draft, form, me, d)
    return page("catalogue_backtest_part.html", me, {"test": test})


@router.get("/backtests/{backtest}", response_class=HTMLResponse)
def backtest_part(backtest: str, me: Reader, d: D) -> HTMLResponse:
    return page("catalogue_backtest_part.html", me, {"test": backtests.show_backtest(backtest, me, d)})


@router.get("/{draft}/decision", response_class=HTMLResponse)
def decision_page(draft: str, me: Reader, d: D) -> HTMLResponse:
    seen, diff = drafts.show_draft(draft, me, d), drafts.show_draft_diff(draft, me, d)
    values = {"diff": diff, "test": _latest(draft, me, d), "today": today_value()}
    return _shown("catalogue_decision.html", seen, me, "decision", **values)


def _again(draft: str) -> Response:
    return go_to(f"/desk/catalogue/drafts/{draft}/decision")


@router.post("/{draft}/propose", response_model=None)
def propose(draft: str, form: Annotated[ProposeAsk, Form()], me: Editor, d: D) -> Response:
    drafts.propose(draft, form, me, d)
    return _again(draft)


@router.post("/{draft}/decision", response_model=None)
def decide(draft: str, form: Annotated[DecideAsk, Form()], me: Approver, d: D) -> Response:
    drafts.decide(draft, form, me, d)
    return _again(draft)


@router.post("/{draft}/publish", response_model=None)
def publish(draft: str, form: Annotated[PublishAsk, Form()], me: Editor, d: D) -> Response:
    drafts.publish(draft, form, me, d)
    return _again(draft)


@router.post("/{draft}/leave/{how}", response_model=None)
def leave(draft: str, how: str, me: Editor, d: D) -> Response:
    """Taken back, withdrawn or given up."""
    ways = {"take_back": drafts.take_back, "withdraw": drafts.withdraw, "abandon": drafts.abandon}
    if how not in ways:
        raise NotFound("没有这个操作。")
    ways[how](draft, me, d)
    if how != "abandon":
        return _again(draft)
    return go_to("/desk/catalogue")
