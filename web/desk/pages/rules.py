"""The rules of supervision as a page: each is changed where it stands, with a reason, and every version is told below; and how
long complaints and the like may take.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse
from pydantic import Field, StringConstraints

from cases.errors import NotFound
from cases.lifecycle import CASE
from cases.supervision import KIND_LABELS, RULES, WaitKind
from web.asks import LARGEST, Ask, Line, Word
from web.auth import Desk, requires
from web.desk import follow_ups, rules
from web.desk.follow_ups import TermsAsk
from web.desk.pages.shell import PageRoute, go_to, page
from web.desk.rules import RuleAsk, RulesAsk, RungAsk, YellowAsk
from web.desk.supervision import ROLES
from web.doors import Doors, doors
from web.permissions import Permission

router = APIRouter(prefix="/desk", include_in_schema=False, route_class=PageRoute)
D = Annotated[Doors, Depends(doors)]
Reader = Annotated[Desk, Depends(requires(Permission.SUPERVISION_READ))]
Manager = Annotated[Desk, Depends(requires(Permission.SUPERVISION_MANAGE))]
TOLD = ("holder", "intake", "pre_auditor", "clerk", "supervisor", "administrator")
"""Who can be told, in the order in which they are offered."""
NAMES: Mapping[str, str] = {
    **{str(kind): label for kind, label in KIND_LABELS.items()},
    **{f"{WaitKind.STATE}.{state}": f"环节：{label}" for state, label in CASE.labels.items()},
}


@router.get("/board/rules", response_class=HTMLResponse)
def rules_page(
    me: Reader,
    d: D,
    cursor: Annotated[int | None, Query(ge=0, le=LARGEST)] = None,
    open: Annotated[str, Query(max_length=64)] = "",
) -> HTMLResponse:
    """When each turns yellow and who is told; and, for administrators, how long complaints and the like may take. `open`:
    the one that is being changed."""
    values: dict[str, Any] = {
        "seen": rules.show_rules(me, d),
        "history": rules.show_versions(me, d, cursor),
        "first": cursor is None,
        "terms": follow_ups.show_terms(me, d),
        "names": NAMES,
        "roles": ROLES,
        "told": TOLD,
        "open": open,
    }
    return page("board_rules.html", me, values)


class RuleForm(Ask):
    """`unit`: of what `before` counts. A rung without a role is none."""

    version: Annotated[int, Field(ge=0, le=LARGEST)]
    why: Line
    unit: Literal["hours", "working_days"] = "hours"
    before: Annotated[int, Field(ge=0, le=2000)] = 0
    share: Annotated[int, Field(gt=0, le=100)] = 100
    role: Annotated[list[Annotated[str, StringConstraints(max_length=16)]], Field(max_length=10)] = []  # noqa: RUF012 pydantic copies it
    after: Annotated[list[Annotated[int, Field(ge=0, le=60)]], Field(max_length=10)] = []  # noqa: RUF012
    usual: bool = False
    """Back to the usual."""

    def rule(self) -> RuleAsk:
        yellow = YellowAsk(**{self.unit: self.before}, share=self.share / 100)
        ladder = [RungAsk(after=n, role=role) for role, n in zip(self.role, self.after, strict=False) if role]
        return RuleAsk(yellow=yellow, ladder=ladder)


@router.post("/board/rules/{name}", response_model=None)
def put_rule(name: Word, form: Annotated[RuleForm, Form()], me: Manager, d: D) -> Response:
    """One rule; the others stay as they are."""
    if name not in RULES:
        raise NotFound("没有这种监察对象。", name=name)
    said = {known: RuleAsk.model_validate(rule) for known, rule in rules.show_rules(me, d).said.items()}
    said = {known: rule for known, rule in said.items() if known != name}
    if not form.usual:
        said[name] = form.rule()
    rules.put_rules(RulesAsk(rules=said, why=form.why, version=form.version), me, d)
    return go_to("/desk/board/rules")


@router.post("/board/terms", response_model=None)
def put_terms(form: Annotated[TermsAsk, Form()], me: Manager, d: D) -> Response:
    follow_ups.put_terms(form, me, d)
    return go_to("/desk/board/rules")
