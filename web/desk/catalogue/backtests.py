"""Trying a draft on past cases: asked for here, done by a worker, shown case by case with the pages it is about."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from cases.errors import Conflict, NotFound
from cases.findings import Finding
from cases.model import CaseFile
from cases.readings import finding_from_json
from storage.backtests import Backtest
from storage.session import Transaction
from web.auth import Desk, requires
from web.desk.catalogue.drafts import readable
from web.desk.catalogue.shapes import BacktestAsk, BacktestView, ChangedCase, LookedPage, PageBox, Turned
from web.desk.showing import shown
from web.doors import Doors, doors
from web.files import JPEG, page_copy
from web.permissions import Permission
from web.views import finding_view
from web.writing import asked, write

router = APIRouter(prefix="/desk/api/catalogue", tags=["desk"])
D = Annotated[Doors, Depends(doors)]
Reader = Annotated[Desk, Depends(requires(Permission.ITEM_READ))]
VERDICTS: Mapping[str, str] = {"passed": "通过", "returned": "退回补正", "review": "人工预审"}
SHOWN = 50
"""Of the changed cases, so many with their pages; all are counted."""
LOOKED = 6
"""Pages of one case."""


@router.post("/drafts/{draft}/backtests")
def ask_backtest(
    draft: str, ask: BacktestAsk, me: Annotated[Desk, Depends(requires(Permission.ITEM_EDIT))], d: D
) -> BacktestView:
    """Judges the newest cases of the item by the draft and by the version they were opened under; tests are left out."""

    def work(tx: Transaction) -> BacktestView:
        found = tx.item_drafts.draft(draft, me.scope.region)
        readable(found)
        if found.base is None:
            raise Conflict("新事项还没有办过的件，不能回测。")
        return backtest_view(tx, tx.backtests.ask(found, ask.most, me.actor), me)

    return write(d.database, asked(me, ask, "backtest", draft), BacktestView, work)


@router.get("/backtests/{backtest}")
def show_backtest(backtest: str, me: Reader, d: D) -> BacktestView:
    """How far it is, and when it is done which verdicts would change. What stands on papers is shown of cases in one's own
    scope, to those who may look at them."""
    with d.database.reading() as tx:
        return backtest_view(tx, found_backtest(tx, backtest, me), me)


def found_backtest(tx: Transaction, backtest: str, me: Desk) -> Backtest:
    found = tx.backtests.backtest(backtest)
    tx.item_drafts.draft(found.draft, me.scope.region)
    return found


@router.get(
    "/backtests/{backtest}/cases/{no}/pages/{page}/picture", response_class=Response, responses=JPEG
)  # fmt: skip
def show_picture(
    backtest: str,
    no: str,
    page: str,
    me: Annotated[Desk, Depends(requires(Permission.BACKTEST_LOOK))],
    d: D,
) -> Response:
    """The small copy of a page of a case whose verdict would change. The look is recorded on the case."""
    with d.database.transaction() as tx:
        found = found_backtest(tx, backtest, me)
        if no not in {change["number"] for change in tx.backtests.changes(found.id)}:
            raise NotFound("回测结果中没有这个办件。")
        copied = page_copy(tx, d.blobs, tx.case_file(no, readable_by=me.scope), page)
        tx.record(no, me.actor, "personal_data_shown", {"what": "picture", "page": page, "backtest": found.id})
        return shown(tx, me, no, copied)


def backtest_view(tx: Transaction, found: Backtest, me: Desk) -> BacktestView:
    changes = tx.backtests.changes(found.id)
    turned = Counter((change["before"], change["after"]) for change in changes)
    return BacktestView(
        id=found.id,
        draft=found.draft,
        revision=found.revision,
        state=found.state,
        most=found.most,
        total=found.total,
        done=found.done,
        changed=found.changed,
        asked_at=found.asked_at,
        ended_at=found.ended_at,
        turned=[
            Turned(before_label=VERDICTS[before], after_label=VERDICTS[after], cases=many)
            for (before, after), many in turned.most_common()
        ],
        cases=[_changed(tx, found, change, me) for change in changes[:SHOWN]],
    )


def _changed(tx: Transaction, found: Backtest, change: Mapping[str, Any], me: Desk) -> ChangedCase:
    no = change["number"]
    may_look = Permission.BACKTEST_LOOK in me.permissions and tx.case_exists(no, me.scope)
    gone, new = (tuple(map(finding_from_json, change[how])) if may_look else () for how in ("gone", "new"))
    return ChangedCase(
        case=no,
        before=change["before"],
        before_label=VERDICTS[change["before"]],
        after=change["after"],
        after_label=VERDICTS[change["after"]],
        may_look=may_look,
        gone=[finding_view(finding) for finding in gone],
        new=[finding_view(finding) for finding in new],
        pages=_pages(tx, found.id, tx.case_file(no), gone, new) if may_look else [],
    )


@dataclass(frozen=True)
class _Sheet:
    """A page by its number among those of its material, as findings count them."""

    id: str
    material: str
    number: int

    def is_meant(self, finding: Finding) -> bool:
        return finding.material == self.material and finding.page in (None, self.number)


def _pages(
    tx: Transaction, backtest: str, file: CaseFile, gone: Sequence[Finding], new: Sequence[Finding]
) -> list[LookedPage]:
    """Those that the findings are about; all of them, where they are about the case as a whole."""
    about = [finding for finding in (*gone, *new) if finding.material]
    read = tx.page_ids_read(file.case.number).items()
    sheets = [_Sheet(page, material, i) for material, pages in read for i, page in enumerate(pages, 1)]
    shown = [sheet for sheet in sheets if not about or any(map(sheet.is_meant, about))]
    names = {spec.key: spec.name for spec in file.item.materials}
    at = f"/desk/api/catalogue/backtests/{backtest}/cases/{file.case.number}/pages"
    return [_looked(tx, at, sheet, names, {"gone": gone, "new": new}) for sheet in shown[:LOOKED]]


def _looked(
    tx: Transaction, at: str, sheet: _Sheet, names: Mapping[str, str], findings: Mapping[str, Sequence[Finding]]
) -> LookedPage:
    reading = tx.reading(sheet.id)
    boxes = [
        PageBox(how=how, points=[(x, y) for x, y in finding.box])
        for how, found in findings.items()
        for finding in found
        if finding.box and sheet.is_meant(finding)
    ]
    return LookedPage(
        id=sheet.id,
        material=sheet.material,
        material_name=names.get(sheet.material, sheet.material),
        wide=reading.width if reading else 0,
        high=reading.height if reading else 0,
        boxes=boxes,
        picture=f"{at}/{sheet.id}/picture",
    )
