"""A bundle 一件事 as both doors show it: whence a case follows, what follows from it, and how far each has come."""

from cases.lifecycle import CASE, CaseState
from storage.actors import Scope
from storage.bundles import ChildRow, children_of, parent_of
from storage.session import Transaction
from web import words
from web.labels import Labels
from web.shapes import Shape, Time

CHILDREN = Labels(
    "bundle_child", {"waiting": "马上自动开办", "opened": "已自动开办", "lacking": "等您补充", "failed": "没能自动开办"}
)


class ParentView(Shape):
    case: str
    item_name: str
    state: str
    state_label: str


class ChildView(Shape):
    """`how`: waiting | opened | lacking | failed. `case`: None where it has none, or where it is not the reader's to see.
    `done`: it has come to its end."""

    id: str
    item: str
    item_name: str
    how: str
    how_label: str
    case: str | None
    state: str | None
    state_label: str | None
    done: bool
    lacking: list[str]
    problem: str | None
    opened_at: Time | None


class BundleView(Shape):
    parent: ParentView | None
    children: list[ChildView]


def bundle_view(tx: Transaction, number: str, scope: Scope) -> BundleView:
    parent = parent_of(tx, number, scope)
    return BundleView(
        parent=ParentView(
            case=parent.number,
            item_name=words.said(parent.item_name),
            state=parent.state,
            state_label=words.CASES[parent.state],
        )
        if parent
        else None,
        children=[_child(row) for row in children_of(tx, number, scope)],
    )


def _child(row: ChildRow) -> ChildView:
    child, how = row.child, _how(row)
    done = row.state is not None and (CASE.is_final(row.state) or row.state is CaseState.DELIVERED)
    return ChildView(
        id=child.id,
        item=child.item,
        item_name=words.said(row.item_name),
        how=how,
        how_label=CHILDREN[how],
        case=child.number if row.readable else None,
        state=row.state,
        state_label=words.CASES[row.state] if row.state else None,
        done=done,
        lacking=[words.said(name) for name in child.lacking],
        problem=words.perhaps(child.problem),
        opened_at=child.opened_at,
    )


def _how(row: ChildRow) -> str:
    if row.child.problem:
        return "failed"
    if row.child.number is None:
        return "waiting"
    return "lacking" if row.child.lacking and row.state is CaseState.DRAFT else "opened"
